// Images across control flow: what a branch or a loop may give lies alike.
// RUN: dycc-opt %s --dycc-assign-layouts="panel-widths=16 filter-widths=16 channel-block=8" | FileCheck %s

!x = tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
!one = tensor<?x1x?x?xf32, #dyn.value<[N, 1, H, W]>>
!w = tensor<8x8x1x1xf32, #dyn.value<[8, 8, 1, 1]>>
!k = tensor<1x8x1x1xf32, #dyn.value<[1, 8, 1, 1]>>
!b = tensor<i1, #dyn.value<[]>>
!i = tensor<i64, #dyn.value<[]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [0, 64]
dyn.symbol @W in [0, 64]

// A gated block: both branches give images, and the next kernel reads one.
// CHECK-LABEL: func.func @both_branches_give_images
// CHECK: %[[A:.+]] = onnx.Conv {{.+}} channels_last<8>>>
// CHECK: %[[R:.+]] = dyn.if(%arg2 {{.+}}) -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>> then {
// CHECK: onnx.Conv %[[A]], {{.+}} channels_last<8>>>
// CHECK: %[[S:.+]] = onnx.Add {{.+}} channels_last<8>>>
// CHECK-NOT: convert_layout
// CHECK: dyn.yield %[[S]]
// CHECK: dyn.yield %[[A]]
// CHECK: onnx.Relu %[[R]] : {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
func.func @both_branches_give_images(%x: !x, %w: !w, %open: !b) -> !x {
  %a = onnx.Conv %x, %w : (!x, !w) -> !x
  %r = dyn.if (%open : !b) -> !x then {
    %c = onnx.Conv %a, %w : (!x, !w) -> !x
    %s = onnx.Add %c, %a : (!x, !x) -> !x
    dyn.yield %s : !x
  } else {
    dyn.yield %a : !x
  }
  %y = onnx.Relu %r : (!x) -> !x
  return %y : !x
}

// To copy what the one branch gives costs what it saves of the other.
// CHECK-LABEL: func.func @an_input_is_no_image
// CHECK: dyn.if(%arg2 {{.+}}) -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>> then {
// CHECK-NEXT: onnx.Conv {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
// CHECK-NOT: channels_last
func.func @an_input_is_no_image(%x: !x, %w: !w, %open: !b) -> !x {
  %r = dyn.if (%open : !b) -> !x then {
    %c = onnx.Conv %x, %w : (!x, !w) -> !x
    dyn.yield %c : !x
  } else {
    dyn.yield %x : !x
  }
  %y = onnx.Relu %r : (!x) -> !x
  return %y : !x
}

// CHECK-LABEL: func.func @a_constant_is_laid_out_when_it_is_compiled
// CHECK: %[[K:.+]] = onnx.Constant
// CHECK: %[[P:.+]] = dyn.convert_layout %[[K]] {{.+}} channels_last<8>>>
// CHECK: onnx.Conv {{.+}} channels_last<8>>>
// CHECK: else {
// CHECK-NEXT: dyn.yield %[[P]]
func.func @a_constant_is_laid_out_when_it_is_compiled(%x: !k, %w: !w, %open: !b) -> !k {
  %k = onnx.Constant dense<0.5> : tensor<1x8x1x1xf32> -> !k
  %r = dyn.if (%open : !b) -> !k then {
    %c = onnx.Conv %x, %w : (!k, !w) -> !k
    dyn.yield %c : !k
  } else {
    dyn.yield %k : !k
  }
  %y = onnx.Relu %r : (!k) -> !k
  return %y : !k
}

// CHECK-LABEL: func.func @an_image_that_only_the_caller_reads_is_plain
// CHECK-NOT: channels_last
func.func @an_image_that_only_the_caller_reads_is_plain(%x: !x, %w: !w, %open: !b) -> !x {
  %r = dyn.if (%open : !b) -> !x then {
    %c = onnx.Conv %x, %w : (!x, !w) -> !x
    dyn.yield %c : !x
  } else {
    %d = onnx.MaxPool %x {kernel_shape = array<i64: 1, 1>} : (!x) -> !x
    dyn.yield %d : !x
  }
  return %r : !x
}

// The inner If is read because the outer one is.
// CHECK-LABEL: func.func @branches_in_branches
// CHECK-COUNT-2: dyn.if{{.+}} channels_last<8>>> then {
// CHECK: onnx.Conv {{.+}} channels_last<8>>>
func.func @branches_in_branches(%x: !x, %w: !w, %open: !b) -> !x {
  %a = onnx.Conv %x, %w : (!x, !w) -> !x
  %r = dyn.if (%open : !b) -> !x then {
    %i = dyn.if (%open : !b) -> !x then {
      %c = onnx.Conv %x, %w : (!x, !w) -> !x
      dyn.yield %c : !x
    } else {
      dyn.yield %a : !x
    }
    dyn.yield %i : !x
  } else {
    dyn.yield %a : !x
  }
  %y = onnx.Relu %r : (!x) -> !x
  return %y : !x
}

