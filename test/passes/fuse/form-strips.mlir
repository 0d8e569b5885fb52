// RUN: dycc-opt %s --dycc-form-strips | FileCheck %s

dyn.symbol @N in [0, 64]
dyn.symbol @H in [0, 4096]
dyn.symbol @W in [1, 256]
!in = tensor<?x2x?x?xf32, #dyn.value<[N, 2, H, W]>>
!mid = tensor<?x16x?x?xf32, #dyn.value<[N, 16, H, W]>>
!wide = tensor<?x16x?x?xf32, #dyn.value<[N, 16, H, W], channels_last<16>>>
!large = tensor<?x4x?x?xf32, #dyn.value<[N, 4, 2 * H, 2 * W]>>
!head = tensor<16x2x3x3xf32, #dyn.value<[16, 2, 3, 3]>>
!body = tensor<16x16x3x3xf32, #dyn.value<[16, 16, 3, 3]>>
!back = tensor<2x16x3x3xf32, #dyn.value<[2, 16, 3, 3]>>
!tiles = tensor<16x16x3x3xf32, #dyn.value<[16, 16, 3, 3], panels<16, winograd 4>>>

// What each layer reads of the one before it comes from a window: rows that are kept, those
// of the trip and a row of zeros behind the last one. The sum at the end reads the first
// layer's rows two rows later.
func.func @skip_and_shuffle(%x: !in, %f: !head, %g: !body, %h: !body) -> !large {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!wide, !body) -> !wide {
  ^bb0(%i: !wide, %w: !body):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !body) -> !mid
    %r = onnx.Relu %c : (!mid) -> !mid
    dyn.yield %r : !mid
  }
  %y = dyn.group(%b, %h, %a) : (!wide, !body, !wide) -> !large {
  ^bb0(%i: !wide, %w: !body, %s: !wide):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !body) -> !mid
    %r = onnx.Add %c, %s : (!mid, !wide) -> !mid
    %d = onnx.DepthToSpace %r {blocksize = 2 : i64} : (!mid) -> !large
    dyn.yield %d : !large
  }
  return %y : !large
}

// Tiles of four rows begin where they do in the whole image.
func.func @tiles(%x: !in, %f: !head, %g: !tiles, %h: !back) -> !in {
  %a = dyn.group(%x, %f) : (!in, !head) -> !wide {
  ^bb0(%i: !in, %w: !head):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!in, !head) -> !mid
    dyn.yield %c : !mid
  }
  %b = dyn.group(%a, %g) : (!wide, !tiles) -> !wide {
  ^bb0(%i: !wide, %w: !tiles):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !tiles) -> !mid
    dyn.yield %c : !mid
  }
  %y = dyn.group(%b, %h) : (!wide, !back) -> !in {
  ^bb0(%i: !wide, %w: !back):
    %c = onnx.Conv %i, %w {pads = array<i64: 1, 1, 1, 1>} : (!wide, !back) -> !in
    dyn.yield %c : !in
  }
  return %y : !in
}
