// RUN: dycc-opt %s --dycc-verify-shape --split-input-file --verify-diagnostics

dyn.symbol @N in [0, 8]
func.func @what_is_in_order_passes(%x: tensor<?xf32, #dyn.value<[N]>>) -> tensor<1x?xf32, #dyn.value<[1, N]>> {
  %s = dyn.symbolic [1, N] : tensor<2xi64, #dyn.value<[2]>>
  %y = onnx.Reshape %x, %s : (tensor<?xf32, #dyn.value<[N]>>, tensor<2xi64, #dyn.value<[2]>>) -> tensor<1x?xf32, #dyn.value<[1, N]>>
  return %y : tensor<1x?xf32, #dyn.value<[1, N]>>
}

// -----

// expected-error@+1 {{expects a tensor of known rank as argument 0 after the shape stage, got 'tensor<?xf32>'}}
func.func @no_encoding(%x: tensor<?xf32>) {
  return
}

// -----

func.func @unknown_extent(%x: tensor<2xf32, #dyn.value<[2]>>) {
  // expected-error@+1 {{expects a symbolic extent at axis 0 of result 0 after the shape stage, got '?'; an input of a fixed shape (--input-shape) or range (--dim) may decide it}}
  %y = onnx.Relu %x : (tensor<2xf32, #dyn.value<[2]>>) -> tensor<?xf32, #dyn.value<[?]>>
  return
}

// -----

// expected-error@+1 {{expects a declared symbol, got 'N' in axis 0 of argument 0}}
func.func @undeclared_symbol(%x: tensor<?xf32, #dyn.value<[N]>>) {
  return
}

// -----

func.func @steering_tensor(%x: tensor<4xf32, #dyn.value<[4]>>, %s: tensor<1xi64, #dyn.value<[1]>>) {
  // expected-error@+1 {{expects a constant or symbolic operand to steer its shape after the shape stage}}
  %y = onnx.Reshape %x, %s : (tensor<4xf32, #dyn.value<[4]>>, tensor<1xi64, #dyn.value<[1]>>) -> tensor<4xf32, #dyn.value<[4]>>
  return
}

// -----

func.func @consequences_are_no_errors(%x: tensor<2xf32, #dyn.value<[2]>>, %s: tensor<1xi64, #dyn.value<[1]>>) {
  // expected-error@+1 {{expects a symbolic extent at axis 0 of result 0 after the shape stage, got '?'}}
  %a = onnx.Relu %x : (tensor<2xf32, #dyn.value<[2]>>) -> tensor<?xf32, #dyn.value<[?]>>
  %b = onnx.Relu %a : (tensor<?xf32, #dyn.value<[?]>>) -> tensor<?xf32, #dyn.value<[?]>>
  %c = onnx.Add %b, %x : (tensor<?xf32, #dyn.value<[?]>>, tensor<2xf32, #dyn.value<[2]>>) -> tensor<?xf32, #dyn.value<[?]>>
  // expected-error@+1 {{expects a constant or symbolic operand to steer its shape after the shape stage}}
  %d = onnx.Reshape %x, %s : (tensor<2xf32, #dyn.value<[2]>>, tensor<1xi64, #dyn.value<[1]>>) -> tensor<2xf32, #dyn.value<[2]>>
  return
}

// -----

// expected-error@+1 {{expects argument 0 of at most 2^48 elements, got 'tensor<4611686018427387904x2xf32, #dyn.value<[4611686018427387904, 2]>>'}}
func.func @more_elements_than_memory(%x: tensor<4611686018427387904x2xf32, #dyn.value<[4611686018427387904, 2]>>) {
  return
}

// -----

func.func @as_many_as_are_counted(%x: tensor<281474976710656xf32, #dyn.value<[281474976710656]>>) {
  return
}

// -----

// expected-error@+1 {{expects argument 0 of rank 16 or less, got 17}}
func.func @more_axes_than_loops(%x: tensor<1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32, #dyn.value<[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]>>) {
  return
}
