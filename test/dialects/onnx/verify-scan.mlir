// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @scan_c1(%x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects num_scan_inputs in [1, 1], got 2}}
  %r = onnx.Scan %x {num_scan_inputs = 2 : i64}
      : (tensor<5x2xf32>) -> tensor<5x2xf32> {
  ^bb0(%e: tensor<2xf32>):
    onnx.Yield %e : tensor<2xf32>
  }
  return
}

// -----

func.func @scan_c2(%x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects every region to end in onnx.Yield}}
  %r = onnx.Scan %x {num_scan_inputs = 1 : i64}
      : (tensor<5x2xf32>) -> tensor<5x2xf32> {
  ^bb0(%e: tensor<2xf32>):
    func.return
  }
  return
}

// -----

func.func @scan_c3_arguments(%x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects 1 block arguments, got 0}}
  %r = onnx.Scan %x {num_scan_inputs = 1 : i64}
      : (tensor<5x2xf32>) -> tensor<5x2xf32> {
    onnx.Yield %x : tensor<5x2xf32>
  }
  return
}

// -----

func.func @scan_c3_yield(%x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects 1 values at the end of the body, got 0}}
  %r = onnx.Scan %x {num_scan_inputs = 1 : i64}
      : (tensor<5x2xf32>) -> tensor<5x2xf32> {
  ^bb0(%e: tensor<2xf32>):
    onnx.Yield
  }
  return
}

// -----

func.func @scan_c4(%s: tensor<2xf32>, %x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects a result per state, 1, got 0}}
  onnx.Scan %s, %x {num_scan_inputs = 1 : i64}
      : (tensor<2xf32>, tensor<5x2xf32>) -> () {
  ^bb0(%a: tensor<2xf32>, %e: tensor<2xf32>):
    onnx.Yield
  }
  return
}

// -----

func.func @scan_c5(%x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects 1 scan_output_axes entries, got 2}}
  %r = onnx.Scan %x
      {num_scan_inputs = 1 : i64, scan_output_axes = array<i64: 0, 1>}
      : (tensor<5x2xf32>) -> tensor<5x2xf32> {
  ^bb0(%e: tensor<2xf32>):
    onnx.Yield %e : tensor<2xf32>
  }
  return
}

// -----

func.func @scan_c6(%x: tensor<5x2xf32>) {
  // expected-error @+1 {{expects equal element types of operand and block argument 0, got 'tensor<5x2xf32>' and 'tensor<2xf64>'}}
  %r = onnx.Scan %x {num_scan_inputs = 1 : i64}
      : (tensor<5x2xf32>) -> tensor<5x2xf64> {
  ^bb0(%e: tensor<2xf64>):
    onnx.Yield %e : tensor<2xf64>
  }
  return
}

// -----

func.func @sequence_map_c1(%s: !onnx.seq<tensor<?xf32>>) {
  // expected-error @+1 {{expects every region to end in onnx.Yield}}
  onnx.SequenceMap %s : (!onnx.seq<tensor<?xf32>>) -> () {
  ^bb0(%e: tensor<?xf32>):
    func.return
  }
  return
}

// -----

func.func @sequence_map_c2(%s: !onnx.seq<tensor<?xf32>>) {
  // expected-error @+1 {{expects 1 block arguments, got 0}}
  onnx.SequenceMap %s : (!onnx.seq<tensor<?xf32>>) -> () {
    onnx.Yield
  }
  return
}

// -----

func.func @sequence_map_c3(%s: !onnx.seq<tensor<?xf32>>) {
  // expected-error @+1 {{expects 0 values at the end of the body, got 1}}
  onnx.SequenceMap %s : (!onnx.seq<tensor<?xf32>>) -> () {
  ^bb0(%e: tensor<?xf32>):
    onnx.Yield %e : tensor<?xf32>
  }
  return
}

// -----

func.func @optional_c1() {
  // expected-error @+1 {{expects a type where it has no input, got neither}}
  %o = onnx.Optional : () -> !onnx.opt<tensor<2xf32>>
  return
}

// -----

func.func @optional_c2(%x: tensor<2xf64>) {
  // expected-error @+1 {{expects equal element types of optional and input 0, got 'tensor<2xf32>' and 'tensor<2xf64>'}}
  %o = onnx.Optional %x : (tensor<2xf64>) -> !onnx.opt<tensor<2xf32>>
  return
}

// -----

func.func @yield_outside(%x: tensor<2xf64>) {
  // expected-error @+1 {{expects parent op to be one of 'onnx.If, onnx.Loop, onnx.Scan, onnx.SequenceMap'}}
  onnx.Yield %x : tensor<2xf64>
}
