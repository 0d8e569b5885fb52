// RUN: dycc-opt %s --dycc-propagate-shapes --dycc-insert-shape-checks --split-input-file | FileCheck %s

// Kernels read scale and bias at the places of X: what does not broadcast to it
// would be read beyond its end.
// CHECK-LABEL: func.func @layer_normalization
func.func @layer_normalization(%x: tensor<?x?xf32> {dyn.dims = ["N", "M"]}, %s: tensor<?xf32> {dyn.dims = ["S"]}, %b: tensor<?xf32> {dyn.dims = ["B"]}) -> tensor<*xf32> {
  // CHECK-DAG: dyn.require {{.+}} "expects extents that broadcast, got %d and %d" [M, S]
  // CHECK-DAG: dyn.require {{.+}} "expects extents that broadcast, got %d and %d" [M, B]
  %y = onnx.LayerNormalization %x, %s, %b {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @rms_normalization
func.func @rms_normalization(%x: tensor<?x?xf32> {dyn.dims = ["N", "M"]}, %s: tensor<?xf32> {dyn.dims = ["S"]}) -> tensor<*xf32> {
  // CHECK: dyn.require {{.+}} "expects extents that broadcast, got %d and %d" [M, S]
  %y = onnx.RMSNormalization %x, %s : (tensor<?x?xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @instance_normalization
func.func @instance_normalization(%x: tensor<?x?x?xf32> {dyn.dims = ["N", "C", "W"]}, %s: tensor<?xf32> {dyn.dims = ["S"]}, %b: tensor<?xf32> {dyn.dims = ["B"]}) -> tensor<*xf32> {
  // CHECK-DAG: dyn.require [eq(C, S)]
  // CHECK-DAG: dyn.require [eq(B, C)]
  %y = onnx.InstanceNormalization %x, %s, %b : (tensor<?x?x?xf32>, tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Weights of the extent that X has need no check.
// CHECK-LABEL: func.func @known_extents
func.func @known_extents(%x: tensor<?x8xf32> {dyn.dims = ["N", 8]}, %s: tensor<8xf32>) -> tensor<*xf32> {
  // CHECK-NOT: dyn.require
  %y = onnx.LayerNormalization %x, %s, %s {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
