// RUN: dycc-opt %s --dycc-expand-functions | FileCheck %s

// CHECK-LABEL: func.func @identity_is_its_operand
// CHECK-SAME: (%[[X:.+]]: tensor<2xf32>) -> tensor<2xf32>
func.func @identity_is_its_operand(%x: tensor<2xf32>) -> tensor<*xf32> {
  // CHECK-NEXT: return %[[X]]
  %0 = onnx.Identity %x : (tensor<2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// CHECK-LABEL: func.func @dropout_does_nothing_without_training
// CHECK-SAME: (%[[X:.+]]: tensor<?xf32>, %[[T:.+]]: tensor<i1>)
func.func @dropout_does_nothing_without_training(%x: tensor<?xf32>, %t: tensor<i1>) -> (tensor<*xf32>, tensor<*xi1>, tensor<*xf32>) {
  // CHECK-DAG: %[[ONE:.+]] = onnx.Constant dense<true>
  // CHECK-DAG: %[[S:.+]] = onnx.Shape %[[X]]
  // CHECK: %[[M:.+]] = onnx.Expand %[[ONE]], %[[S]]
  // CHECK: onnx.RandomUniformLike %[[X]]
  // CHECK: %[[K:.+]] = onnx.GreaterOrEqual
  // CHECK: %[[D:.+]] = onnx.Where %[[K]]
  // CHECK-NOT: onnx.Dropout
  // CHECK: return %[[X]], %[[M]], %[[D]]
  %0, %mask = onnx.Dropout %x {operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?xf32>) -> (tensor<*xf32>, tensor<*xi1>)
  %1, %mask1 = onnx.Dropout %x, %t {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?xf32>, tensor<i1>) -> (tensor<*xf32>, tensor<*xi1>)
  return %0, %mask, %1 : tensor<*xf32>, tensor<*xi1>, tensor<*xf32>
}

// CHECK-LABEL: func.func @reductions_are_sums
// CHECK-SAME: (%[[X:.+]]: tensor<?x?xf32>, %[[A:.+]]: tensor<1xi64>)
func.func @reductions_are_sums(%x: tensor<?x?xf32>, %a: tensor<1xi64>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[ABS:.+]] = onnx.Abs %[[X]]
  // CHECK: %[[L1:.+]] = onnx.ReduceSum %[[ABS]], %[[A]] {keepdims = 0 : i64
  // CHECK: %[[SQ:.+]] = onnx.Mul %[[X]], %[[X]]
  // CHECK: %[[SUM:.+]] = onnx.ReduceSum %[[SQ]], %[[A]]
  // CHECK: %[[L2:.+]] = onnx.Sqrt %[[SUM]]
  // CHECK: return %[[L1]], %[[L2]]
  %0 = onnx.ReduceL1 %x, %a {keepdims = 0 : i64} : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<*xf32>
  %1 = onnx.ReduceL2 %x, %a : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<*xf32>
  return %0, %1 : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: func.func @square_root_of_integers_is_kept
func.func @square_root_of_integers_is_kept(%x: tensor<?xi32>) -> tensor<*xi32> {
  // CHECK: onnx.ReduceL2
  %1 = onnx.ReduceL2 %x : (tensor<?xi32>) -> tensor<*xi32>
  return %1 : tensor<*xi32>
}

// CHECK-LABEL: func.func @lone_batch_norm_is_a_product_and_a_sum
func.func @lone_batch_norm_is_a_product_and_a_sum(%x: tensor<?x4x?x?xf32>, %p: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: %[[SHAPE:.+]] = onnx.Constant dense<[-1, 1, 1]>
  // CHECK: %[[F:.+]] = onnx.Reshape %{{.+}}, %[[SHAPE]]
  // CHECK: onnx.Mul %{{.+}}, %[[F]]
  // CHECK-NOT: onnx.BatchNormalization
  %y = onnx.BatchNormalization %x, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x4x?x?xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @batch_norm_of_unknown_rank_is_kept
func.func @batch_norm_of_unknown_rank_is_kept(%x: tensor<*xf32>, %p: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: onnx.BatchNormalization
  %y = onnx.BatchNormalization %x, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// The replacement has the type of what it replaces, so the next one has a rank.
// CHECK-LABEL: func.func @ranks_are_handed_on
func.func @ranks_are_handed_on(%x: tensor<?x4x?xf32>, %p: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK-NOT: onnx.BatchNormalization
  // CHECK: onnx.Add {{.+}} -> tensor<?x4x?xf32>
  // CHECK-NOT: onnx.BatchNormalization
  %y = onnx.BatchNormalization %x, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x4x?xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x?xf32>
  %z = onnx.BatchNormalization %y, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x4x?xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// CHECK-LABEL: func.func @training_takes_the_statistics_of_the_batch
// CHECK-SAME: (%[[X:.+]]: tensor<?x4x?xf32>, %[[P:.+]]: tensor<4xf32>)
func.func @training_takes_the_statistics_of_the_batch(%x: tensor<?x4x?xf32>, %p: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: %[[AXES:.+]] = onnx.Constant dense<[0, 2]>
  // CHECK: %[[MEAN:.+]] = onnx.ReduceMean %[[X]], %[[AXES]]
  // CHECK: %[[CENTRED:.+]] = onnx.Sub %[[X]], %[[MEAN]]
  // CHECK: %[[SQUARES:.+]] = onnx.Mul %[[CENTRED]], %[[CENTRED]]
  // CHECK: onnx.ReduceMean %[[SQUARES]], %[[AXES]]
  // CHECK-NOT: onnx.BatchNormalization
  // CHECK-NOT: dense<0.9
  %y = onnx.BatchNormalization %x, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>, training_mode = 1 : i64} : (tensor<?x4x?xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @running_statistics_move_by_the_momentum
// CHECK-SAME: (%{{.+}}: tensor<?x4xf32>, %[[P:.+]]: tensor<4xf32>, %[[OLD:.+]]: tensor<4xf32>)
func.func @running_statistics_move_by_the_momentum(%x: tensor<?x4xf32>, %p: tensor<4xf32>, %old: tensor<4xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[MEAN:.+]] = onnx.Reshape
  // CHECK: %[[M:.+]] = onnx.Constant dense<7.500000e-01>
  // CHECK: %[[KEPT:.+]] = onnx.Mul %[[OLD]], %[[M]]
  // CHECK: %[[REST:.+]] = onnx.Constant dense<2.500000e-01>
  // CHECK: %[[ADDED:.+]] = onnx.Mul %[[MEAN]], %[[REST]]
  // CHECK: %[[RUNNING:.+]] = onnx.Add %[[KEPT]], %[[ADDED]]
  // CHECK: return %{{.+}}, %[[RUNNING]]
  %y, %mean = onnx.BatchNormalization %x, %p, %p, %old, %p {momentum = 7.500000e-01 : f32, resultSegmentSizes = array<i32: 1, 1, 0>, training_mode = 1 : i64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return %y, %mean : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: func.func @one_axis_is_one_channel
func.func @one_axis_is_one_channel(%x: tensor<?xf32>, %p: tensor<1xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Mul %arg0, %{{.+}} : (tensor<?xf32>,
  // CHECK-NOT: onnx.BatchNormalization
  %y = onnx.BatchNormalization %x, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// CHECK-LABEL: func.func @energies_and_norms_of_halves_are_f32
func.func @energies_and_norms_of_halves_are_f32(%x: tensor<?x4x?xf16>) -> (tensor<*xf16>, tensor<*xf16>) {
  // CHECK: onnx.AveragePool {{.+}} -> tensor<*xf32>
  // CHECK: %[[Q:.+]] = onnx.Div {{.+}} -> tensor<{{.+}}xf32>
  // CHECK: %[[Y:.+]] = onnx.Cast %[[Q]] {to = 10 : i64}
  // CHECK: %[[R:.+]] = onnx.Div {{.+}} -> tensor<{{.+}}xf32>
  // CHECK: %[[Z:.+]] = onnx.Cast %[[R]] {to = 10 : i64}
  // CHECK: return %[[Y]], %[[Z]]
  %y = onnx.LRN %x {size = 3 : i64} : (tensor<?x4x?xf16>) -> tensor<*xf16>
  %z = onnx.LpNormalization %x : (tensor<?x4x?xf16>) -> tensor<*xf16>
  return %y, %z : tensor<*xf16>, tensor<*xf16>
}

// CHECK-LABEL: func.func @statistics_of_groups_are_f32
func.func @statistics_of_groups_are_f32(%x: tensor<?x4x?xf16>, %p: tensor<4xf16>) -> tensor<*xf16> {
  // CHECK: %[[WIDE:.+]] = onnx.Cast %arg0 {to = 1 : i64}
  // CHECK: %[[ROWS:.+]] = onnx.Reshape %[[WIDE]]
  // CHECK: %[[Y:.+]] = onnx.LayerNormalization %[[ROWS]]
  // CHECK: %[[NORMAL:.+]] = onnx.Reshape %[[Y]]
  // CHECK: onnx.Mul %[[NORMAL]]
  // CHECK: %[[SUM:.+]] = onnx.Add
  // CHECK: %[[R:.+]] = onnx.Cast %[[SUM]] {to = 10 : i64}
  // CHECK: return %[[R]]
  %y = onnx.GroupNormalization %x, %p, %p {num_groups = 2 : i64} : (tensor<?x4x?xf16>, tensor<4xf16>, tensor<4xf16>) -> tensor<*xf16>
  return %y : tensor<*xf16>
}

// One kernel takes the statistics and the parameters of a channel together.
// CHECK-LABEL: func.func @statistics_of_channels_have_a_kernel
func.func @statistics_of_channels_have_a_kernel(%x: tensor<?x4x?x?xf32>, %p: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: %[[Y:.+]] = onnx.InstanceNormalization %arg0, %arg1, %arg1
  // CHECK-NEXT: return %[[Y]]
  %y = onnx.InstanceNormalization %x, %p, %p : (tensor<?x4x?x?xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
