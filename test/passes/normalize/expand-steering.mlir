// RUN: dycc-opt %s --dycc-expand-functions | FileCheck %s

// CHECK-LABEL: func.func @a_range_of_halves_is_one_of_f32
func.func @a_range_of_halves_is_one_of_f32(%a: tensor<f16>, %b: tensor<f16>, %c: tensor<f16>) -> tensor<*xf16> {
  // CHECK: %[[A:.+]] = onnx.Cast %arg0 {to = 1 : i64}
  // CHECK: onnx.Range %[[A]], {{.+}} -> tensor<*xf32>
  // CHECK: onnx.Cast {{.+}} {to = 10 : i64}
  %r = onnx.Range %a, %b, %c : (tensor<f16>, tensor<f16>, tensor<f16>) -> tensor<*xf16>
  return %r : tensor<*xf16>
}

// CHECK-LABEL: func.func @a_range_of_f64_is_one_of_integers
func.func @a_range_of_f64_is_one_of_integers(%a: tensor<f64>, %b: tensor<f64>, %c: tensor<f64>) -> tensor<*xf64> {
  // CHECK: %[[SPAN:.+]] = onnx.Sub %arg1, %arg0
  // CHECK: %[[STEPS:.+]] = onnx.Div %[[SPAN]], %arg2
  // CHECK: %[[COUNT:.+]] = onnx.Where
  // CHECK: %[[N:.+]] = onnx.Cast %[[COUNT]] {to = 7 : i64}
  // CHECK: %[[I:.+]] = onnx.Range %{{.+}}, %[[N]], %{{.+}} -> tensor<*xi64>
  // CHECK: %[[F:.+]] = onnx.Cast %[[I]] {to = 11 : i64}
  // CHECK: %[[D:.+]] = onnx.Mul %[[F]], %arg2
  // CHECK: onnx.Add %[[D]], %arg0
  %r = onnx.Range %a, %b, %c : (tensor<f64>, tensor<f64>, tensor<f64>) -> tensor<*xf64>
  return %r : tensor<*xf64>
}

// CHECK-LABEL: func.func @constants_and_f32_stay
func.func @constants_and_f32_stay(%x: tensor<f32>) -> (tensor<*xf64>, tensor<*xf32>) {
  %a = onnx.Constant dense<0.0> : tensor<f64>
  %b = onnx.Constant dense<1.0> : tensor<f64>
  // CHECK: onnx.Range {{.+}} -> tensor<*xf64>
  %r = onnx.Range %a, %b, %b : (tensor<f64>, tensor<f64>, tensor<f64>) -> tensor<*xf64>
  // CHECK-NOT: onnx.Cast
  // CHECK: onnx.Range %arg0, %arg0, %arg0
  %s = onnx.Range %x, %x, %x : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  return %r, %s : tensor<*xf64>, tensor<*xf32>
}

// CHECK-LABEL: func.func @a_float_depth_is_cast
func.func @a_float_depth_is_cast(%i: tensor<3xi64>, %d: tensor<f32>, %v: tensor<2xf32>) -> tensor<*xf32> {
  // CHECK: %[[D:.+]] = onnx.Cast %arg1 {to = 7 : i64}
  // CHECK: onnx.OneHot %arg0, %[[D]], %arg2 {axis = 0 : i64}
  %y = onnx.OneHot %i, %d, %v {axis = 0 : i64} : (tensor<3xi64>, tensor<f32>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
