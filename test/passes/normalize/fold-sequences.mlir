// RUN: dycc-opt %s --dycc-fold-sequences --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @tensors_of_a_list_take_its_place
// CHECK-SAME: (%[[A:.+]]: tensor<*xf32>, %[[B:.+]]: tensor<*xf32>, %[[C:.+]]: tensor<*xf32>)
func.func @tensors_of_a_list_take_its_place(%a: tensor<*xf32>, %b: tensor<*xf32>, %c: tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) {
  %one = "onnx.Constant"() {value = dense<1> : tensor<i64>} : () -> tensor<i64>
  %last = "onnx.Constant"() {value = dense<-1> : tensor<i32>} : () -> tensor<i32>
  %s = "onnx.SequenceConstruct"(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  %t = "onnx.SequenceInsert"(%s, %c, %one) : (!onnx.seq<tensor<*xf32>>, tensor<*xf32>, tensor<i64>) -> !onnx.seq<tensor<*xf32>>
  %u = "onnx.SequenceErase"(%t, %last) : (!onnx.seq<tensor<*xf32>>, tensor<i32>) -> !onnx.seq<tensor<*xf32>>
  // CHECK-NOT: Sequence
  // CHECK: %[[Y:.+]] = onnx.Concat %[[A]], %[[C]] {axis = 2 : i64}
  // CHECK: %[[N:.+]] = onnx.Constant dense<2> : tensor<i64>
  // CHECK: return %[[Y]], %[[C]], %[[N]]
  %y = "onnx.ConcatFromSequence"(%u) {axis = 2 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  %z = "onnx.SequenceAt"(%u, %last) : (!onnx.seq<tensor<*xf32>>, tensor<i32>) -> tensor<*xf32>
  %n = "onnx.SequenceLength"(%u) : (!onnx.seq<tensor<*xf32>>) -> tensor<*xi64>
  return %y, %z, %n : tensor<*xf32>, tensor<*xf32>, tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @new_axes_stack
func.func @new_axes_stack(%a: tensor<*xf32>, %b: tensor<*xf32>) -> tensor<*xf32> {
  %s = "onnx.SequenceConstruct"(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  // CHECK: %[[A:.+]] = onnx.Unsqueeze
  // CHECK: %[[B:.+]] = onnx.Unsqueeze
  // CHECK: onnx.Concat %[[A]], %[[B]] {axis = -1 : i64}
  %y = "onnx.ConcatFromSequence"(%s) {axis = -1 : i64, new_axis = 1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// The part at a position that only the run knows; all of them together.
// CHECK-LABEL: func.func @parts_are_slices
// CHECK-SAME: (%[[X:.+]]: tensor<*xf32>, %[[I:.+]]: tensor<i64>)
func.func @parts_are_slices(%x: tensor<*xf32>, %i: tensor<i64>) -> (tensor<*xf32>, tensor<*xf32>) {
  %two = "onnx.Constant"() {value = dense<2> : tensor<i64>} : () -> tensor<i64>
  %s = "onnx.SplitToSequence"(%x, %two) {axis = 1 : i64} : (tensor<*xf32>, tensor<i64>) -> !onnx.seq<tensor<*xf32>>
  // CHECK: onnx.Less
  // CHECK: %[[B:.+]] = onnx.Mul
  // CHECK: %[[E:.+]] = onnx.Add %[[B]]
  // CHECK: %[[P:.+]] = onnx.Slice %[[X]], %[[B]], %[[E]]
  // CHECK: return %[[P]], %[[X]]
  %y = "onnx.SequenceAt"(%s, %i) : (!onnx.seq<tensor<*xf32>>, tensor<i64>) -> tensor<*xf32>
  %z = "onnx.ConcatFromSequence"(%s) {axis = 1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// -----

// Joined along another axis than they were cut along.
// CHECK-LABEL: func.func @parts_of_one_place_are_rows
// CHECK-SAME: (%[[X:.+]]: tensor<*xf32>)
func.func @parts_of_one_place_are_rows(%x: tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[Y:.+]] = onnx.Einsum %[[X]] {equation = "ba...->ab..."}
  %s = "onnx.SplitToSequence"(%x) {axis = 1 : i64, keepdims = 0 : i64} : (tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  %y = "onnx.ConcatFromSequence"(%s) {axis = 0 : i64, new_axis = 1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  // CHECK: %[[U:.+]] = onnx.Unsqueeze %[[X]]
  // CHECK: %[[R:.+]] = onnx.Einsum %[[U]] {equation = "...ab->a...b"}
  // CHECK: %[[Z:.+]] = onnx.Reshape %[[R]]
  // CHECK: return %[[Y]], %[[Z]]
  %t = "onnx.SplitToSequence"(%x) {axis = -1 : i64} : (tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  %z = "onnx.ConcatFromSequence"(%t) {axis = 0 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @what_a_loop_appends_is_a_scan_output
func.func @what_a_loop_appends_is_a_scan_output(%x: tensor<*xf32>, %n: tensor<i64>, %c: tensor<i1>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) {
  %e = "onnx.SequenceEmpty"() : () -> !onnx.seq<tensor<*xf32>>
  // CHECK: %[[L:.+]]:2 = onnx.Loop %{{.+}}, %{{.+}}, %{{.+}} {{.+}} (tensor<i64>, tensor<i1>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: ^bb0(%{{.+}}: tensor<i64>, %[[D:.+]]: tensor<i1>, %[[S:.+]]: tensor<*xf32>):
  // CHECK: %[[R:.+]] = onnx.Relu %[[S]]
  // CHECK: onnx.Yield %[[D]], %[[S]], %[[R]]
  %l:2 = "onnx.Loop"(%n, %c, %e, %x) ({
  ^bb0(%i: tensor<i64>, %d: tensor<i1>, %s: !onnx.seq<tensor<*xf32>>, %h: tensor<*xf32>):
    %y = "onnx.Relu"(%h) : (tensor<*xf32>) -> tensor<*xf32>
    %t = "onnx.SequenceInsert"(%s, %y) : (!onnx.seq<tensor<*xf32>>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
    "onnx.Yield"(%d, %t, %h) : (tensor<i1>, !onnx.seq<tensor<*xf32>>, tensor<*xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 2>} : (tensor<i64>, tensor<i1>, !onnx.seq<tensor<*xf32>>, tensor<*xf32>) -> (!onnx.seq<tensor<*xf32>>, tensor<*xf32>)
  // CHECK: %[[A:.+]] = onnx.Einsum %[[L]]#1 {equation = "ab...->ba..."}
  // CHECK: onnx.Einsum %[[L]]#1 {equation = "a...b->...ab"}
  // CHECK: %[[M:.+]] = onnx.Reshape
  // CHECK: return %[[A]], %[[M]], %[[L]]#0
  %r = "onnx.ConcatFromSequence"(%l#0) {axis = 1 : i64, new_axis = 1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  %m = "onnx.ConcatFromSequence"(%l#0) {axis = -1 : i64} : (!onnx.seq<tensor<*xf32>>) -> tensor<*xf32>
  return %r, %m, %l#1 : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @other_sequences_stay
func.func @other_sequences_stay(%s: !onnx.seq<tensor<*xf32>>, %i: tensor<i64>, %a: tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: onnx.SequenceAt
  // CHECK: onnx.SequenceConstruct
  // CHECK: onnx.SequenceAt
  %y = "onnx.SequenceAt"(%s, %i) : (!onnx.seq<tensor<*xf32>>, tensor<i64>) -> tensor<*xf32>
  %l = "onnx.SequenceConstruct"(%a, %a) : (tensor<*xf32>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  %z = "onnx.SequenceAt"(%l, %i) : (!onnx.seq<tensor<*xf32>>, tensor<i64>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @optionals_of_tensors_are_these
// CHECK-SAME: (%[[X:.+]]: tensor<*xf32>)
func.func @optionals_of_tensors_are_these(%x: tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi1>) {
  // CHECK: %[[T:.+]] = onnx.Constant dense<true>
  // CHECK: return %[[X]], %[[T]]
  %o = "onnx.Optional"(%x) : (tensor<*xf32>) -> !onnx.opt<tensor<*xf32>>
  %y = "onnx.OptionalGetElement"(%o) : (!onnx.opt<tensor<*xf32>>) -> tensor<*xf32>
  %h = "onnx.OptionalHasElement"(%o) : (!onnx.opt<tensor<*xf32>>) -> tensor<*xi1>
  return %y, %h : tensor<*xf32>, tensor<*xi1>
}

// -----

// CHECK-LABEL: func.func @a_map_is_a_loop
// CHECK-SAME: (%[[S:.+]]: !onnx.seq<tensor<*xf32>>, %[[X:.+]]: tensor<*xf32>)
func.func @a_map_is_a_loop(%s: !onnx.seq<tensor<*xf32>>, %x: tensor<*xf32>) -> !onnx.seq<tensor<*xf32>> {
  // CHECK: %[[N:.+]] = onnx.SequenceLength %[[S]]
  // CHECK: %[[E:.+]] = onnx.SequenceEmpty
  // CHECK: %[[L:.+]] = onnx.Loop %[[N]], %[[E]]
  // CHECK: ^bb0(%[[I:.+]]: tensor<i64>, %{{.+}}: tensor<i1>, %[[G:.+]]: !onnx.seq<tensor<*xf32>>):
  // CHECK: %[[A:.+]] = onnx.SequenceAt %[[S]], %[[I]]
  // CHECK: %[[Y:.+]] = onnx.Add %[[A]], %[[X]]
  // CHECK: %[[T:.+]] = onnx.SequenceInsert %[[G]], %[[Y]]
  // CHECK: onnx.Yield %{{.+}}, %[[T]]
  // CHECK: return %[[L]]
  %r = "onnx.SequenceMap"(%s, %x) ({
  ^bb0(%a: tensor<*xf32>, %b: tensor<*xf32>):
    %y = "onnx.Add"(%a, %b) : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
    "onnx.Yield"(%y) : (tensor<*xf32>) -> ()
  }) : (!onnx.seq<tensor<*xf32>>, tensor<*xf32>) -> !onnx.seq<tensor<*xf32>>
  return %r : !onnx.seq<tensor<*xf32>>
}

// -----

// What leaves the function may have rows of different extents; bools have no Einsum.
// CHECK-LABEL: func.func @other_rows_stay_a_sequence
func.func @other_rows_stay_a_sequence(%x: tensor<*xi1>, %n: tensor<i64>) -> (!onnx.seq<tensor<*xi1>>, tensor<*xi1>) {
  %e = "onnx.SequenceEmpty"() {dtype = 9 : i64} : () -> !onnx.seq<tensor<*xi1>>
  // CHECK: onnx.Loop
  // CHECK: onnx.SequenceInsert
  // CHECK: onnx.ConcatFromSequence
  %l:2 = "onnx.Loop"(%n, %e, %e) ({
  ^bb0(%i: tensor<i64>, %d: tensor<i1>, %s: !onnx.seq<tensor<*xi1>>, %t: !onnx.seq<tensor<*xi1>>):
    %a = "onnx.SequenceInsert"(%s, %x) : (!onnx.seq<tensor<*xi1>>, tensor<*xi1>) -> !onnx.seq<tensor<*xi1>>
    %b = "onnx.SequenceInsert"(%t, %x) : (!onnx.seq<tensor<*xi1>>, tensor<*xi1>) -> !onnx.seq<tensor<*xi1>>
    "onnx.Yield"(%d, %a, %b) : (tensor<i1>, !onnx.seq<tensor<*xi1>>, !onnx.seq<tensor<*xi1>>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 0, 2>} : (tensor<i64>, !onnx.seq<tensor<*xi1>>, !onnx.seq<tensor<*xi1>>) -> (!onnx.seq<tensor<*xi1>>, !onnx.seq<tensor<*xi1>>)
  %y = "onnx.ConcatFromSequence"(%l#1) {axis = 1 : i64, new_axis = 1 : i64} : (!onnx.seq<tensor<*xi1>>) -> tensor<*xi1>
  return %l#0, %y : !onnx.seq<tensor<*xi1>>, tensor<*xi1>
}
