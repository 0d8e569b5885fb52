// RUN: dycc-opt %s --dycc-expand-functions --split-input-file | FileCheck %s

// The grid counts pixels, the last axis first; an empty join says that the
// extents of the offsets are those of the result.
// CHECK-LABEL: func.func @taps_are_sampled_and_multiplied
// CHECK-SAME: (%[[X:.+]]: tensor<?x4x?x?xf32>, %[[W:.+]]: tensor<6x2x3x2xf32>, %[[O:.+]]: tensor<?x?x?x?xf32>, %[[B:.+]]: tensor<6xf32>, %[[M:.+]]: tensor<?x?x?x?xf32>)
func.func @taps_are_sampled_and_multiplied(%x: tensor<?x4x?x?xf32>, %w: tensor<6x2x3x2xf32>, %o: tensor<?x?x?x?xf32>, %b: tensor<6xf32>, %m: tensor<?x?x?x?xf32>) -> tensor<*xf32> {
  // CHECK-DAG: %[[IMAGE:.+]] = onnx.Reshape %[[X]]
  // CHECK-DAG: onnx.Concat %[[O]], %{{.+}} {axis = 1 : i64}
  // CHECK: %[[GRID:.+]] = onnx.Concat {{.+}} {axis = 4 : i64}
  // CHECK: %[[PAIRS:.+]] = onnx.Reshape %[[GRID]]
  // CHECK: %[[S:.+]] = onnx.GridSample %[[IMAGE]], %[[PAIRS]] {onnx.pixel_positions}
  // CHECK: onnx.Concat %[[M]], %{{.+}} {axis = 1 : i64}
  // CHECK: %[[MASKED:.+]] = onnx.Mul %[[S]]
  // CHECK: %[[COLUMNS:.+]] = onnx.Reshape %[[MASKED]]
  // CHECK: %[[FILTER:.+]] = onnx.Reshape %[[W]]
  // CHECK: %[[P:.+]] = onnx.MatMul %[[FILTER]], %[[COLUMNS]]
  // CHECK: %[[Y:.+]] = onnx.Reshape %[[P]]
  // CHECK: onnx.Add %[[Y]]
  %y = "onnx.DeformConv"(%x, %w, %o, %b, %m) {group = 2 : i64, offset_group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<?x4x?x?xf32>, tensor<6x2x3x2xf32>, tensor<?x?x?x?xf32>, tensor<6xf32>, tensor<?x?x?x?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Positions of f16 would be whole pixels from 2048 on.
// CHECK-LABEL: func.func @positions_of_f16_are_f32
func.func @positions_of_f16_are_f32(%x: tensor<?x4x?xf16>, %w: tensor<6x4x3xf16>, %o: tensor<?x?x?xf16>) -> tensor<*xf16> {
  // CHECK: onnx.GridSample {{.+}} : (tensor<*xf16>, tensor<*xf32>) -> tensor<*xf16>
  // CHECK-NOT: onnx.Add
  %y = "onnx.DeformConv"(%x, %w, %o) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<?x4x?xf16>, tensor<6x4x3xf16>, tensor<?x?x?xf16>) -> tensor<*xf16>
  return %y : tensor<*xf16>
}

// -----

// CHECK-LABEL: func.func @images_of_unknown_rank_are_kept
// CHECK: onnx.DeformConv
func.func @images_of_unknown_rank_are_kept(%x: tensor<*xf32>) -> tensor<*xf32> {
  %y = "onnx.DeformConv"(%x, %x, %x) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @determinants_of_narrow_floats_are_wider
func.func @determinants_of_narrow_floats_are_wider(%x: tensor<?x?xf16>, %w: tensor<?x?xf64>) -> (tensor<*xf16>, tensor<*xf64>) {
  // CHECK: %[[X:.+]] = onnx.Cast %{{.+}} {to = 1 : i64}
  // CHECK: %[[D:.+]] = onnx.Det %[[X]]
  // CHECK: onnx.Cast %[[D]] {to = 10 : i64}
  // CHECK: onnx.Det %{{.+}} : (tensor<?x?xf64>)
  %y = onnx.Det %x : (tensor<?x?xf16>) -> tensor<*xf16>
  %z = onnx.Det %w : (tensor<?x?xf64>) -> tensor<*xf64>
  return %y, %z : tensor<*xf16>, tensor<*xf64>
}
