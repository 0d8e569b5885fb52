// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics

func.func @concat_ranks(%ax: tensor<2xf32>, %ay: tensor<2x2xf32>) {
  %x = onnx.Identity %ax : (tensor<2xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<2x2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects operands of one rank, got 1 and 2}}
  %z = onnx.Concat %x, %y {axis = 0 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_extents(%ax: tensor<2x3xf32>, %ay: tensor<2x4xf32>) {
  %x = onnx.Identity %ax : (tensor<2x3xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<2x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects equal extents off the axis, got 3 and 4}}
  %z = onnx.Concat %x, %y {axis = 0 : i64} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @concat_axis(%ax: tensor<2xf32>) {
  %x = onnx.Identity %ax : (tensor<2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an axis in [-1, 1), got 1}}
  %z = onnx.Concat %x {axis = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @broadcast(%ax: tensor<2xf32>, %ay: tensor<3xf32>) {
  %x = onnx.Identity %ax : (tensor<2xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects extents that broadcast, got 2 and 3}}
  %z = onnx.Add %x, %y : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @slope(%ax: tensor<2xf32>, %ay: tensor<3x2xf32>) {
  %x = onnx.Identity %ax : (tensor<2xf32>) -> tensor<*xf32>
  %y = onnx.Identity %ay : (tensor<3x2xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a slope of rank 1 at most, got 2}}
  %z = onnx.PRelu %x, %y : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @permutation(%ax: tensor<2x3xf32>) {
  %x = onnx.Identity %ax : (tensor<2x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects a permutation of the 2 axes}}
  %z = onnx.Transpose %x {perm = array<i64: 0>} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @depth_to_space_rank(%ax: tensor<4x3xf32>) {
  %x = onnx.Identity %ax : (tensor<4x3xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an input of rank 4, got rank 2}}
  %z = onnx.DepthToSpace %x {blocksize = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @space_to_depth_divides(%ax: tensor<1x1x3x4xf32>) {
  %x = onnx.Identity %ax : (tensor<1x1x3x4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an extent that 2 divides, got 3}}
  %z = onnx.SpaceToDepth %x {blocksize = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_zero(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[4, 0]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects no 0 in its shape beyond the rank 1, got one at 1}}
  %z = onnx.Reshape %x, %s : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_two_open(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[-1, -1]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects at most one -1 in its shape}}
  %z = onnx.Reshape %x, %s : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @reshape_elements(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[2, 3]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects as many elements as before, got 4 and 6}}
  %z = onnx.Reshape %x, %s : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @flatten_axis(%ax: tensor<4xf32>) {
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an axis in [-1, 1], got 2}}
  %z = onnx.Flatten %x {axis = 2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @squeeze_extent(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<0> : tensor<1xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects an extent of 1 to squeeze, got 4 and 1}}
  %z = onnx.Squeeze %x, %s : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @unsqueeze_twice(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[0, 0]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects axes that differ, got one twice}}
  %z = onnx.Unsqueeze %x, %s : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @axes_of_data(%x: tensor<4x2xf32>, %axis: tensor<i64>) {
  // expected-error@+1 {{expects constant axes}}
  %z = onnx.DFT %x, %axis {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<4x2xf32>, tensor<i64>) -> tensor<*xf32>
  return
}

// -----

