// RUN: dycc-opt %s --dycc-form-chunks=cache-bytes=65536 | FileCheck %s

// Symbols of what a chunk is: as many rows as fit, in chunks of equal size.
// CHECK: dyn.symbol @fitting0 in [1, 1820] is max(1, 65536 floordiv max(1, 36 * W))
// CHECK: dyn.symbol @chunk1 in [1, 4096] is max(1, N ceildiv max(1, N ceildiv fitting0))
// CHECK: dyn.symbol @trip2 in [0, 2147483647] execution
// CHECK: dyn.symbol @rows3 in [1, {{[0-9]+}}] execution bound chunk1
dyn.symbol @N in [0, 4096]
dyn.symbol @B in [0, 2147483647]
dyn.symbol @K in [0, 2147483647]
dyn.symbol @W in [1, 256]
!narrow = tensor<?x?xf32, #dyn.value<[N, W]>>
!wide = tensor<?x8x?xf32, #dyn.value<[N, 8, W]>>
!images = tensor<?x1x?xf32, #dyn.value<[N, 1, W]>>
!filter = tensor<8x1x3xf32, #dyn.value<[8, 1, 3]>>
!back = tensor<1x8x1xf32, #dyn.value<[1, 8, 1]>>

// CHECK-LABEL: func.func @two_convolutions
// CHECK: %[[Y:.+]] = dyn.loop() trips [N ceildiv chunk1] {dyn.first_row = #dyn.expr<chunk1 * trip2>}
// CHECK: ^bb0(%[[T:.+]]: tensor<i64, {{.*}}>, %[[C:.+]]: tensor<i1
// CHECK: dyn.read %[[T]][0] as @trip2
// CHECK: dyn.define [min(chunk1, N - chunk1 * trip2)] as @rows3
// CHECK: %[[P:.+]] = dyn.part %arg0 from W * chunk1 * trip2 : {{.*}} -> tensor<?x1x?xf32, #dyn.value<[rows3, 1, W]>>
// CHECK: %[[A:.+]] = dyn.group(%[[P]], %arg1) : {{.*}} -> tensor<?x8x?xf32, #dyn.value<[rows3, 8, W]>>
// CHECK: %[[B:.+]] = dyn.group(%[[A]], %arg2)
// CHECK: dyn.yield %[[C]], %[[B]]
// CHECK: return %[[Y]]
func.func @two_convolutions(%x: !images, %f: !filter, %g: !back) -> !images {
  %a = dyn.group(%x, %f) : (!images, !filter) -> !wide {
  ^bb0(%i: !images, %w: !filter):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1>} : (!images, !filter) -> !wide
    %r = onnx.Relu %c : (!wide) -> !wide
    dyn.yield %r : !wide
  }
  %b = dyn.group(%a, %g) : (!wide, !back) -> !images {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w : (!wide, !back) -> !images
    dyn.yield %c : !images
  }
  return %b : !images
}

!one = tensor<1xi64, #dyn.value<[1]>>
!two = tensor<2xi64, #dyn.value<[2]>>

// Of each row a part: all rows stay, in their order.
// CHECK-LABEL: func.func @part_of_each_row
// CHECK: dyn.loop
// CHECK: onnx.Slice
// CHECK: return
func.func @part_of_each_row(%x: !images, %f: !filter) -> !images {
  %a = dyn.group(%x, %f) : (!images, !filter) -> !wide {
  ^bb0(%i: !images, %w: !filter):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1>} : (!images, !filter) -> !wide
    dyn.yield %c : !wide
  }
  %b = dyn.group(%a) : (!wide) -> !images {
  ^bb0(%i: !wide):
    %start = onnx.Constant dense<0> : !one
    %end = onnx.Constant dense<1> : !one
    %axis = onnx.Constant dense<1> : !one
    %r = onnx.Slice %i, %start, %end, %axis {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0>}
        : (!wide, !one, !one, !one) -> !images
    dyn.yield %r : !images
  }
  return %b : !images
}

// The same from the last row to the first one.
// CHECK-LABEL: func.func @rows_from_the_last
// CHECK-NOT: dyn.loop
// CHECK: return
func.func @rows_from_the_last(%x: !images, %f: !filter) -> !images {
  %a = dyn.group(%x, %f) : (!images, !filter) -> !wide {
  ^bb0(%i: !images, %w: !filter):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1>} : (!images, !filter) -> !wide
    dyn.yield %c : !wide
  }
  %b = dyn.group(%a) : (!wide) -> !images {
  ^bb0(%i: !wide):
    %start = onnx.Constant dense<[-1, 0]> : !two
    %end = onnx.Constant dense<[-9223372036854775807, 1]> : !two
    %axis = onnx.Constant dense<[0, 1]> : !two
    %step = onnx.Constant dense<[-1, 1]> : !two
    %r = onnx.Slice %i, %start, %end, %axis, %step {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>}
        : (!wide, !two, !two, !two, !two) -> !images
    dyn.yield %r : !images
  }
  return %b : !images
}