// The slices that are stacked are plain, and so is what the caller gets.
// CHECK-LABEL: func.func @a_loop_carries_an_image
// CHECK: %[[A:.+]] = onnx.Conv %arg0, {{.+}} channels_last<8>>>
// CHECK: %[[R:.+]]:2 = dyn.loop(%[[A]]) trips [N]
// CHECK-NEXT: ^bb0(%{{.+}}, %{{.+}}, %[[V:.+]]: tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>>):
// CHECK: %[[C:.+]] = onnx.Conv %[[V]], {{.+}} channels_last<8>>>
// CHECK: %[[P:.+]] = dyn.convert_layout %[[C]]
// CHECK: dyn.yield %{{.+}}, %[[C]], %[[P]]
// CHECK: %[[Q:.+]] = dyn.convert_layout %[[R]]#0
// CHECK: return %[[Q]], %[[R]]#1
func.func @a_loop_carries_an_image(%x: !x, %w: !w) -> (!x, tensor<?x?x8x?x?xf32, #dyn.value<[N, N, 8, H, W]>>) {
  %a = onnx.Conv %x, %w : (!x, !w) -> !x
  %r:2 = dyn.loop (%a) trips [N] : (!x) -> (!x, tensor<?x?x8x?x?xf32, #dyn.value<[N, N, 8, H, W]>>) {
  ^bb0(%i: !i, %c: !b, %v: !x):
    %n = onnx.Conv %v, %w : (!x, !w) -> !x
    dyn.yield %c, %n, %n : !b, !x, !x
  }
  return %r#0, %r#1 : !x, tensor<?x?x8x?x?xf32, #dyn.value<[N, N, 8, H, W]>>
}

// CHECK-LABEL: func.func @a_loop_whose_body_gives_no_image
// CHECK: %[[A:.+]] = onnx.Conv {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
// CHECK: dyn.loop(%[[A]]) trips [N] : {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W]>>
// CHECK-NOT: channels_last
func.func @a_loop_whose_body_gives_no_image(%x: !x, %w: !w) -> !x {
  %a = onnx.Conv %x, %w : (!x, !w) -> !x
  %r = dyn.loop (%a) trips [N] : (!x) -> !x {
  ^bb0(%i: !i, %c: !b, %v: !x):
    %b = onnx.Relu %v : (!x) -> !x
    %s = onnx.Softmax %b : (!x) -> !x
    dyn.yield %c, %s : !b, !x
  }
  return %r : !x
}

// The state of a recurrent network begins with zeros, in any order.
// CHECK-LABEL: func.func @a_loop_that_begins_with_one_number
// CHECK: %[[Z:.+]] = onnx.ConstantOfShape {{.+}} channels_last<8>>>
// CHECK: dyn.loop(%[[Z]]) {{.+}} -> tensor<?x8x?x?xf32, #dyn.value<[N, 8, H, W], channels_last<8>>>
func.func @a_loop_that_begins_with_one_number(%w: !w) -> !x {
  %s = dyn.symbolic [N, 8, H, W] : tensor<4xi64, #dyn.value<[4]>>
  %z = onnx.ConstantOfShape %s : (tensor<4xi64, #dyn.value<[4]>>) -> !x
  %r = dyn.loop (%z) trips [N] : (!x) -> !x {
  ^bb0(%i: !i, %c: !b, %v: !x):
    %n = onnx.Conv %v, %w : (!x, !w) -> !x
    dyn.yield %c, %n : !b, !x
  }
  return %r : !x
}

// Nothing in the loop makes an image: that it would keep one is no reason.
// CHECK-LABEL: func.func @a_loop_without_images
// CHECK-NOT: channels_last
func.func @a_loop_without_images(%x: !x) -> !x {
  %s = dyn.symbolic [N, 8, H, W] : tensor<4xi64, #dyn.value<[4]>>
  %z = onnx.ConstantOfShape %s : (tensor<4xi64, #dyn.value<[4]>>) -> !x
  %r = dyn.loop (%z) trips [N] : (!x) -> !x {
  ^bb0(%i: !i, %c: !b, %v: !x):
    %n = onnx.Add %v, %x : (!x, !x) -> !x
    dyn.yield %c, %n : !b, !x
  }
  %y = onnx.Relu %r : (!x) -> !x
  return %y : !x
}
