// RUN: dycc-opt %s --dycc-form-strips | FileCheck %s

// A strip has a constant height, in multiples of tiles, unless one is enough.
// CHECK: dyn.symbol @strip0 in [1, 66] is min(max(1, H + 2), ite(le(H, 64), 66, 10))
// CHECK: dyn.symbol @strips1 in [1, 4098] is max(1, (H + 2) ceildiv strip0)
// CHECK: dyn.symbol @rows6 in [0, 2147483647] execution bound min(H, strip0)
// CHECK: dyn.symbol @kept10 in [0, 2147483647] execution bound ite(le(strips1, 1), 0, 2)
// CHECK: dyn.symbol @strip{{[0-9]+}} in [1, 68] is min(max(4, 4 * ((H + 1) floordiv 4) + 4), ite(le(H, 64), 68, 16))
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
// CHECK-LABEL: func.func @skip_and_shuffle
// CHECK: %[[NONE:.+]] = dyn.group() : () -> tensor<1x16x0x?xf32, #dyn.value<[1, 16, 0, W], channels_last<16>>>
// CHECK: %[[Y:.+]]:3 = dyn.loop(%[[NONE]], %[[NONE]]) trips [N * strips1] {dyn.strip_image = #dyn.expr<image3>, dyn.strips = [#dyn.expr<2 * first17>]}
// CHECK: ^bb0(%[[T:[^:]+]]: {{.*}}, %[[C:[^:]+]]: tensor<i1, {{[^%]*}}, %[[K:[^:]+]]: {{[^%]*}}, %[[L:[^:]+]]:
// CHECK: dyn.read %[[T]][0] as @trip2
// CHECK: dyn.define [trip2 floordiv strips1] as @image3
// CHECK: dyn.define [max(0, min(H, strip0 * strip4))] as @first5
// The image from outside, with the rows above and below that are there, and zeros.
// CHECK: %[[CUT:.+]] = dyn.group(%arg0) : {{.*}} -> tensor<1x2x?x?xf32, #dyn.value<[1, 2, rows8, W]>>
// CHECK: onnx.Slice
// CHECK: %[[X:.+]] = dyn.group(%[[CUT]]) : {{.*}} -> tensor<1x2x?x?xf32, #dyn.value<[1, 2, rows6 + 2, W]>>
// CHECK: onnx.Pad
// CHECK: dyn.define [ite(eq(strip4, 0), 0, ite(le(strips1, 1), 0, 2))] as @kept10
// CHECK: %[[OLD:.+]] = dyn.part %[[K]] from 0 : {{.*}} -> tensor<1x16x?x?xf32, #dyn.value<[1, 16, kept10, W], channels_last<16>>>
// CHECK: %[[ABOVE:.+]] = dyn.group(%[[OLD]]) : {{.*}} -> tensor<1x16x2x?xf32
// CHECK: %[[A:.+]] = dyn.group(%[[X]], %arg1)
// CHECK: onnx.Conv {{.*}} {pads = array<i64: 0, 1, 0, 1>}
// CHECK: %[[ZERO:.+]] = dyn.group() : () -> tensor<1x16x?x?xf32, #dyn.value<[1, 16, rows12 - rows6, W], channels_last<16>>>
// CHECK: %[[WINDOW:.+]] = dyn.join(%[[ABOVE]], %[[A]], %[[ZERO]]) : {{.*}} -> tensor<1x16x?x?xf32, #dyn.value<[1, 16, rows12 + 2, W], channels_last<16>>>
// CHECK: %[[LAST:.+]] = dyn.part %[[WINDOW]] from 16 * W * rows12
// CHECK: %[[KEPT:.+]] = dyn.group(%[[LAST]])
// CHECK: %[[READ:.+]] = dyn.part %[[WINDOW]] from 16 * W - 16 * W * first11 + 16 * W * first13 : {{.*}} -> tensor<1x16x?x?xf32, #dyn.value<[1, 16, rows14 + 2, W], channels_last<16>>>
// CHECK: dyn.group(%[[READ]], %arg2)
// CHECK: %[[SKIP:.+]] = dyn.part %[[WINDOW]] from {{.*}} -> tensor<1x16x?x?xf32, #dyn.value<[1, 16, rows18, W], channels_last<16>>>
// CHECK: %[[S:.+]] = dyn.group(%{{.+}}, %arg3, %[[SKIP]]) : {{.*}} -> tensor<1x4x?x?xf32, #dyn.value<[1, 4, 2 * rows18, 2 * W]>>
// CHECK: dyn.yield %[[C]], %[[KEPT]], %{{.+}}, %[[S]]
// CHECK: return %[[Y]]#2
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

// Tiles of four rows begin where a strip does, so their layer waits for one row as any other.
// CHECK-LABEL: func.func @tiles
// CHECK: dyn.define [max(0, min(H, strip19 * strip23))]
// CHECK: dyn.define [max(0, min(H, strip19 * strip23 - 1))]
// CHECK: dyn.define [max(0, min(H, strip19 * strip23 - 2))]
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
