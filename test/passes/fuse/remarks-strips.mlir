// Why images go strip by strip, and why not.
// RUN: dycc-opt %s --dycc-form-strips=cache-bytes=4096 --remarks-filter=fuse --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s

dyn.symbol @H in [0, 4096]
dyn.symbol @W in [1, 256]
dyn.symbol @e in [0, 4096] execution
dyn.symbol @v in [0, 4096] execution
!in = tensor<1x2x?x?xf32, #dyn.value<[1, 2, H, W]>>
!mid = tensor<1x16x?x?xf32, #dyn.value<[1, 16, H, W]>>
!wide = tensor<1x16x?x?xf32, #dyn.value<[1, 16, H, W], channels_last<16>>>
!few = tensor<1x2x?x?xf32, #dyn.value<[1, 2, e, W]>>
!some = tensor<1x16x?x?xf32, #dyn.value<[1, 16, e, W]>>
!there = tensor<1x16x?x?xf32, #dyn.value<[1, 16, e, W], channels_last<16>>>
!cut = tensor<1x2x?x?xf32, #dyn.value<[1, 2, H, v]>>
!between = tensor<1x16x?x?xf32, #dyn.value<[1, 16, H, v]>>
!last = tensor<1x16x?x?xf32, #dyn.value<[1, 16, H, v], channels_last<16>>>
!huge = tensor<1x512x?x?xf32, #dyn.value<[1, 512, H, W]>>
!most = tensor<1x512x?x?xf32, #dyn.value<[1, 512, H, W], channels_last<16>>>
!head = tensor<16x2x3x3xf32, #dyn.value<[16, 2, 3, 3]>>
!body = tensor<16x16x3x3xf32, #dyn.value<[16, 16, 3, 3]>>
!back = tensor<2x16x3x3xf32, #dyn.value<[2, 16, 3, 3]>>
!up = tensor<512x2x3x3xf32, #dyn.value<[512, 2, 3, 3]>>
!down = tensor<2x512x3x3xf32, #dyn.value<[2, 512, 3, 3]>>

// CHECK: "taken"{{.*}}Passed{{.*}}is computed in strips of strip0 rows by 2 kernels
func.func @taken(%x: !in, %f: !head, %g: !back) -> !in {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!wide, !back) -> !in {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
    dyn.yield %c : !in
  } loc("taken")
  return %b : !in
}

// CHECK: "pixels"{{.*}}Missed{{.*}}is computed for all rows of an image at once: no two convolutions that follow each other go strip by strip
func.func @pixels(%x: !in, %f: !head) -> !in {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a) : (!wide) -> !wide {
  ^bb0(%i: !wide):
    %c = onnx.Relu %i : (!wide) -> !mid
    dyn.yield %c : !mid
  } loc("pixels")
  return %x : !in
}

// CHECK: "large"{{.*}}what goes out is as large as what is in between
func.func @large(%x: !in, %f: !head, %g: !body) -> !wide {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!wide, !body) -> !wide {
  ^bb0(%i: !wide, %w: !body):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !body) -> !mid
    dyn.yield %c : !mid
  } loc("large")
  return %b : !wide
}

// CHECK: "rows"{{.*}}rows of [1, 16, H, W] do not follow each other in memory
func.func @rows(%x: !in, %f: !head, %g: !back) -> !in {
  %a = dyn.group(%x, %f) : (!in, !head) -> !mid {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!mid, !back) -> !in {
  ^bb0(%i: !mid, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!mid, !back) -> !in
    dyn.yield %c : !in
  } loc("rows")
  return %b : !in
}

// CHECK: "weights"{{.*}}73728 bytes of weights would be read for each strip
func.func @weights(%x: !in, %f: !up, %g: !down) -> !in {
  %a = dyn.group(%x, %f) : (!in, !up) -> !most {
  ^bb0(%i: !in, %w: !up):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !up) -> !huge
    dyn.yield %c : !huge
  }
  %b = dyn.group(%a, %g) : (!most, !down) -> !in {
  ^bb0(%i: !most, %w: !down):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!most, !down) -> !in
    dyn.yield %c : !in
  } loc("weights")
  return %b : !in
}

