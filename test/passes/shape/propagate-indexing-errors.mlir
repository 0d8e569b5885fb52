// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics

func.func @gather_nd_depth(%ax: tensor<4xf32>, %ay: tensor<3x2xi64>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x2xi64>) -> tensor<*xi64>
  // expected-error@+1 {{expects indices with a constant last extent of at most 1, got '2'}}
  %z = onnx.GatherND %x, %y : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_nd_depth(%ax: tensor<4xf32>, %ay: tensor<3x2xi64>, %au: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x2xi64>) -> tensor<*xi64>
  %u = onnx.Identity %au : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects index tuples of the length that the ranks ask for, got 2 and 1}}
  %z = onnx.ScatterND %x, %y, %u : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_nd_rank(%ax: tensor<4xf32>, %ay: tensor<3x1xi64>, %au: tensor<3x1x1xf32>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x1xi64>) -> tensor<*xi64>
  %u = onnx.Identity %au : (tensor<3x1x1xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects updates of a rank in [1, 2], got 3}}
  %z = onnx.ScatterND %x, %y, %u : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_ranks(%ax: tensor<4xf32>, %ay: tensor<3xi64>, %au: tensor<3x1xf32>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3xi64>) -> tensor<*xi64>
  %u = onnx.Identity %au : (tensor<3x1xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects indices and updates of one rank, got 1 and 2}}
  %z = onnx.ScatterElements %x, %y, %u : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scatter_extents(%ax: tensor<4xf32>, %ay: tensor<3xi64>, %au: tensor<2xf32>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3xi64>) -> tensor<*xi64>
  %u = onnx.Identity %au : (tensor<2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects updates that agree with the indices, got 3 and 2}}
  %z = onnx.ScatterElements %x, %y, %u : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @boxes(%ax: tensor<4x4xf32>, %ay: tensor<1x1x4xf32>) {
  %x = onnx.Identity %ax : (tensor<4x4xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<1x1x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects boxes and scores of rank 3, got 2 and 3}}
  %z = onnx.NonMaxSuppression %x, %y {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xi64>
  return
}

// -----

func.func @top_k(%ax: tensor<4xf32>) {
  %k = onnx.Constant dense<5> : tensor<1xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects no more elements than there are, got 5 of 4}}
  %z:2 = onnx.TopK %x, %k : (tensor<*xf32>, tensor<1xi64>) -> (tensor<*xf32>, tensor<*xi64>)
  return
}

// -----

func.func @slice_counts(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<0> : tensor<1xi64>
  %e = onnx.Constant dense<[1, 2]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects as many starts, ends and steps as axes}}
  %z = onnx.Slice %x, %s, %e {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0>} : (tensor<*xf32>, tensor<1xi64>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @slice_steps(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<0> : tensor<1xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects constant steps that are not 0}}
  %z = onnx.Slice %x, %s, %s, %s, %s {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @split_parts(%ax: tensor<4xf32>, %as: tensor<2xi64>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  %s = onnx.Identity %as : (tensor<2xi64>) -> tensor<*xi64>
  // expected-error@+1 {{expects 1 parts, one per result, got 2}}
  %z = onnx.Split %x, %s : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @split_sum(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[2, 3]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects parts that add up to the extent, got 4 and 5}}
  %z:2 = onnx.Split %x, %s : (tensor<*xf32>, tensor<2xi64>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}

// -----

func.func @pads(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[1, 2, 3]> : tensor<3xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects 2 pads, two per axis, got 3}}
  %z = onnx.Pad %x, %s {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<*xf32>, tensor<3xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @pad_negative(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[-2, -3]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an extent that is not negative, got -1}}
  %z = onnx.Pad %x, %s {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @matmul_extents(%ax: tensor<2x3xf32>, %ay: tensor<4x5xf32>) {
  %x = onnx.Identity %ax : (tensor<2x3xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<4x5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects equal extents to sum over, got 3 and 4}}
  %z = onnx.MatMul %x, %y : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @matmul_scalar(%ax: tensor<f32>, %ay: tensor<4x5xf32>) {
  %x = onnx.Identity %ax : (tensor<f32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<4x5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects operands of rank 1 or more, got a scalar}}
  %z = onnx.MatMul %x, %y : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gemm_ranks(%ax: tensor<3xf32>, %ay: tensor<3x5xf32>) {
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects matrices, got ranks 1 and 2}}
  %z = onnx.Gemm %x, %y : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gemm_bias(%ax: tensor<2x3xf32>, %ay: tensor<3x5xf32>, %ac: tensor<1x1x5xf32>) {
  %x = onnx.Identity %ax : (tensor<2x3xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x5xf32>) -> tensor<*xf32>
  %c = onnx.Identity %ac : (tensor<1x1x5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a bias of rank 2 at most, got 3}}
  %z = onnx.Gemm %x, %y, %c : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gemm_bias_grows(%ax: tensor<1x3xf32>, %ay: tensor<3x5xf32>, %ac: tensor<4x5xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x5xf32>) -> tensor<*xf32>
  %c = onnx.Identity %ac : (tensor<4x5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a bias that broadcasts to the product, got 1 and 4}}
  %z = onnx.Gemm %x, %y, %c : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @regions_rank(%ax: tensor<1x3x8x8xf32>, %ar: tensor<5xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  %r = onnx.Identity %ar : (tensor<5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 4 and regions of rank 2, got ranks 4 and 1}}
  %z = onnx.MaxRoiPool %x, %r {pooled_shape = array<i64: 2, 2>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @regions_numbers(%ax: tensor<1x3x8x8xf32>, %ar: tensor<7x4xf32>) {
  %x = onnx.Identity %ax : (tensor<1x3x8x8xf32>) -> tensor<*xf32>
  %r = onnx.Identity %ar : (tensor<7x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects regions of 5 numbers each, got 4 and 5}}
  %z = onnx.MaxRoiPool %x, %r {pooled_shape = array<i64: 2, 2>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @det_rank(%ax: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 2 or more, got 1}}
  %z = onnx.Det %x : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @einsum_rank(%ax: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an operand of rank 2 for 'ij', got 1}}
  %z = onnx.Einsum %x {equation = "ij->i"} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @einsum_operands(%ax: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an equation of 1 operands, got 'i,j->i'}}
  %z = onnx.Einsum %x {equation = "i,j->i"} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @einsum_letters(%ax: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects letters of the operands in its result, got 'k'}}
  %z = onnx.Einsum %x {equation = "i->k"} : (tensor<*xf32>) -> tensor<*xf32>
  return
}
