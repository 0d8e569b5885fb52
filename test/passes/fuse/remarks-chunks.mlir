// Why kernels run for some rows at a time, and why not.
// RUN: dycc-opt %s --dycc-form-chunks=cache-bytes=4096 --remarks-filter=fuse --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s

dyn.symbol @N in [0, 4096]
dyn.symbol @B in [0, 2147483647]
dyn.symbol @e in [0, 2147483647] execution
dyn.symbol @k in [0, 2147483647] execution
!m = tensor<?x4xf32, #dyn.value<[N, 4]>>
!w = tensor<?x64xf32, #dyn.value<[N, 64]>>
!f = tensor<4x64xf32, #dyn.value<[4, 64]>>
!g = tensor<64x4xf32, #dyn.value<[64, 4]>>

// CHECK: "narrow"{{.*}}Passed{{.*}}is computed in chunks of fitting0 rows by 2 kernels and views
func.func @taken(%x: !m, %f: !f, %g: !g) -> !m {
  %a = dyn.group(%x, %f) : (!m, !f) -> !w {
  ^bb0(%i: !m, %j: !f):
    %r = onnx.MatMul %i, %j : (!m, !f) -> !w
    dyn.yield %r : !w
  } loc("wide")
  %b = dyn.group(%a, %g) : (!w, !g) -> !m {
  ^bb0(%i: !w, %j: !g):
    %r = onnx.MatMul %i, %j : (!w, !g) -> !m
    dyn.yield %r : !m
  } loc("narrow")
  return %b : !m
}

// CHECK: "alone"{{.*}}Missed{{.*}}is computed for all rows at once: no two kernels that follow each other go row by row
func.func @alone(%x: !m, %f: !f) -> !w {
  %a = dyn.group(%x, %f) : (!m, !f) -> !w {
  ^bb0(%i: !m, %j: !f):
    %r = onnx.MatMul %i, %j : (!m, !f) -> !w
    dyn.yield %r : !w
  } loc("alone")
  return %a : !w
}

// CHECK: "same"{{.*}}what goes in and out is as large as what is in between
func.func @same(%x: !m) -> !m {
  %a = dyn.group(%x) : (!m) -> !m {
  ^bb0(%i: !m):
    %r = onnx.Exp %i : (!m) -> !m
    dyn.yield %r : !m
  }
  %b = dyn.group(%a) : (!m) -> !m {
  ^bb0(%i: !m):
    %r = onnx.Exp %i : (!m) -> !m
    dyn.yield %r : !m
  } loc("same")
  return %b : !m
}

// CHECK: "heavy"{{.*}}32768 bytes of weights would be read for each chunk
!large = tensor<64x64xf32, #dyn.value<[64, 64]>>
func.func @heavy(%x: !w, %f: !large) -> !w {
  %a = dyn.group(%x, %f) : (!w, !large) -> !w {
  ^bb0(%i: !w, %j: !large):
    %r = onnx.MatMul %i, %j : (!w, !large) -> !w
    dyn.yield %r : !w
  }
  %b = dyn.group(%a, %f) : (!w, !large) -> !w {
  ^bb0(%i: !w, %j: !large):
    %r = onnx.MatMul %i, %j : (!w, !large) -> !w
    dyn.yield %r : !w
  } loc("heavy")
  return %b : !w
}

// CHECK: "unknown"{{.*}}a matrix of unknown size would be read for each chunk
!dynamic = tensor<4x?xf32, #dyn.value<[4, B]>>
!across = tensor<?x?xf32, #dyn.value<[N, B]>>
func.func @unknown(%x: !m, %f: !dynamic) -> !across {
  %a = dyn.group(%x) : (!m) -> !m {
  ^bb0(%i: !m):
    %r = onnx.Exp %i : (!m) -> !m
    dyn.yield %r : !m
  }
  %b = dyn.group(%a, %f) : (!m, !dynamic) -> !across {
  ^bb0(%i: !m, %j: !dynamic):
    %r = onnx.MatMul %i, %j : (!m, !dynamic) -> !across
    dyn.yield %r : !across
  } loc("unknown")
  return %b : !across
}

// CHECK: "viewed"{{.*}}one of the results is a view
!square = tensor<?x2x2xf32, #dyn.value<[N, 2, 2]>>
func.func @viewed(%x: !m, %f: !f, %g: !g) -> !square {
  %a = dyn.group(%x, %f) : (!m, !f) -> !w {
  ^bb0(%i: !m, %j: !f):
    %r = onnx.MatMul %i, %j : (!m, !f) -> !w
    dyn.yield %r : !w
  }
  %b = dyn.group(%a, %g) : (!w, !g) -> !m {
  ^bb0(%i: !w, %j: !g):
    %r = onnx.MatMul %i, %j : (!w, !g) -> !m
    dyn.yield %r : !m
  }
  %v = dyn.view %b : !m -> !square loc("viewed")
  return %v : !square
}

// CHECK: "batch"{{.*}}a batch of B is taken for one: declare its range
!images = tensor<?x4x1xf32, #dyn.value<[B, 4, 1]>>
!flat = tensor<?x4xf32, #dyn.value<[B, 4]>>
!many = tensor<?x64xf32, #dyn.value<[B, 64]>>
func.func @batch(%x: !images, %f: !f, %g: !g) -> !flat {
  %s = dyn.view %x : !images -> !flat
  %a = dyn.group(%s, %f) : (!flat, !f) -> !many {
  ^bb0(%i: !flat, %j: !f):
    %r = onnx.MatMul %i, %j : (!flat, !f) -> !many
    dyn.yield %r : !many
  }
  %b = dyn.group(%a, %g) : (!many, !g) -> !flat {
  ^bb0(%i: !many, %j: !g):
    %r = onnx.MatMul %i, %j : (!many, !g) -> !flat
    dyn.yield %r : !flat
  } loc("batch")
  return %b : !flat
}

// CHECK: "counted"{{.*}}nothing bounds the number of rows
!given = tensor<?x4xf32, #dyn.value<[e, 4]>>
!made = tensor<?x64xf32, #dyn.value<[e, 64]>>
func.func @counted(%x: !given, %f: !f, %g: !g) -> !given {
  %a = dyn.group(%x, %f) : (!given, !f) -> !made {
  ^bb0(%i: !given, %j: !f):
    %r = onnx.MatMul %i, %j : (!given, !f) -> !made
    dyn.yield %r : !made
  }
  %b = dyn.group(%a, %g) : (!made, !g) -> !given {
  ^bb0(%i: !made, %j: !g):
    %r = onnx.MatMul %i, %j : (!made, !g) -> !given
    dyn.yield %r : !given
  } loc("counted")
  return %b : !given
}

// CHECK: "run"{{.*}}execution decides what a row takes
!narrow = tensor<?x1x?xf32, #dyn.value<[N, 1, k]>>
!wide = tensor<?x8x?xf32, #dyn.value<[N, 8, k]>>
!there = tensor<8x1x1xf32, #dyn.value<[8, 1, 1]>>
!back = tensor<1x8x1xf32, #dyn.value<[1, 8, 1]>>
func.func @run(%x: !narrow, %f: !there, %g: !back) -> !narrow {
  %a = dyn.group(%x, %f) : (!narrow, !there) -> !wide {
  ^bb0(%i: !narrow, %w: !there):
    %c = onnx.Conv %i, %w : (!narrow, !there) -> !wide
    dyn.yield %c : !wide
  }
  %b = dyn.group(%a, %g) : (!wide, !back) -> !narrow {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w : (!wide, !back) -> !narrow
    dyn.yield %c : !narrow
  } loc("run")
  return %b : !narrow
}
