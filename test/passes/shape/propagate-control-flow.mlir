// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @equal_branches_join
func.func @equal_branches_join(%x: tensor<?xf32> {dyn.dims = ["N"]}, %c: tensor<i1>) -> tensor<*xf32> {
  // CHECK: onnx.If {{.+}} -> tensor<?xf32, #dyn.value<[N]>> then
  %y = onnx.If %c : (tensor<i1>) -> tensor<*xf32> then {
    %a = onnx.Abs %x : (tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    %b = onnx.Relu %x : (tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %b : tensor<*xf32>
  }
  return %y : tensor<*xf32>
}

// -----

// CHECK: dyn.symbol @e0 in [0, 2147483647] execution bound 2 * N
// CHECK-LABEL: func.func @unknown_predicate_gives_a_bounded_symbol
func.func @unknown_predicate_gives_a_bounded_symbol(%x: tensor<?xf32> {dyn.dims = ["N"]}, %c: tensor<i1>) -> tensor<*xf32> {
  // CHECK: onnx.If {{.+}} -> tensor<?xf32, #dyn.value<[e0]>> then
  // CHECK: onnx.Concat {{.+}} -> tensor<?xf32, #dyn.value<[2 * N]>>
  %y = onnx.If %c : (tensor<i1>) -> tensor<*xf32> then {
    %a = onnx.Concat %x, %x {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    %b = onnx.Relu %x : (tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %b : tensor<*xf32>
  }
  // CHECK: onnx.Relu {{.+}} -> tensor<?xf32, #dyn.value<[e0]>>
  %z = onnx.Relu %y : (tensor<*xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @symbolic_predicate_gives_a_choice
func.func @symbolic_predicate_gives_a_choice(%x: tensor<?xf32> {dyn.dims = ["N"]}) -> tensor<*xf32> {
  %four = onnx.Constant dense<4> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?xf32>) -> tensor<*xi64>
  %c = onnx.Less %s, %four : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  // CHECK: onnx.If {{.+}} -> tensor<?xf32, #dyn.value<[ite(le(N, 3), 2 * N, N)]>> then
  %y = onnx.If %c : (tensor<*xi1>) -> tensor<*xf32> then {
    %a = onnx.Concat %x, %x {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    onnx.Yield %x : tensor<?xf32>
  }
  return %y : tensor<*xf32>
}

// -----

// A count that only the branch knows does not leave it.
// CHECK: dyn.symbol @e0 in [0, 2147483647] execution bound N
// CHECK: dyn.symbol @e1 in [0, 2147483647] execution bound max(1, N)
// CHECK-LABEL: func.func @a_count_in_a_branch
func.func @a_count_in_a_branch(%x: tensor<?xf32> {dyn.dims = ["N"]}, %c: tensor<i1>) -> tensor<*xi64> {
  %one = onnx.Constant dense<1> : tensor<1x1xi64>
  // CHECK: onnx.If {{.+}} -> tensor<1x?xi64, #dyn.value<[1, e1]>> then
  // CHECK: onnx.NonZero {{.+}} -> tensor<1x?xi64, #dyn.value<[1, e0]>>
  %y = onnx.If %c : (tensor<i1>) -> tensor<*xi64> then {
    %a = onnx.NonZero %x : (tensor<?xf32>) -> tensor<*xi64>
    onnx.Yield %a : tensor<*xi64>
  } else {
    onnx.Yield %one : tensor<1x1xi64>
  }
  return %y : tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @a_loop_that_keeps_its_shapes
func.func @a_loop_that_keeps_its_shapes(%x: tensor<?xf32> {dyn.dims = ["N"]}) -> (tensor<*xf32>, tensor<*xf32>) {
  %m = onnx.Constant dense<5> : tensor<i64>
  %true = onnx.Constant dense<true> : tensor<i1>
  // CHECK: onnx.Loop {{.+}} -> (tensor<?xf32, #dyn.value<[N]>>, tensor<5x?xf32, #dyn.value<[5, N]>>)
  // CHECK-NEXT: ^bb0(%{{.+}}: tensor<i64, #dyn.value<[]>>, %{{.+}}: tensor<i1, #dyn.value<[]>>, %{{.+}}: tensor<?xf32, #dyn.value<[N]>>)
  %r:2 = onnx.Loop %m, %true, %x {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<i64>, tensor<i1>, tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<*xf32>):
    %t = onnx.Relu %s : (tensor<*xf32>) -> tensor<*xf32>
    onnx.Yield %c, %t, %t : tensor<i1>, tensor<*xf32>, tensor<*xf32>
  }
  return %r#0, %r#1 : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK: dyn.symbol @e0 in [0, 2147483647] execution
// CHECK-LABEL: func.func @a_carried_extent_that_grows
func.func @a_carried_extent_that_grows(%x: tensor<?x4xf32> {dyn.dims = ["N", 4]}, %row: tensor<1x4xf32>,
    %trips: tensor<?xf32> {dyn.dims = ["T"]}) -> (tensor<*xf32>, tensor<*xf32>) {
  %s = onnx.Size %trips : (tensor<?xf32>) -> tensor<*xi64>
  // CHECK: onnx.Loop {{.+}} -> (tensor<?x4xf32, #dyn.value<[N + T, 4]>>, tensor<?x4xf32, #dyn.value<[T, 4]>>)
  // CHECK-NEXT: ^bb0({{.+}}: tensor<?x4xf32, #dyn.value<[e0, 4]>>)
  %r:2 = onnx.Loop %s, %x {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<*xi64>, tensor<?x4xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %carried: tensor<*xf32>):
    // CHECK: onnx.Concat {{.+}} -> tensor<?x4xf32, #dyn.value<[e0 + 1, 4]>>
    %t = onnx.Concat %carried, %row {axis = 0 : i64} : (tensor<*xf32>, tensor<1x4xf32>) -> tensor<*xf32>
    %axis = onnx.Constant dense<0> : tensor<1xi64>
    %v = onnx.Squeeze %row, %axis : (tensor<1x4xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %c, %t, %v : tensor<i1>, tensor<*xf32>, tensor<*xf32>
  }
  return %r#0, %r#1 : tensor<*xf32>, tensor<*xf32>
}

// -----

// A condition that the data decides bounds the trips only.
// CHECK: dyn.symbol @e0 in [0, 7] execution bound 7
// CHECK-LABEL: func.func @an_early_exit
func.func @an_early_exit(%x: tensor<?xf32> {dyn.dims = ["N"]}, %stop: tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>) {
  %m = onnx.Constant dense<7> : tensor<i64>
  %true = onnx.Constant dense<true> : tensor<i1>
  // CHECK: onnx.Loop {{.+}} -> (tensor<?xf32, #dyn.value<[N]>>, tensor<?x?xf32, #dyn.value<[e0, N]>>)
  %r:2 = onnx.Loop %m, %true, %x {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<i64>, tensor<i1>, tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<*xf32>):
    %next = onnx.Not %stop : (tensor<i1>) -> tensor<*xi1>
    onnx.Yield %next, %s, %s : tensor<*xi1>, tensor<*xf32>, tensor<*xf32>
  }
  return %r#0, %r#1 : tensor<*xf32>, tensor<*xf32>
}

// -----

// A carried number differs from trip to trip: it is read where it steers.
// CHECK-LABEL: func.func @a_carried_number_is_no_constant
func.func @a_carried_number_is_no_constant(%x: tensor<16xf32>) -> tensor<*xi64> {
  %m = onnx.Constant dense<3> : tensor<i64>
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  // CHECK: onnx.Loop
  // CHECK: ^bb0(%{{.+}}: {{.+}}, %{{.+}}: {{.+}}, %[[K:.+]]: tensor<1xi64, #dyn.value<[1]>>)
  // CHECK-NEXT: dyn.read %[[K]][0] as @[[E:e[0-9]+]]
  %r = onnx.Loop %m, %one {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<i64>, tensor<1xi64>) -> tensor<*xi64> {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %k: tensor<1xi64>):
    // CHECK: onnx.Slice {{.+}} -> tensor<?xf32, #dyn.value<[{{.*}}[[E]]{{.*}}]>>
    %t = onnx.Slice %x, %zero, %k {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<16xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
    %next = onnx.Add %k, %one : (tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
    onnx.Yield %c, %next : tensor<i1>, tensor<*xi64>
  }
  return %r : tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @a_scan_keeps_the_length
func.func @a_scan_keeps_the_length(%state: tensor<4xf32>, %x: tensor<?x4xf32> {dyn.dims = ["T", 4]}) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: onnx.Scan {{.+}} -> (tensor<4xf32, #dyn.value<[4]>>, tensor<4x?xf32, #dyn.value<[4, T]>>)
  %r:2 = onnx.Scan %state, %x {num_scan_inputs = 1 : i64, scan_output_axes = array<i64: 1>} : (tensor<4xf32>, tensor<?x4xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  ^bb0(%s: tensor<*xf32>, %row: tensor<*xf32>):
    %t = onnx.Add %s, %row : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    onnx.Yield %t, %t : tensor<*xf32>, tensor<*xf32>
  }
  return %r#0, %r#1 : tensor<*xf32>, tensor<*xf32>
}

// -----

// A count that only execution knows is read: the loop ends at it.
// CHECK: dyn.symbol @e0 in [-2147483648, 2147483647] execution
// CHECK-LABEL: func.func @a_count_that_is_an_input
func.func @a_count_that_is_an_input(%x: tensor<?xf32> {dyn.dims = ["N"]}, %m: tensor<i64>) -> (tensor<*xf32>, tensor<*xf32>) {
  %true = onnx.Constant dense<true> : tensor<i1>
  // CHECK: dyn.read %{{.+}}[0] as @e0
  // CHECK: onnx.Loop {{.+}} -> (tensor<?xf32, #dyn.value<[N]>>, tensor<?x?xf32, #dyn.value<[max(0, e0), N]>>)
  %r:2 = onnx.Loop %m, %true, %x {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<i64>, tensor<i1>, tensor<?xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<*xf32>):
    onnx.Yield %c, %s, %s : tensor<i1>, tensor<*xf32>, tensor<*xf32>
  }
  return %r#0, %r#1 : tensor<*xf32>, tensor<*xf32>
}
