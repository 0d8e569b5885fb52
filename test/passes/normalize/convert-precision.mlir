// RUN: dycc-opt %s --dycc-convert-precision --cse --split-input-file | FileCheck %s
// RUN: dycc-opt %s --dycc-convert-precision=element=bf16 --cse --split-input-file | FileCheck %s --check-prefix=BF16
// RUN: dycc-opt %s --dycc-convert-precision=keep-f32=second --cse --split-input-file | FileCheck %s --check-prefix=KEPT
// RUN: dycc-opt %s --dycc-convert-precision --split-input-file --remarks-filter=layout --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK: a constant has elements beyond the range of 16 bits
// REMARK: a constant has elements beyond the range of 16 bits
// REMARK: a parameter is too small for 16 bits

// CHECK-LABEL: func.func @a_product_stores_halves
// CHECK: %[[X:.+]] = onnx.Cast %arg0 {to = 10 : i64} : (tensor<?x2xf32>) -> tensor<?x2xf16>
// CHECK: %[[W:.+]] = onnx.Constant dense<1.500000e+00> : tensor<2x2xf16>
// CHECK: %[[A:.+]] = onnx.MatMul %[[X]], %[[W]] : (tensor<?x2xf16>, tensor<2x2xf16>) -> tensor<?x2xf16>
// CHECK: %[[R:.+]] = onnx.Relu %[[A]] : (tensor<?x2xf16>) -> tensor<?x2xf16>
// CHECK: %[[B:.+]] = onnx.MatMul %[[R]], %[[W]] : (tensor<?x2xf16>
// CHECK: %[[Y:.+]] = onnx.Cast %[[B]] {to = 1 : i64} : (tensor<?x2xf16>) -> tensor<?x2xf32>
// CHECK: return %[[Y]]
// BF16-LABEL: func.func @a_product_stores_halves
// BF16: onnx.Cast %arg0 {to = 16 : i64} : (tensor<?x2xf32>) -> tensor<?x2xbf16>
// KEPT-LABEL: func.func @a_product_stores_halves
// KEPT: %[[R:.+]] = onnx.Relu
// KEPT: %[[F:.+]] = onnx.Cast %[[R]] {to = 1 : i64}
// KEPT: onnx.MatMul %[[F]], %{{.+}} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
func.func @a_product_stores_halves(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = onnx.Constant dense<1.5> : tensor<2x2xf32>
  %a = onnx.MatMul %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %r = onnx.Relu %a : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %b = onnx.MatMul %r, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32> loc("second")
  return %b : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @large_weights_stay
// CHECK: onnx.MatMul %arg0, %{{.+}} : (tensor<?x2xf32>, tensor<2x2xf32>)
// BF16-LABEL: func.func @large_weights_stay
// BF16: onnx.MatMul %{{.+}}, %{{.+}} : (tensor<?x2xbf16>, tensor<2x2xbf16>)
func.func @large_weights_stay(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = onnx.Constant dense<1.0e5> : tensor<2x2xf32>
  %a = onnx.MatMul %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %a : tensor<?x2xf32>
}

// -----

// A mask of -1e9 is no infinity: a row of them alone has a softmax.
// CHECK-LABEL: func.func @masks_stay
// CHECK: %[[S:.+]] = onnx.MatMul {{.+}} -> tensor<2x2xf16>
// CHECK: %[[F:.+]] = onnx.Cast %[[S]] {to = 1 : i64}
// CHECK: %[[A:.+]] = onnx.Add %[[F]], %{{.+}} : (tensor<2x2xf32>
// CHECK: %[[P:.+]] = onnx.Softmax %[[A]] : (tensor<2x2xf32>) -> tensor<2x2xf32>
// CHECK: %[[H:.+]] = onnx.Cast %[[P]] {to = 10 : i64}
// CHECK: onnx.MatMul %[[H]], %{{.+}} -> tensor<2x2xf16>
func.func @masks_stay(%x: tensor<2x2xf32>, %m: tensor<2x2xi64>) -> tensor<2x2xf32> {
  %c = onnx.Constant dense<-1.0e9> : tensor<f32>
  %f = onnx.Cast %m {to = 1 : i64} : (tensor<2x2xi64>) -> tensor<2x2xf32>
  %k = onnx.Mul %f, %c : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %s = onnx.MatMul %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %a = onnx.Add %s, %k : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %p = onnx.Softmax %a : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %y = onnx.MatMul %p, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: func.func @statistics_stay
// CHECK: %[[H:.+]] = onnx.MatMul {{.+}} -> tensor<2x2xf16>
// CHECK: %[[F:.+]] = onnx.Cast %[[H]] {to = 1 : i64}
// CHECK: %[[S:.+]] = onnx.Mul %[[F]], %[[F]] : (tensor<2x2xf32>, tensor<2x2xf32>)
// CHECK: %[[M:.+]] = onnx.ReduceSum %[[S]], {{.+}} -> tensor<2x1xf32>
// CHECK: %[[E:.+]] = onnx.Add %[[M]], {{.+}} -> tensor<2x1xf32>
// CHECK: %[[Q:.+]] = onnx.Sqrt %[[E]] : (tensor<2x1xf32>) -> tensor<2x1xf32>
// CHECK: %[[D:.+]] = onnx.Div %[[F]], %[[Q]] : (tensor<2x2xf32>, tensor<2x1xf32>)
// CHECK: onnx.Cast %[[D]] {to = 10 : i64}
func.func @statistics_stay(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %e = onnx.Constant dense<1.0e-12> : tensor<f32>
  %n = onnx.Constant dense<1> : tensor<1xi64>
  %h = onnx.MatMul %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %s = onnx.Mul %h, %h : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %m = onnx.ReduceSum %s, %n : (tensor<2x2xf32>, tensor<1xi64>) -> tensor<2x1xf32>
  %a = onnx.Add %m, %e : (tensor<2x1xf32>, tensor<f32>) -> tensor<2x1xf32>
  %q = onnx.Sqrt %a : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %d = onnx.Div %h, %q : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  %y = onnx.MatMul %d, %d : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}

// -----

// CHECK-LABEL: func.func @positions_stay
// CHECK: %[[M:.+]] = onnx.MatMul {{.+}} -> tensor<1x2xf16>
// CHECK: %[[F:.+]] = onnx.Cast %[[M]] {to = 1 : i64}
// CHECK: %[[A:.+]] = onnx.Add %[[F]], %{{.+}} : (tensor<1x2xf32>
// CHECK: %[[R:.+]] = onnx.Floor %[[A]] : (tensor<1x2xf32>)
// CHECK: onnx.Cast %[[R]] {to = 7 : i64} : (tensor<1x2xf32>) -> tensor<1x2xi64>
func.func @positions_stay(%x: tensor<1x2xf32>) -> tensor<1x2xi64> {
  %w = onnx.Constant dense<1.5> : tensor<2x2xf32>
  %h = onnx.Constant dense<0.5> : tensor<f32>
  %m = onnx.MatMul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %a = onnx.Add %m, %h : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
  %r = onnx.Floor %a : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %y = onnx.Cast %r {to = 7 : i64} : (tensor<1x2xf32>) -> tensor<1x2xi64>
  return %y : tensor<1x2xi64>
}

// -----

// Between nodes that stay f32 by name nothing is rounded; others read 16 bits of them.
// CHECK-LABEL: func.func @kept_ones_read_all_of_each_other
// CHECK: onnx.MatMul {{.+}} -> tensor<?x2xf16>
// KEPT-LABEL: func.func @kept_ones_read_all_of_each_other
// KEPT: %[[A:.+]] = onnx.MatMul {{.+}} -> tensor<?x2xf32>
// KEPT: %[[H:.+]] = onnx.Cast %[[A]] {to = 10 : i64}
// KEPT: %[[B:.+]] = onnx.MatMul %[[A]], {{.+}} -> tensor<?x2xf32>
// KEPT: %[[C:.+]] = onnx.MatMul %[[H]], {{.+}} -> tensor<?x2xf16>
// KEPT: return %[[B]]
func.func @kept_ones_read_all_of_each_other(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = onnx.Constant dense<1.5> : tensor<2x2xf32>
  %a = onnx.MatMul %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32> loc("second")
  %b = onnx.MatMul %a, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32> loc("second")
  %c = onnx.MatMul %a, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %b, %c : tensor<?x2xf32>, tensor<?x2xf32>
}