func.func @more_axes_than_the_rank(%x: tensor<4xf32>, %axes: tensor<2xi64>) {
  // expected-error@+1 {{expects at most 1 axes, got 2}}
  %z = onnx.ReduceMax %x, %axes : (tensor<4xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @range_of_halves(%x: tensor<f16>) {
  %one = onnx.Constant dense<1.0> : tensor<f16>
  // expected-error@+1 {{expects constants for a range of 16-bit floats}}
  %z = onnx.Range %one, %x, %one : (tensor<f16>, tensor<f16>, tensor<f16>) -> tensor<*xf16>
  return
}

// -----

func.func @range_without_end() {
  %one = onnx.Constant dense<1.0> : tensor<f64>
  %zero = onnx.Constant dense<0.0> : tensor<f64>
  // expected-error@+1 {{expects a range that ends}}
  %z = onnx.Range %zero, %one, %zero : (tensor<f64>, tensor<f64>, tensor<f64>) -> tensor<*xf64>
  return
}

// -----

func.func @range_without_step() {
  %one = onnx.Constant dense<1> : tensor<i64>
  %zero = onnx.Constant dense<0> : tensor<i64>
  // expected-error@+1 {{expects a delta that is not 0}}
  %z = onnx.Range %zero, %one, %zero : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<*xi64>
  return
}

// -----

func.func @tile_repeats(%ax: tensor<4xf32>) {
  %s = onnx.Constant dense<[1, 2]> : tensor<2xi64>
  %x = onnx.Identity %ax : (tensor<4xf32>) -> tensor<*xf32>
  // expected-error@+1 {{expects 1 repeats, one per axis, got 2}}
  %z = onnx.Tile %x, %s : (tensor<*xf32>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @squeeze_without_axes(%x: tensor<1x?xf32> {dyn.dims = [1, "N"]}) {
  // expected-error@+1 {{expects axes, or extents that are known to be 1 or not, got 'N' at axis 1; '--dim N=1' or '--dim N=2..2147483647' would decide it}}
  %z = onnx.Squeeze %x : (tensor<1x?xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @unknown_number_of_extents(%x: tensor<4xf32>, %s: tensor<?xi64> {dyn.dims = ["R"]}) {
  // expected-error@+1 {{expects a constant or symbolic operand, or one with a known number of integers or f32, to steer its shape, got i64 of extents [R]; '--dim R=3..3' would say 3}}
  %z = onnx.Reshape %x, %s : (tensor<4xf32>, tensor<?xi64>) -> tensor<*xf32>
  return
}

// -----

// No option names what only execution knows.
func.func @number_of_the_data(%x: tensor<4xf32>, %d: tensor<9xi64>) {
  %axes = onnx.Constant dense<0> : tensor<1xi64>
  %n = onnx.NonZero %d : (tensor<9xi64>) -> tensor<*xi64>
  %s = onnx.Squeeze %n, %axes : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  // expected-error@+1 {{to steer its shape, got i64 of extents [e0]}}
  %z = onnx.Reshape %x, %s : (tensor<4xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

// What follows from an error is none of its own.
func.func @steered_by_what_has_no_rank(%x: tensor<4xf32>, %s: tensor<1xi64>, %c: tensor<i1>) {
  %axes = onnx.Constant dense<0> : tensor<1xi64>
  // expected-error@+1 {{expects branches that yield one rank, got 0 and 1}}
  %y = onnx.If %c : (tensor<i1>) -> tensor<*xi64> then {
    %a = onnx.Squeeze %s, %axes : (tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
    onnx.Yield %a : tensor<*xi64>
  } else {
    onnx.Yield %s : tensor<1xi64>
  }
  %z = onnx.Reshape %x, %y : (tensor<4xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @too_many_to_follow(%x: tensor<4xf32>, %s: tensor<100xi64>) {
  // expected-error@+1 {{to steer its shape, got i64 of extents [100]}}
  %z = onnx.Reshape %x, %s : (tensor<4xf32>, tensor<100xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @no_rule(%x: tensor<4xf32>) {
  %s = onnx.SequenceConstruct %x : (tensor<4xf32>) -> !onnx.seq<tensor<*xf32>>
  // expected-error@+1 {{expects an operator with a shape rule}}
  %z = "onnx.SequenceMap"(%s) ({
  ^bb0(%a: tensor<*xf32>):
    onnx.Yield %a : tensor<*xf32>
  }) : (!onnx.seq<tensor<*xf32>>) -> !onnx.seq<tensor<*xf32>>
  return
}

// -----

func.func @blocks_of_columns(%x: tensor<1x5x9xf32>, %y: tensor<1x4x8xf32>) {
  %image = "onnx.Constant"() {value = dense<4> : tensor<2xi64>} : () -> tensor<2xi64>
  %block = "onnx.Constant"() {value = dense<2> : tensor<2xi64>} : () -> tensor<2xi64>
  // expected-error@+1 {{expects a row for each of the 4 elements of a block in each channel, got 5}}
  %a = "onnx.Col2Im"(%x, %image, %block) : (tensor<1x5x9xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
  // expected-error@+1 {{expects a column for each of the 9 places of a block, got 8}}
  %b = "onnx.Col2Im"(%y, %image, %block) : (tensor<1x4x8xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @ranks_of_branches(%x: tensor<4xf32>, %y: tensor<2x2xf32>, %c: tensor<i1>) {
  // expected-error@+1 {{expects branches that yield one rank, got 1 and 2}}
  %z = onnx.If %c : (tensor<i1>) -> tensor<*xf32> then {
    onnx.Yield %x : tensor<4xf32>
  } else {
    onnx.Yield %y : tensor<2x2xf32>
  }
  return
}

// -----

func.func @rank_of_a_carried_value(%x: tensor<4xf32>, %m: tensor<i64>) {
  %axis = onnx.Constant dense<0> : tensor<1xi64>
  // expected-error@+1 {{expects a carried value to keep its rank, got 1 and 2}}
  %z = onnx.Loop %m, %x {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<i64>, tensor<4xf32>) -> tensor<*xf32> {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %s: tensor<*xf32>):
    %t = onnx.Unsqueeze %s, %axis : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %c, %t : tensor<i1>, tensor<*xf32>
  }
  return
}

// -----

// A value has one rank: the range of the name that decides it is worth a hint.
func.func @rank_by_an_extent(%x: tensor<?x?xf32> {dyn.dims = ["B", "K"]}) -> tensor<*xf32> {
  %last = onnx.Constant dense<1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?x?xf32>) -> tensor<*xi64>
  %k = onnx.Gather %s, %last : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %c = onnx.Equal %k, %last : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  // expected-error@+1 {{expects branches that yield one rank, got 1 and 2; '--dim K=1' or '--dim K=2..2147483647' would decide it}}
  %y = onnx.If %c : (tensor<*xi1>) -> tensor<*xf32> then {
    %a = onnx.Squeeze %x, %last : (tensor<?x?xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    onnx.Yield %x : tensor<?x?xf32>
  }
  %z = onnx.Relu %y : (tensor<*xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

func.func @trilu_of_a_vector(%x: tensor<?xf32>) {
  // expected-error@+1 {{expects an input of rank 2 or more, got rank 1}}
  %y = onnx.Trilu %x : (tensor<?xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @eye_of_a_vector(%x: tensor<?xf32>) {
  // expected-error@+1 {{expects a matrix, got rank 1}}
  %y = onnx.EyeLike %x : (tensor<?xf32>) -> tensor<*xf32>
  return
}

// -----

func.func @loop_over_nothing(%x: tensor<?xf32>) {
  %m = onnx.Constant dense<> : tensor<0xi64>
  // expected-error@+1 {{expects a trip count of one element, got 0 and 1}}
  %y = onnx.Loop %m {operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<0xi64>) -> tensor<*xf32> {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>):
    %go = onnx.Constant dense<true> : tensor<i1>
    onnx.Yield %go, %x : tensor<i1>, tensor<?xf32>
  }
  return
}

// -----

func.func @if_of_many(%x: tensor<?xf32>, %c: tensor<2xi1>) {
  // expected-error@+1 {{expects a condition of one element, got 2 and 1}}
  %y = onnx.If %c : (tensor<2xi1>) -> tensor<*xf32> then {
    onnx.Yield %x : tensor<?xf32>
  } else {
    onnx.Yield %x : tensor<?xf32>
  }
  return
}

// -----

func.func @bound_of_an_image(%x: tensor<2x3xf32>, %low: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{expects bounds of rank 1 at most, got 2}}
  %0 = onnx.Clip %x, %low {operandSegmentSizes = array<i32: 1, 1, 0>}
      : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @bounds_of_many(%x: tensor<2x3xf32>, %low: tensor<3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{expects a bound of one element, got 3 and 1}}
  %0 = onnx.Clip %x, %low {operandSegmentSizes = array<i32: 1, 1, 0>}
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @one_hot_of_a_scalar(%x: tensor<3xi64>, %v: tensor<f32>) -> tensor<*xf32> {
  %d = onnx.Constant dense<4> : tensor<i64>
  // expected-error@+1 {{expects values of rank 1, got 0}}
  %0 = onnx.OneHot %x, %d, %v : (tensor<3xi64>, tensor<i64>, tensor<f32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @one_hot_of_three(%x: tensor<3xi64>, %v: tensor<3xf32>) -> tensor<*xf32> {
  %d = onnx.Constant dense<4> : tensor<i64>
  // expected-error@+1 {{expects two values, got 3 and 2}}
  %0 = onnx.OneHot %x, %d, %v : (tensor<3xi64>, tensor<i64>, tensor<3xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @lengths_of_two_axes(%x: tensor<4x3xf32>, %n: tensor<3x1xi64>) -> tensor<*xf32> {
  // expected-error@+1 {{expects lengths of rank 1, got rank 2}}
  %0 = onnx.ReverseSequence %x, %n : (tensor<4x3xf32>, tensor<3x1xi64>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @lengths_of_fewer_sequences(%x: tensor<4x3xf32>, %n: tensor<2xi64>) -> tensor<*xf32> {
  // expected-error@+1 {{expects a length for each sequence, got 2 and 3}}
  %0 = onnx.ReverseSequence %x, %n : (tensor<4x3xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @scale_of_two_axes(%x: tensor<2x4x5xf32>, %s: tensor<1x4xf32>, %b: tensor<4xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects a parameter for each channel, of rank 1, got rank 2}}
  %0 = onnx.InstanceNormalization %x, %s, %b : (tensor<2x4x5xf32>, tensor<1x4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @groups_of_another_number_of_channels(%x: tensor<2x4x5xf32>, %s: tensor<6xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects equal channels, got 4 and 6}}
  %0 = onnx.GroupNormalization %x, %s, %s {num_groups = 2 : i64} : (tensor<2x4x5xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}

// -----

func.func @instances_of_a_vector(%x: tensor<4xf32>, %s: tensor<4xf32>) -> tensor<*xf32> {
  // expected-error@+1 {{expects an input of rank 2 or more, got rank 1}}
  %0 = onnx.InstanceNormalization %x, %s, %s : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
