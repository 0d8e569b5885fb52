// RUN: dycc-opt %s | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @element_types
func.func @element_types(
    // CHECK-SAME: tensor<2x!onnx.string>
    %s: tensor<2x!onnx.string>,
    // CHECK-SAME: !onnx.seq<tensor<?x3xf32>>
    %seq: !onnx.seq<tensor<?x3xf32>>,
    // CHECK-SAME: !onnx.opt<!onnx.seq<tensor<*xi1>>>
    %opt: !onnx.opt<!onnx.seq<tensor<*xi1>>>,
    %u2: tensor<4xui2>, %i4: tensor<4xi4>, %f4: tensor<4xf4E2M1FN>,
    %f6: tensor<4xf6E2M3FN>, %f8: tensor<4xf8E5M2FNUZ>,
    %e8: tensor<4xf8E8M0FNU>, %c: tensor<4xcomplex<f64>>) {
  // CHECK: onnx.Identity {{.*}} : (tensor<2x!onnx.string>) -> tensor<*x!onnx.string>
  %0 = onnx.Identity %s : (tensor<2x!onnx.string>) -> tensor<*x!onnx.string>
  // CHECK: onnx.Identity {{.*}} : (tensor<4xui2>) -> tensor<?xui2>
  %1 = onnx.Identity %u2 : (tensor<4xui2>) -> tensor<?xui2>
  // CHECK: onnx.Identity {{.*}} : (tensor<4xi4>) -> tensor<4xi4>
  %2 = onnx.Identity %i4 : (tensor<4xi4>) -> tensor<4xi4>
  // CHECK: onnx.Identity {{.*}} : (tensor<4xf4E2M1FN>) -> tensor<4xf4E2M1FN>
  %3 = onnx.Identity %f4 : (tensor<4xf4E2M1FN>) -> tensor<4xf4E2M1FN>
  // CHECK: onnx.Cast {{.*}} : (tensor<4xf6E2M3FN>) -> tensor<4xf32>
  %4 = onnx.Cast %f6 {to = 1 : i64} : (tensor<4xf6E2M3FN>) -> tensor<4xf32>
  // CHECK: onnx.Cast {{.*}} : (tensor<4xf8E5M2FNUZ>) -> tensor<4xf32>
  %5 = onnx.Cast %f8 {to = 1 : i64} : (tensor<4xf8E5M2FNUZ>) -> tensor<4xf32>
  // CHECK: onnx.Cast {{.*}} : (tensor<4xf8E8M0FNU>) -> tensor<4xf32>
  %6 = onnx.Cast %e8 {to = 1 : i64} : (tensor<4xf8E8M0FNU>) -> tensor<4xf32>
  // CHECK: onnx.Identity {{.*}} : (tensor<4xcomplex<f64>>) -> tensor<*xcomplex<f64>>
  %7 = onnx.Identity %c : (tensor<4xcomplex<f64>>) -> tensor<*xcomplex<f64>>
  // CHECK: onnx.Identity {{.*}} : (!onnx.seq<tensor<?x3xf32>>) -> !onnx.seq<tensor<*xf32>>
  %8 = onnx.Identity %seq
      : (!onnx.seq<tensor<?x3xf32>>) -> !onnx.seq<tensor<*xf32>>
  return
}

// CHECK-LABEL: func.func @encoding
func.func @encoding(%x: tensor<?x4xf32, "any">) {
  // CHECK: onnx.Relu {{.*}} : (tensor<?x4xf32, "any">) -> tensor<?x4xf32, "any">
  %0 = onnx.Relu %x : (tensor<?x4xf32, "any">) -> tensor<?x4xf32, "any">
  // CHECK: onnx.Constant dense<1> : tensor<2xi64>{{$}}
  %1 = onnx.Constant dense<1> : tensor<2xi64>
  // CHECK: onnx.Constant dense<1> : tensor<2xi64> -> tensor<2xi64, "any">
  %2 = onnx.Constant dense<1> : tensor<2xi64> -> tensor<2xi64, "any">
  // CHECK: onnx.Constant dense<["a", "b"]> : tensor<2x!onnx.string>
  %3 = onnx.Constant dense<["a", "b"]> : tensor<2x!onnx.string>
  // CHECK: onnx.Constant dense_resource<weights> : tensor<4xf32>
  %4 = onnx.Constant dense_resource<weights> : tensor<4xf32>
  return
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x080000000000803F000000400000404000008040"
    }
  }
#-}
