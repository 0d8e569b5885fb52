// RUN: dycc-opt %s --verify-roundtrip | FileCheck %s

// CHECK: dyn.symbol @H in [16, 1080] multiple 4
dyn.symbol @H in [16, 1080] multiple 4
// CHECK: dyn.symbol @count in [0, 4096] execution bound 4 * H
dyn.symbol @count in [0, 4096] execution bound 4 * H
// CHECK: dyn.symbol @d0 in [0, 1080] is max(0, H - 8)
dyn.symbol @d0 in [0, 1080] is max(0, H - 8)

// CHECK-LABEL: func.func @shapes
// CHECK-SAME: tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1], channels_last<8>>>
func.func @shapes(%x: tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1], channels_last<8>>>) {
  // CHECK: dyn.symbolic [3, 2 * H] : tensor<2xi64, #dyn.value<[2]>>
  %s = dyn.symbolic [3, 2 * H] : tensor<2xi64, #dyn.value<[2]>>
  // CHECK: dyn.read %{{.+}}[1] as @count : tensor<2xi64, #dyn.value<[2]>>
  dyn.read %s[1] as @count : tensor<2xi64, #dyn.value<[2]>>
  // CHECK: dyn.define [f32_to_bits(f32_sqrt(to_f32(H)))] as @count
  dyn.define [f32_to_bits(f32_sqrt(to_f32(H)))] as @count
  // CHECK: dyn.room [2 * H] of input 0 in output 1 along 2 as @count
  dyn.room [2 * H] of input 0 in output 1 along 2 as @count
  // CHECK: dyn.require [le(count, H)] "got %d" [count]
  dyn.require [le(count, H)] "got %d" [count]
  // CHECK: dyn.convert_layout %{{.+}} : tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1], channels_last<8>>> -> tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1]>>
  %p = dyn.convert_layout %x : tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1], channels_last<8>>> -> tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1]>>
  // CHECK: dyn.view %{{.+}} : tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1]>> -> tensor<32x?x?xf32, #dyn.value<[32, H, 2 * H + 1]>>
  %v = dyn.view %p : tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1]>> -> tensor<32x?x?xf32, #dyn.value<[32, H, 2 * H + 1]>>
  // CHECK: dyn.part %{{.+}} from 64 * H + 32 : tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1]>> -> tensor<4xf32, #dyn.value<[4]>>
  %q = dyn.part %p from 64 * H + 32 : tensor<?x32x?xf32, #dyn.value<[H, 32, 2 * H + 1]>> -> tensor<4xf32, #dyn.value<[4]>>
  // CHECK: dyn.join(%{{.+}}, %{{.+}}) : (tensor<4xf32, #dyn.value<[4]>>, tensor<4xf32, #dyn.value<[4]>>) -> tensor<8xf32, #dyn.value<[8]>>
  %j = dyn.join(%q, %q) : (tensor<4xf32, #dyn.value<[4]>>, tensor<4xf32, #dyn.value<[4]>>) -> tensor<8xf32, #dyn.value<[8]>>
  return
}

