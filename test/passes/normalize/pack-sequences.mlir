// RUN: dycc-opt %s --dycc-pack-sequences --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @a_sequence_is_two_tensors
// CHECK-SAME: (%[[E:.+]]: tensor<?xf32> {dyn.dims = ["s.size"], onnx.name = "s.elements", onnx.type = !onnx.seq<tensor<?x3xf32>>, onnx.value = "s"}, %[[D:.+]]: tensor<?x2xi64> {dyn.dims = ["s.count", 2], onnx.name = "s.extents"}, %[[X:.+]]: tensor<?x3xf32> {onnx.name = "x"})
// CHECK-SAME: -> (tensor<*xf32> {{.+}}"r.elements"{{.+}}, tensor<*xi64> {{.+}}"r.extents"{{.+}})
func.func @a_sequence_is_two_tensors(%s: !onnx.seq<tensor<?x3xf32>> {onnx.name = "s"}, %x: tensor<?x3xf32> {onnx.name = "x"}) -> (!onnx.seq<tensor<*xf32>> {onnx.name = "r"}) {
  // CHECK: %[[F:.+]] = onnx.Reshape %[[X]]
  // CHECK: %[[S:.+]] = onnx.Shape %[[X]]
  // CHECK: %[[U:.+]] = onnx.Unsqueeze %[[S]]
  // CHECK: %[[A:.+]] = onnx.Concat %[[E]], %[[F]] {axis = 0 : i64}
  // CHECK: %[[B:.+]] = onnx.Concat %[[D]], %[[U]] {axis = 0 : i64}
  // CHECK: return %[[A]], %[[B]]
  %r = "onnx.SequenceInsert"(%s, %x) : (!onnx.seq<tensor<?x3xf32>>, tensor<?x3xf32>) -> !onnx.seq<tensor<*xf32>>
  return %r : !onnx.seq<tensor<*xf32>>
}

// -----

// A position is an index of rows, which is checked.
// CHECK-LABEL: func.func @what_is_taken_out_is_reshaped
// CHECK-SAME: (%[[E:.+]]: tensor<?xf32> {{.+}}, %[[D:.+]]: tensor<?x1xi64> {{.+}}, %[[I:.+]]: tensor<i64>)
func.func @what_is_taken_out_is_reshaped(%s: !onnx.seq<tensor<?xf32>>, %i: tensor<i64>) -> (tensor<*xf32>, tensor<*xi64>) {
  // CHECK: onnx.ReduceProd %[[D]]
  // CHECK: onnx.CumSum
  // CHECK: %[[P:.+]] = onnx.Slice %[[E]]
  // CHECK: %[[R:.+]] = onnx.Gather %[[D]]
  // CHECK: %[[Q:.+]] = onnx.Squeeze %[[R]]
  // CHECK: %[[Y:.+]] = onnx.Reshape %[[P]], %[[Q]]
  // CHECK: %[[C:.+]] = onnx.Shape %[[D]] {end = 1 : i64}
  // CHECK: %[[N:.+]] = onnx.Reshape %[[C]]
  // CHECK: return %[[Y]], %[[N]]
  %y = "onnx.SequenceAt"(%s, %i) : (!onnx.seq<tensor<?xf32>>, tensor<i64>) -> tensor<*xf32>
  %n = "onnx.SequenceLength"(%s) : (!onnx.seq<tensor<?xf32>>) -> tensor<*xi64>
  return %y, %n : tensor<*xf32>, tensor<*xi64>
}

// -----

