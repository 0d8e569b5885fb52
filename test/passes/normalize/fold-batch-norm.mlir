// RUN: dycc-opt %s --dycc-fold-batch-norm | FileCheck %s

// factor = [2, 8] / sqrt([3, 15] + 1) = [1, 2]
// CHECK-LABEL: func.func @conv_takes_the_factor
func.func @conv_takes_the_factor(%x: tensor<?x1x?x?xf32>) -> tensor<*xf32> {
  %w = onnx.Constant dense<[[[[1.0]]], [[[10.0]]]]> : tensor<2x1x1x1xf32>
  %b = onnx.Constant dense<[1.0, 2.0]> : tensor<2xf32>
  %scale = onnx.Constant dense<[2.0, 8.0]> : tensor<2xf32>
  %shift = onnx.Constant dense<[5.0, 6.0]> : tensor<2xf32>
  %mean = onnx.Constant dense<[3.0, 4.0]> : tensor<2xf32>
  %var = onnx.Constant dense<[3.0, 15.0]> : tensor<2xf32>
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{\[\[\[\[}}1.0{{[^]]+}}]]], {{\[\[\[}}2.0{{0+}}e+01]]]]>
  // CHECK: %[[B:.+]] = onnx.Constant dense<[3.000000e+00, 2.000000e+00]>
  // CHECK: %[[Y:.+]] = onnx.Conv %{{.+}}, %[[W]], %[[B]] {{.*}}pads = array<i64: 0, 0, 0, 0>
  // CHECK-NOT: onnx.BatchNormalization
  // CHECK: return %[[Y]]
  %c = onnx.Conv %x, %w, %b {pads = array<i64: 0, 0, 0, 0>} : (tensor<?x1x?x?xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<*xf32>
  %y = onnx.BatchNormalization %c, %scale, %shift, %mean, %var {epsilon = 1.0 : f32, resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @columns_of_a_gemm_are_channels
func.func @columns_of_a_gemm_are_channels(%x: tensor<?x1xf32>) -> tensor<*xf32> {
  %w = onnx.Constant dense<[[1.0, 10.0]]> : tensor<1x2xf32>
  %scale = onnx.Constant dense<[2.0, 8.0]> : tensor<2xf32>
  %shift = onnx.Constant dense<[5.0, 6.0]> : tensor<2xf32>
  %mean = onnx.Constant dense<[3.0, 4.0]> : tensor<2xf32>
  %var = onnx.Constant dense<[3.0, 15.0]> : tensor<2xf32>
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{\[\[}}1.000000e+00, 2.000000e+01]]>
  // CHECK: %[[B:.+]] = onnx.Constant dense<[2.000000e+00, -2.000000e+00]>
  // CHECK: onnx.Gemm %{{.+}}, %[[W]], %[[B]]
  // CHECK-NOT: onnx.BatchNormalization
  %c = onnx.Gemm %x, %w : (tensor<?x1xf32>, tensor<1x2xf32>) -> tensor<*xf32>
  %y = onnx.BatchNormalization %c, %scale, %shift, %mean, %var {epsilon = 1.0 : f32, resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @second_use_keeps_the_weights
func.func @second_use_keeps_the_weights(%x: tensor<?x1x?x?xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  %w = onnx.Constant dense<2.0> : tensor<1x1x1x1xf32>
  %p = onnx.Constant dense<1.0> : tensor<1xf32>
  // CHECK: onnx.BatchNormalization
  %c = onnx.Conv %x, %w : (tensor<?x1x?x?xf32>, tensor<1x1x1x1xf32>) -> tensor<*xf32>
  %y = onnx.BatchNormalization %c, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32>
  return %y, %c : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: func.func @weights_of_run_time_are_kept
func.func @weights_of_run_time_are_kept(%x: tensor<?x1x?x?xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<*xf32> {
  %p = onnx.Constant dense<1.0> : tensor<1xf32>
  // CHECK: onnx.BatchNormalization
  %c = onnx.Conv %x, %w : (tensor<?x1x?x?xf32>, tensor<1x1x1x1xf32>) -> tensor<*xf32>
  %y = onnx.BatchNormalization %c, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @product_and_sum_per_channel_are_folded
func.func @product_and_sum_per_channel_are_folded(%x: tensor<?x1x?x?xf32>) -> tensor<*xf32> {
  %w = onnx.Constant dense<[[[[1.0]]], [[[10.0]]]]> : tensor<2x1x1x1xf32>
  %s = onnx.Constant dense<[[[2.0]], [[3.0]]]> : tensor<2x1x1xf32>
  %o = onnx.Constant dense<0.5> : tensor<f32>
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{\[\[\[\[}}2.0{{[^]]+}}]]], {{\[\[\[}}3.0{{0+}}e+01]]]]>
  // CHECK: %[[B:.+]] = onnx.Constant dense<5.000000e-01> : tensor<2xf32>
  // CHECK: %[[Y:.+]] = onnx.Conv %{{.+}}, %[[W]], %[[B]]
  // CHECK-NOT: onnx.Mul
  // CHECK-NOT: onnx.Add
  // CHECK: return %[[Y]]
  %c = onnx.Conv %x, %w : (tensor<?x1x?x?xf32>, tensor<2x1x1x1xf32>) -> tensor<?x2x?x?xf32>
  %m = onnx.Mul %s, %c : (tensor<2x1x1xf32>, tensor<?x2x?x?xf32>) -> tensor<*xf32>
  %y = onnx.Add %m, %o : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @product_along_the_width_is_kept
func.func @product_along_the_width_is_kept(%x: tensor<?x1x?x2xf32>) -> tensor<*xf32> {
  %w = onnx.Constant dense<[[[[1.0]]], [[[10.0]]]]> : tensor<2x1x1x1xf32>
  %s = onnx.Constant dense<[2.0, 3.0]> : tensor<2xf32>
  // CHECK: onnx.Mul
  %c = onnx.Conv %x, %w : (tensor<?x1x?x2xf32>, tensor<2x1x1x1xf32>) -> tensor<?x2x?x2xf32>
  %m = onnx.Mul %c, %s : (tensor<?x2x?x2xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %m : tensor<*xf32>
}

// CHECK-LABEL: func.func @quotient_goes_into_a_normalisation
func.func @quotient_goes_into_a_normalisation(%x: tensor<?x2xf32>) -> tensor<*xf32> {
  %p = onnx.Constant dense<[4.0, 6.0]> : tensor<2xf32>
  %two = onnx.Constant dense<2.0> : tensor<f32>
  // CHECK: %[[S:.+]] = onnx.Constant dense<[2.000000e+00, 3.000000e+00]>
  // CHECK: %[[B:.+]] = onnx.Constant dense<[2.000000e+00, 3.000000e+00]>
  // CHECK: onnx.BatchNormalization %{{.+}}, %[[S]], %[[B]], %[[P:.+]], %[[P]]
  // CHECK-NOT: onnx.Div
  %n = onnx.BatchNormalization %x, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = onnx.Div %n, %two : (tensor<?x2xf32>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
