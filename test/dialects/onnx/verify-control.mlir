// RUN: dycc-opt %s -split-input-file -verify-diagnostics

func.func @if_c1(%c: tensor<i1>) {
  // expected-error @+1 {{expects 0 block arguments, got 1}}
  onnx.If %c : (tensor<i1>) -> () then {
  ^bb0(%a: tensor<i1>):
    onnx.Yield
  } else {
    onnx.Yield
  }
  return
}

// -----

func.func @if_c2(%c: tensor<i1>) {
  // expected-error @+1 {{expects every region to end in onnx.Yield}}
  onnx.If %c : (tensor<i1>) -> () then {
    onnx.Yield
  } else {
    func.return
  }
  return
}

// -----

func.func @if_c3(%c: tensor<i1>, %x: tensor<2xf32>) {
  // expected-error @+1 {{expects 1 values at the end of each branch, got 0}}
  %r = onnx.If %c : (tensor<i1>) -> tensor<2xf32> then {
    onnx.Yield %x : tensor<2xf32>
  } else {
    onnx.Yield
  }
  return
}

// -----

func.func @if_c4(%c: tensor<i1>, %x: tensor<2xf32>, %y: tensor<2xf64>) {
  // expected-error @+1 {{expects equal element types of result and yielded value 0, got 'tensor<2xf32>' and 'tensor<2xf64>'}}
  %r = onnx.If %c : (tensor<i1>) -> tensor<2xf32> then {
    onnx.Yield %x : tensor<2xf32>
  } else {
    onnx.Yield %y : tensor<2xf64>
  }
  return
}

// -----

func.func @loop_c1(%m: tensor<i64>) {
  // expected-error @+1 {{expects 2 block arguments, got 1}}
  onnx.Loop %m {operandSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<i64>) -> () {
  ^bb0(%i: tensor<i64>):
    onnx.Yield
  }
  return
}

// -----

func.func @loop_c2(%m: tensor<i64>) {
  // expected-error @+1 {{expects an i64 and an i1 tensor as first block arguments, got 'tensor<i1>' and 'tensor<i64>'}}
  onnx.Loop %m {operandSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<i64>) -> () {
  ^bb0(%i: tensor<i1>, %go: tensor<i64>):
    onnx.Yield %i : tensor<i1>
  }
  return
}

// -----

func.func @loop_c3(%m: tensor<i64>) {
  // expected-error @+1 {{expects every region to end in onnx.Yield}}
  onnx.Loop %m {operandSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<i64>) -> () {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>):
    func.return
  }
  return
}

// -----

func.func @loop_c4(%m: tensor<i64>) {
  // expected-error @+1 {{expects 1 values at the end of the body, got 2}}
  onnx.Loop %m {operandSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<i64>) -> () {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>):
    onnx.Yield %go, %i : tensor<i1>, tensor<i64>
  }
  return
}

// -----

func.func @loop_c5(%m: tensor<i64>, %x: tensor<f32>) {
  // expected-error @+1 {{expects a result per carried value, 1, got 0}}
  onnx.Loop %m, %x {operandSegmentSizes = array<i32: 1, 0, 1>}
      : (tensor<i64>, tensor<f32>) -> () {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<f32>):
    onnx.Yield %go : tensor<i1>
  }
  return
}

// -----

func.func @loop_c6(%m: tensor<i64>) {
  // expected-error @+1 {{expects an i1 tensor as first yielded value, got 'tensor<i64>'}}
  onnx.Loop %m {operandSegmentSizes = array<i32: 1, 0, 0>}
      : (tensor<i64>) -> () {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>):
    onnx.Yield %i : tensor<i64>
  }
  return
}

// -----

func.func @loop_c7(%m: tensor<i64>, %x: tensor<f32>) {
  // expected-error @+1 {{expects equal element types of initial value and result 0, got 'tensor<f32>' and 'tensor<f64>'}}
  %r = onnx.Loop %m, %x {operandSegmentSizes = array<i32: 1, 0, 1>}
      : (tensor<i64>, tensor<f32>) -> tensor<f64> {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<f32>):
    onnx.Yield %go, %a : tensor<i1>, tensor<f32>
  }
  return
}

// -----

func.func @loop_c2_types(%m: tensor<i64>, %x: tensor<f32>) {
  // expected-error @+1 {{expects equal element types of initial value and block argument 0, got 'tensor<f32>' and 'tensor<f64>'}}
  %r = onnx.Loop %m, %x {operandSegmentSizes = array<i32: 1, 0, 1>}
      : (tensor<i64>, tensor<f32>) -> tensor<f32> {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<f64>):
    onnx.Yield %go, %x : tensor<i1>, tensor<f32>
  }
  return
}