// CHECK-LABEL: func.func @a_loop_carries_elements_and_extents
func.func @a_loop_carries_elements_and_extents(%x: tensor<?xf32>, %n: tensor<i64>, %c: tensor<i1>) -> !onnx.seq<tensor<*xf32>> {
  %e = "onnx.SequenceEmpty"() : () -> !onnx.seq<tensor<*xf32>>
  // CHECK: %[[E:.+]] = onnx.Constant dense<> : tensor<0xf32>
  // CHECK: %[[D:.+]] = onnx.Constant dense<> : tensor<0x1xi64>
  // CHECK: %[[L:.+]]:2 = onnx.Loop %{{.+}}, %{{.+}}, %[[E]], %[[D]]
  // CHECK: ^bb0(%{{.+}}: tensor<i64>, %[[G:.+]]: tensor<i1>, %[[A:.+]]: tensor<?xf32>, %[[B:.+]]: tensor<?x1xi64>):
  // CHECK: %[[F:.+]] = onnx.Concat %[[A]], %{{.+}} {axis = 0 : i64}
  // CHECK: %[[H:.+]] = onnx.Concat %[[B]], %{{.+}} {axis = 0 : i64}
  // CHECK: onnx.Yield %[[G]], %[[F]], %[[H]]
  // CHECK: return %[[L]]#0, %[[L]]#1
  %l = "onnx.Loop"(%n, %c, %e) ({
  ^bb0(%i: tensor<i64>, %d: tensor<i1>, %s: !onnx.seq<tensor<*xf32>>):
    %t = "onnx.SequenceInsert"(%s, %x) : (!onnx.seq<tensor<*xf32>>, tensor<?xf32>) -> !onnx.seq<tensor<*xf32>>
    "onnx.Yield"(%d, %t) : (tensor<i1>, !onnx.seq<tensor<*xf32>>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<i64>, tensor<i1>, !onnx.seq<tensor<*xf32>>) -> !onnx.seq<tensor<*xf32>>
  return %l : !onnx.seq<tensor<*xf32>>
}

// -----

// An optional sequence says whether there is one; one of a tensor has one or none.
// CHECK-LABEL: func.func @optionals_say_what_they_have
// CHECK-SAME: (%[[M:.+]]: tensor<i1> {{.+}}, %{{.+}}: tensor<?xf32> {{.+}}, %{{.+}}: tensor<?x1xi64> {{.+}}, %{{.+}}: tensor<?xi64> {{.+}}, %[[D:.+]]: tensor<?x0xi64> {{.+}})
func.func @optionals_say_what_they_have(%o: !onnx.opt<!onnx.seq<tensor<5xf32>>>, %t: !onnx.opt<tensor<i64>>) -> (tensor<*xi1>, tensor<*xi1>) {
  // CHECK: onnx.Shape %[[D]]
  // CHECK: %[[H:.+]] = onnx.Cast
  // CHECK: return %[[M]], %[[H]]
  %a = "onnx.OptionalHasElement"(%o) : (!onnx.opt<!onnx.seq<tensor<5xf32>>>) -> tensor<*xi1>
  %b = "onnx.OptionalHasElement"(%t) : (!onnx.opt<tensor<i64>>) -> tensor<*xi1>
  return %a, %b : tensor<*xi1>, tensor<*xi1>
}

// -----

// CHECK-LABEL: func.func @tensors_of_two_ranks_stay_a_sequence
func.func @tensors_of_two_ranks_stay_a_sequence(%x: tensor<?xf32>, %y: tensor<?x?xf32>) -> !onnx.seq<tensor<*xf32>> {
  // CHECK: onnx.SequenceConstruct
  %s = "onnx.SequenceConstruct"(%x, %y) : (tensor<?xf32>, tensor<?x?xf32>) -> !onnx.seq<tensor<*xf32>>
  return %s : !onnx.seq<tensor<*xf32>>
}

// -----

// CHECK-LABEL: func.func @a_rank_that_nothing_says_stays_open
func.func @a_rank_that_nothing_says_stays_open(%s: !onnx.seq<tensor<*xf32>>) -> !onnx.seq<tensor<*xf32>> {
  // CHECK: onnx.SequenceErase
  %r = "onnx.SequenceErase"(%s) : (!onnx.seq<tensor<*xf32>>) -> !onnx.seq<tensor<*xf32>>
  return %r : !onnx.seq<tensor<*xf32>>
}