// CHECK: dyn.kernel @relu(%{{.+}}: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [16, 1080] multiple 4] {
dyn.kernel @relu(%a: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [16, 1080] multiple 4] {
  %r = onnx.Relu %a : (tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  // CHECK: dyn.yield %{{.+}} : tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %r : tensor<?xf32, #dyn.value<[s0]>>
}

// Results in another layout than the values; ends without a limit; a name that is no word.
// CHECK: dyn.kernel @copy(%{{.+}}: tensor<1x8x?x?xf32, #dyn.value<[1, 8, s0, "a b"]>>)
// CHECK-SAME: -> tensor<1x8x?x?xf32, #dyn.value<[1, 8, s0, "a b"], channels_last<8>>>
// CHECK-SAME: symbols [s0 in [*, 64], "a b" in [-3, *]] attributes {note = 1 : i64} {
dyn.kernel @copy(%a: tensor<1x8x?x?xf32, #dyn.value<[1, 8, s0, "a b"]>>)
    -> tensor<1x8x?x?xf32, #dyn.value<[1, 8, s0, "a b"], channels_last<8>>>
    symbols [s0 in [*, 64], "a b" in [-3, *]] attributes {note = 1 : i64} {
  dyn.yield %a : tensor<1x8x?x?xf32, #dyn.value<[1, 8, s0, "a b"]>>
}

// CHECK: dyn.kernel @constants() -> (tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>) {
dyn.kernel @constants() -> (tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>) symbols [] {
  %a = dyn.symbolic [3] : tensor<1xi64, #dyn.value<[1]>>
  dyn.yield %a, %a : tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>
}

// CHECK: module_attribute{{.*}}#dyn.kernel_symbol<s0 in [0, 8]>
func.func private @module_attribute() attributes {dyn_test.symbol = #dyn.kernel_symbol<s0 in [0, 8] multiple 1>}

// CHECK-LABEL: func.func @calls
func.func @calls(%x: tensor<?xf32, #dyn.value<[H]>>, %m: tensor<?xi1, #dyn.value<[H]>>) {
  // CHECK: dyn.launch @relu(%{{.+}}) symbols [H] : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>>
  %y = dyn.launch @relu(%x) symbols [H] : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>>
  // CHECK: dyn.launch @constants() : () -> (tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>)
  %c:2 = dyn.launch @constants() : () -> (tensor<1xi64, #dyn.value<[1]>>, tensor<1xi64, #dyn.value<[1]>>)
  // CHECK: dyn.group(%{{.+}}) : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>> {
  %g = dyn.group(%x) : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>> {
  ^bb0(%a: tensor<?xf32, #dyn.value<[H]>>):
    %r = onnx.Relu %a : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>>
    // CHECK: dyn.yield %{{.+}} : tensor<?xf32, #dyn.value<[H]>>
    dyn.yield %r : tensor<?xf32, #dyn.value<[H]>>
  }
  // CHECK: dyn.runtime "non_zero"(%{{.+}}) defines [@count] with [1] : (tensor<?xi1, #dyn.value<[H]>>) -> tensor<1x?xi64, #dyn.value<[1, count]>>
  %i = dyn.runtime "non_zero"(%m) defines [@count] with [1] : (tensor<?xi1, #dyn.value<[H]>>) -> tensor<1x?xi64, #dyn.value<[1, count]>>
  return
}

// CHECK-LABEL: func.func @control
func.func @control(%x: tensor<?xf32, #dyn.value<[H]>>, %c: tensor<i1, #dyn.value<[]>>) {
  // CHECK: dyn.if(%{{.+}} : tensor<i1, #dyn.value<[]>>) -> tensor<?xf32, #dyn.value<[H]>> then {
  %0 = dyn.if (%c : tensor<i1, #dyn.value<[]>>) -> tensor<?xf32, #dyn.value<[H]>> then {
    dyn.yield %x : tensor<?xf32, #dyn.value<[H]>>
  } else {
    dyn.yield %x : tensor<?xf32, #dyn.value<[H]>>
  }
  // CHECK: dyn.if when [le(H, 69)] -> tensor<?xf32, #dyn.value<[H]>> then {
  %1 = dyn.if when [le(H, 69)] -> tensor<?xf32, #dyn.value<[H]>> then {
    dyn.yield %x : tensor<?xf32, #dyn.value<[H]>>
  } else {
    dyn.yield %x : tensor<?xf32, #dyn.value<[H]>>
  }
  // CHECK: dyn.loop(%{{.+}}) trips [H] : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>> {
  %2 = dyn.loop (%x) trips [H] : (tensor<?xf32, #dyn.value<[H]>>) -> tensor<?xf32, #dyn.value<[H]>> {
  ^bb0(%i: tensor<i64, #dyn.value<[]>>, %d: tensor<i1, #dyn.value<[]>>, %a: tensor<?xf32, #dyn.value<[H]>>):
    dyn.yield %d, %a : tensor<i1, #dyn.value<[]>>, tensor<?xf32, #dyn.value<[H]>>
  }
  return
}

// CHECK-LABEL: func.func @plan
// CHECK-SAME: dyn.memory = #dyn.memory<slots [4 * H, 64], outputs [slot 1, slot 0 or input 2, none], pointers 3, unbounded 1, weights 128>
func.func @plan(%x: tensor<?xf32, #dyn.value<[H]>>) attributes {
    dyn.memory = #dyn.memory<slots [4 * H, 64], outputs [slot 1, slot 0 or input 2, none],
                             pointers 3, unbounded 1, weights 128>} {
  // CHECK: dyn.view %{{.*}} {places = [#dyn.place<alias, 0>], releases = array<i64: 1, 2>}
  %v = dyn.view %x {places = [#dyn.place<alias, 0>], releases = array<i64: 1, 2>}
      : tensor<?xf32, #dyn.value<[H]>> -> tensor<?xf32, #dyn.value<[H]>>
  return
}
