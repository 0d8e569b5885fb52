// RUN: dycc-opt %s --dycc-propagate-shapes --dycc-insert-shape-checks --split-input-file | FileCheck %s

// An f32 that steers a shape is read as its bits.
// CHECK: dyn.symbol @e0 in [-2147483648, 2147483647] execution
// CHECK-LABEL: func.func @a_range_of_f32_data
func.func @a_range_of_f32_data(%limit: tensor<f32>) -> tensor<*xf32> {
  %zero = onnx.Constant dense<0.0> : tensor<f32>
  %one = onnx.Constant dense<1.0> : tensor<f32>
  // CHECK: dyn.read %arg0[0] as @e0 : tensor<f32
  // CHECK-NEXT: dyn.require [le({{.*}}f32_from_bits(e0){{.*}}, f32(3.4028235e+38))] "expects finite numbers to steer its shape" []
  // CHECK-NEXT: dyn.require [lt({{.*}}f32_from_bits(e0){{.*}}, f32(2.1474836e+09))] "expects a range that ends" []
  // CHECK: onnx.Range {{.+}} -> tensor<?xf32, #dyn.value<[max(0, to_int(f32_ceil(f32_div(f32_sub(f32_from_bits(e0), f32(0.0e+00)), f32(1.0e+00)))))]>>
  %r = onnx.Range %zero, %limit, %one : (tensor<f32>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  return %r : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @a_range_of_integer_data
func.func @a_range_of_integer_data(%limit: tensor<i32>, %step: tensor<i32>) -> tensor<*xi32> {
  %zero = onnx.Constant dense<0> : tensor<i32>
  // CHECK: dyn.require [not(eq(e1, 0))] "expects a delta that is not 0" []
  // CHECK: onnx.Range {{.+}} #dyn.value<[max(0, e0 ceildiv e1)]>>
  %r = onnx.Range %zero, %limit, %step : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<*xi32>
  return %r : tensor<*xi32>
}

// -----

// CHECK-LABEL: func.func @scales_of_data
func.func @scales_of_data(%x: tensor<?x7xf32> {dyn.dims = ["N", 7]}, %s: tensor<2xf32>) -> tensor<*xf32> {
  // CHECK-DAG: dyn.require [lt(f32(0.0e+00), f32_from_bits(e1))] "expects scales above 0" []
  // CHECK-DAG: dyn.require {{.+}} "expects an extent of at most %d, got %d" [2147483647, to_int(
  // CHECK: onnx.Resize {{.+}} #dyn.value<[to_int(f32_floor(f32_mul(to_f32(N), f32_from_bits(e0)))), to_int(f32_floor(f32_mul(f32(7.0e+00), f32_from_bits(e1))))]>>
  %y = onnx.Resize %x, %s {operandSegmentSizes = array<i32: 1, 0, 1, 0>} : (tensor<?x7xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// What is computed from integers is made of them: only those are read.
// CHECK-LABEL: func.func @a_cast_of_integers_reads_them
func.func @a_cast_of_integers_reads_them(%n: tensor<i64>) -> tensor<*xf32> {
  %zero = onnx.Constant dense<0.0> : tensor<f32>
  %half = onnx.Constant dense<0.5> : tensor<f32>
  // CHECK: dyn.read %arg0[0] as @e0 : tensor<i64
  // CHECK-NOT: dyn.read
  // CHECK: onnx.Range
  %f = onnx.Cast %n {to = 1 : i64} : (tensor<i64>) -> tensor<*xf32>
  %r = onnx.Range %zero, %f, %half : (tensor<f32>, tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  return %r : tensor<*xf32>
}

// -----

// What has no elements has none to interpolate. The other axis stays as it is.
// CHECK-LABEL: func.func @sizes_need_a_source
func.func @sizes_need_a_source(%x: tensor<?x?xf32> {dyn.dims = ["N", "M"]}) -> tensor<*xf32> {
  // CHECK: dyn.require {{.+}} "expects an extent above 0 to resize to %d, got %d" [5, N]
  // CHECK-NOT: dyn.require
  %m = onnx.Shape %x {start = 1 : i64} : (tensor<?x?xf32>) -> tensor<*xi64>
  %five = onnx.Constant dense<5> : tensor<1xi64>
  %s = onnx.Concat %five, %m {axis = 0 : i64} : (tensor<1xi64>, tensor<*xi64>) -> tensor<*xi64>
  %y = onnx.Resize %x, %s {operandSegmentSizes = array<i32: 1, 0, 0, 1>} : (tensor<?x?xf32>, tensor<*xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Integers that f32 holds up to a limit: below it the arithmetic is that of
// integers, and whoever is above it has a check.
// CHECK-LABEL: func.func @a_grid_through_floats
func.func @a_grid_through_floats(%x: tensor<?xf32> {dyn.dims = ["H"]}) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: dyn.require [le(H, 16711680)] "expects an extent of at most %d, up to where f32 arithmetic on it is exact, got %d" [16711680, H]
  %zero = onnx.Constant dense<0.0> : tensor<f32>
  %one = onnx.Constant dense<1.0> : tensor<f32>
  %three = onnx.Constant dense<3.0> : tensor<1xf32>
  %s = onnx.Shape %x : (tensor<?xf32>) -> tensor<*xi64>
  %f = onnx.Cast %s {to = 1 : i64} : (tensor<*xi64>) -> tensor<*xf32>
  %axes = onnx.Constant dense<0> : tensor<1xi64>
  %limit = onnx.Squeeze %f, %axes : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
  // CHECK: onnx.Range {{.+}} -> tensor<?xf32, #dyn.value<[H]>>
  %r = onnx.Range %zero, %limit, %one : (tensor<f32>, tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %q = onnx.Div %f, %three : (tensor<*xf32>, tensor<1xf32>) -> tensor<*xf32>
  %c = onnx.Ceil %q : (tensor<*xf32>) -> tensor<*xf32>
  %n = onnx.Cast %c {to = 7 : i64} : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.ConstantOfShape {{.+}} -> tensor<?xf32, #dyn.value<[(H + 2) floordiv 3]>>
  %y = onnx.ConstantOfShape %n : (tensor<*xi64>) -> tensor<*xf32>
  return %r, %y : tensor<*xf32>, tensor<*xf32>
}
