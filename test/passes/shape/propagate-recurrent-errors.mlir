// What states, batches and scanned operands have to agree in.
// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics

func.func @lstm_initial_state(%ax: tensor<5x2x3xf32>, %w: tensor<1x16x3xf32>, %r: tensor<1x16x4xf32>, %ah: tensor<1x7x4xf32>) {
  %x = onnx.Identity %ax : (tensor<5x2x3xf32>) -> tensor<*xf32>
  %h = onnx.Identity %ah : (tensor<1x7x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an initial state that agrees with the input, got 2 and 7}}
  %y = onnx.LSTM %x, %w, %r, %h {hidden_size = 4, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @attention_batch(%aq: tensor<2x4x5x8xf32>, %ak: tensor<3x4x6x8xf32>) {
  %q = onnx.Identity %aq : (tensor<2x4x5x8xf32>) -> tensor<*xf32>
  %k = onnx.Identity %ak : (tensor<3x4x6x8xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects equal batch extents, got 2 and 3}}
  %y = onnx.Attention %q, %k, %k {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @grid_sample_batch(%ax: tensor<2x3x8x8xf32>, %ag: tensor<5x4x4x2xf32>) {
  %x = onnx.Identity %ax : (tensor<2x3x8x8xf32>) -> tensor<*xf32>
  %g = onnx.Identity %ag : (tensor<5x4x4x2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects equal batch extents, got 2 and 5}}
  %y = onnx.GridSample %x, %g : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @gather_nd_batch(%ax: tensor<2x3xf32>, %ai: tensor<4x1xi64>) {
  %x = onnx.Identity %ax : (tensor<2x3xf32>) -> tensor<*xf32>
  %i = onnx.Identity %ai : (tensor<4x1xi64>) -> tensor<*xi64>
  // expected-error@+1 {{expects equal batch extents, got 2 and 4}}
  %y = onnx.GatherND %x, %i {batch_dims = 1} : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @prelu_slope(%ax: tensor<2x1xf32>, %as: tensor<5xf32>) {
  %x = onnx.Identity %ax : (tensor<2x1xf32>) -> tensor<*xf32>
  %s = onnx.Identity %as : (tensor<5xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a slope that broadcasts to the input, got 1 and 5}}
  %y = onnx.PRelu %x, %s : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @det_square(%ax: tensor<2x3x4xf32>) {
  %x = onnx.Identity %ax : (tensor<2x3x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a square matrix, got 4 and 3}}
  %y = onnx.Det %x : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @scan_lengths(%ax: tensor<5x2xf32>, %ay: tensor<6x2xf32>) {
  %x = onnx.Identity %ax : (tensor<5x2xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<6x2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects scanned operands of equal length, got 5 and 6}}
  %r = onnx.Scan %x, %y {num_scan_inputs = 2} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
  ^bb0(%a: tensor<*xf32>, %b: tensor<*xf32>):
    onnx.Yield %a : tensor<*xf32>
  }
  return
}

// -----

func.func @scan_state(%as: tensor<2xf32>, %ax: tensor<5x3xf32>) {
  %s = onnx.Identity %as : (tensor<2xf32>) -> tensor<*xf32>
  %x = onnx.Identity %ax : (tensor<5x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a state that keeps its shape, got 2 and 3}}
  %r = onnx.Scan %s, %x {num_scan_inputs = 1} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
  ^bb0(%a: tensor<*xf32>, %b: tensor<*xf32>):
    onnx.Yield %b : tensor<*xf32>
  }
  return
}

// -----

func.func @scan_state_rank(%as: tensor<2xf32>, %ax: tensor<5x3x2xf32>) {
  %s = onnx.Identity %as : (tensor<2xf32>) -> tensor<*xf32>
  %x = onnx.Identity %ax : (tensor<5x3x2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a carried value to keep its rank, got 1 and 2}}
  %r = onnx.Scan %s, %x {num_scan_inputs = 1} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32> {
  ^bb0(%a: tensor<*xf32>, %b: tensor<*xf32>):
    onnx.Yield %b : tensor<*xf32>
  }
  return
}