// CHECK: "unknown"{{.*}}execution decides how many rows there are
func.func @unknown(%x: !few, %f: !head, %g: !back) -> !few {
  %a = dyn.group(%x, %f) : (!few, !head) -> !there {
  ^bb0(%i: !few, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!few, !head) -> !some
    dyn.yield %c : !some
  }
  %b = dyn.group(%a, %g) : (!there, !back) -> !few {
  ^bb0(%i: !there, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!there, !back) -> !few
    dyn.yield %c : !few
  } loc("unknown")
  return %b : !few
}

// CHECK: "columns"{{.*}}execution decides what a row takes
func.func @columns(%x: !cut, %f: !head, %g: !back) -> !cut {
  %a = dyn.group(%x, %f) : (!cut, !head) -> !last {
  ^bb0(%i: !cut, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!cut, !head) -> !between
    dyn.yield %c : !between
  }
  %b = dyn.group(%a, %g) : (!last, !back) -> !cut {
  ^bb0(%i: !last, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!last, !back) -> !cut
    dyn.yield %c : !cut
  } loc("columns")
  return %b : !cut
}

// CHECK: "outside"{{.*}}one of the results is computed of what comes from outside
func.func @outside(%x: !in, %f: !head, %g: !back) -> (!in, !in) {
  %r = dyn.group(%x) : (!in) -> !in {
  ^bb0(%i: !in):
    %c = onnx.Relu %i : (!in) -> !in
    dyn.yield %c : !in
  }
  %a = dyn.group(%r, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!wide, !back) -> !in {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
    dyn.yield %c : !in
  } loc("outside")
  return %r, %b : !in, !in
}

// CHECK: "elsewhere"{{.*}}other parts of the model take as much memory
func.func @elsewhere(%x: !in, %z: !wide, %f: !head, %g: !back) -> (!in, !wide) {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!wide, !back) -> !in {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
    dyn.yield %c : !in
  } loc("elsewhere")
  %m = dyn.group(%z) : (!wide) -> !wide {
  ^bb0(%i: !wide):
    %p = onnx.MaxPool %i {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (!wide) -> !mid
    dyn.yield %p : !mid
  }
  return %b, %m : !in, !wide
}

// What a branch takes counts, too, and a branch that takes little changes nothing.
// CHECK: "branch"{{.*}}other parts of the model take as much memory
// CHECK: "little"{{.*}}is computed in strips of
func.func @branch(%x: !in, %z: !wide, %b: tensor<i1, #dyn.value<[]>>, %f: !head, %g: !back) -> (!in, !in) {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %y = dyn.group(%a, %g) : (!wide, !back) -> !in {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
    dyn.yield %c : !in
  } loc("branch")
  %m = dyn.if(%b : tensor<i1, #dyn.value<[]>>) -> !in then {
    %p = dyn.group(%z) : (!wide) -> !wide {
    ^bb0(%i: !wide):
      %q = onnx.MaxPool %i {kernel_shape = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : (!wide) -> !mid
      dyn.yield %q : !mid
    }
    %q = dyn.group(%p, %g) : (!wide, !back) -> !in {
    ^bb0(%i: !wide, %w: !back):
      %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
      dyn.yield %c : !in
    }
    dyn.yield %q : !in
  } else {
    dyn.yield %x : !in
  }
  return %y, %m : !in, !in
}

func.func @little(%x: !in, %b: tensor<i1, #dyn.value<[]>>, %f: !head, %g: !back) -> (!in, !in) {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %y = dyn.group(%a, %g) : (!wide, !back) -> !in {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
    dyn.yield %c : !in
  } loc("little")
  %m = dyn.if(%b : tensor<i1, #dyn.value<[]>>) -> !in then {
    %p = dyn.group(%x) : (!in) -> !in {
    ^bb0(%i: !in):
      %q = onnx.Relu %i : (!in) -> !in
      dyn.yield %q : !in
    }
    dyn.yield %p : !in
  } else {
    dyn.yield %x : !in
  }
  return %y, %m : !in, !in
}