// Rows are mixed: the second kernel reads all of the first one's.
// CHECK-LABEL: func.func @sum_over_rows
// CHECK-NOT: dyn.loop
// CHECK: return
!sums = tensor<1x?xf32, #dyn.value<[1, W]>>
func.func @sum_over_rows(%x: !narrow) -> !sums {
  %axes = onnx.Constant dense<0> : tensor<1xi64>
  %a = dyn.group(%x) : (!narrow) -> !narrow {
  ^bb0(%i: !narrow):
    %r = onnx.Relu %i : (!narrow) -> !narrow
    dyn.yield %r : !narrow
  }
  %b = dyn.group(%a) : (!narrow) -> !sums {
  ^bb0(%i: !narrow):
    %axis = onnx.Constant dense<0> : tensor<1xi64, #dyn.value<[1]>>
    %s = onnx.ReduceSum %i, %axis : (!narrow, tensor<1xi64, #dyn.value<[1]>>) -> !sums
    dyn.yield %s : !sums
  }
  return %b : !sums
}

// What goes in and out is as large as what is in between.
// CHECK-LABEL: func.func @nothing_to_gain
// CHECK-NOT: dyn.loop
// CHECK: return
func.func @nothing_to_gain(%x: !narrow) -> !narrow {
  %a = dyn.group(%x) : (!narrow) -> !narrow {
  ^bb0(%i: !narrow):
    %r = onnx.Relu %i : (!narrow) -> !narrow
    dyn.yield %r : !narrow
  }
  %b = dyn.group(%a) : (!narrow) -> !narrow {
  ^bb0(%i: !narrow):
    %r = onnx.Softmax %i : (!narrow) -> !narrow
    dyn.yield %r : !narrow
  }
  return %b : !narrow
}

// Nobody says how large a batch is: it is taken for one.
// CHECK-LABEL: func.func @undeclared_batch
// CHECK-NOT: dyn.loop
// CHECK: return
!batch = tensor<?x1x?xf32, #dyn.value<[B, 1, W]>>
!batch_wide = tensor<?x8x?xf32, #dyn.value<[B, 8, W]>>
func.func @undeclared_batch(%x: !batch, %f: !filter, %g: !back) -> !batch {
  %a = dyn.group(%x, %f) : (!batch, !filter) -> !batch_wide {
  ^bb0(%i: !batch, %w: !filter):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1>} : (!batch, !filter) -> !batch_wide
    dyn.yield %c : !batch_wide
  }
  %b = dyn.group(%a, %g) : (!batch_wide, !back) -> !batch {
  ^bb0(%i: !batch_wide, %w: !back):
    %c = onnx.Conv %i, %w : (!batch_wide, !back) -> !batch
    dyn.yield %c : !batch
  }
  return %b : !batch
}

// Rows that indices name, of an image that is there as a whole; softmax along rows.
// CHECK-LABEL: func.func @gathered_rows
// CHECK: dyn.loop
// CHECK: %[[I:.+]] = dyn.part %arg1 from chunk{{[0-9]+}} * trip{{[0-9]+}}
// CHECK: dyn.group(%arg0, %[[I]])
!table = tensor<100x?xf32, #dyn.value<[100, W]>>
!names = tensor<?xi64, #dyn.value<[K]>>
!rows = tensor<?x?xf32, #dyn.value<[K, W]>>
!sum = tensor<?x1xf32, #dyn.value<[K, 1]>>
func.func @gathered_rows(%t: !table, %n: !names) -> !sum {
  %a = dyn.group(%t, %n) : (!table, !names) -> !rows {
  ^bb0(%d: !table, %i: !names):
    %r = onnx.Gather %d, %i {axis = 0 : i64} : (!table, !names) -> !rows
    dyn.yield %r : !rows
  }
  %b = dyn.group(%a) : (!rows) -> !rows {
  ^bb0(%i: !rows):
    %r = onnx.Softmax %i {axis = 1 : i64} : (!rows) -> !rows
    dyn.yield %r : !rows
  }
  %a2 = dyn.group(%b) : (!rows) -> !rows {
  ^bb0(%i: !rows):
    %r = onnx.Exp %i : (!rows) -> !rows
    dyn.yield %r : !rows
  }
  %c = dyn.group(%a2, %b) : (!rows, !rows) -> !sum {
  ^bb0(%i: !rows, %j: !rows):
    %axis = onnx.Constant dense<1> : tensor<1xi64, #dyn.value<[1]>>
    %m = onnx.Mul %i, %j : (!rows, !rows) -> !rows
    %s = onnx.ReduceSum %m, %axis {keepdims = 1 : i64} : (!rows, tensor<1xi64, #dyn.value<[1]>>) -> !sum
    dyn.yield %s : !sum
  }
  return %c : !sum
}
