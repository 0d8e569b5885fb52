// RUN: dycc-opt %s --dycc-convert-signed-steps --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @steps_move_with_their_points
// CHECK: %[[P:.+]] = onnx.Constant dense<125> : tensor<ui8>
// CHECK: %[[Q:.+]] = onnx.QuantizeLinear %arg0, %{{.+}}, %[[P]] : (tensor<?x8xf32>, tensor<f32>, tensor<ui8>) -> tensor<?x8xui8>
// CHECK: %[[A:.+]] = onnx.Constant dense<125> : tensor<ui8>
// CHECK: %[[X:.+]] = onnx.DequantizeLinear %[[Q]], %{{.+}}, %[[A]] : {{.+}} -> tensor<?x8xf32>
// CHECK: %[[B:.+]] = onnx.Constant dense<128> : tensor<ui8>
// CHECK: %[[Y:.+]] = onnx.DequantizeLinear %[[Q]], %{{.+}}, %[[B]]
// CHECK: return %[[X]], %[[Y]]
func.func @steps_move_with_their_points(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %z = onnx.Constant dense<-3> : tensor<i8>
  %q = onnx.QuantizeLinear %x, %s, %z : (tensor<?x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x8xi8>
  %a = onnx.DequantizeLinear %q, %s, %z : (tensor<?x8xi8>, tensor<f32>, tensor<i8>) -> tensor<?x8xf32>
  %b = onnx.DequantizeLinear %q, %s : (tensor<?x8xi8>, tensor<f32>) -> tensor<?x8xf32>
  return %a, %b : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func.func @a_type_by_attribute
// CHECK: onnx.QuantizeLinear %arg0, %{{.+}}, %{{.+}} : {{.+}} -> tensor<?x8xui8>
func.func @a_type_by_attribute(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %q = onnx.QuantizeLinear %x, %s {output_dtype = 3 : i64} : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xi8>
  %a = onnx.DequantizeLinear %q, %s : (tensor<?x8xi8>, tensor<f32>) -> tensor<?x8xf32>
  return %a : tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func.func @steps_that_others_read_are_kept
// CHECK: onnx.QuantizeLinear {{.+}} -> tensor<?x8xi8>
func.func @steps_that_others_read_are_kept(%x: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xi8>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %z = onnx.Constant dense<-3> : tensor<i8>
  %q = onnx.QuantizeLinear %x, %s, %z : (tensor<?x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x8xi8>
  %a = onnx.DequantizeLinear %q, %s, %z : (tensor<?x8xi8>, tensor<f32>, tensor<i8>) -> tensor<?x8xf32>
  return %a, %q : tensor<?x8xf32>, tensor<?x8xi8>
}

// -----

// CHECK-LABEL: func.func @points_of_the_run_and_of_channels_are_kept
// CHECK-COUNT-2: onnx.QuantizeLinear {{.+}} -> tensor<?x8xi8>
func.func @points_of_the_run_and_of_channels_are_kept(%x: tensor<?x8xf32>, %z: tensor<i8>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %s = onnx.Constant dense<0.1> : tensor<f32>
  %t = onnx.Constant dense<0.1> : tensor<8xf32>
  %w = onnx.Constant dense<1> : tensor<8xi8>
  %p = onnx.QuantizeLinear %x, %s, %z : (tensor<?x8xf32>, tensor<f32>, tensor<i8>) -> tensor<?x8xi8>
  %a = onnx.DequantizeLinear %p, %s, %z : (tensor<?x8xi8>, tensor<f32>, tensor<i8>) -> tensor<?x8xf32>
  %q = onnx.QuantizeLinear %x, %t, %w : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xi8>) -> tensor<?x8xi8>
  %b = onnx.DequantizeLinear %q, %t, %w : (tensor<?x8xi8>, tensor<8xf32>, tensor<8xi8>) -> tensor<?x8xf32>
  return %a, %b : tensor<?x8xf32>, tensor<?x8xf32>
}
