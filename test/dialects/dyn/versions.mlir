// RUN: dycc-opt %s --split-input-file --verify-diagnostics

// -----

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects versions of different names, got two called 'any'}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "any", when = #dyn.expr<le(s0, 4)>, plan = #serial>, #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects a condition of each version but the last, got version 'any' without one}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "any", plan = #tasks>, #dyn.version<name = "b", plan = #serial>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects a condition of each version but the last, got version 'few' with one}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(s0, 4)>, plan = #serial>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects conditions over its symbols, got 'le(N, 4)'}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", when = #dyn.expr<le(N, 4)>, plan = #serial>, #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#serial = #dyn.kernel_plan<vector = 32, task = 0, steps = []>
#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects at least one version, got none}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    ]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
#wide = #dyn.kernel_plan<vector = 64, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects a machine of all versions or of none, got version 'any' without one}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "any", machine = "x86-64-v4", plan = #wide>, #dyn.version<name = "any", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
#wide = #dyn.kernel_plan<vector = 64, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects versions of one machine together, got version 'b' of 'x86-64-v4' behind those of another}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "any", machine = "x86-64-v4", plan = #wide>,
    #dyn.version<name = "any", machine = "x86-64-v3", plan = #tasks>,
    #dyn.version<name = "b", machine = "x86-64-v4", plan = #wide>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}

// -----

#tasks = #dyn.kernel_plan<vector = 32, task = 32768, steps = []>
#wide = #dyn.kernel_plan<vector = 64, task = 32768, steps = []>
!t = tensor<?xf32, #dyn.value<[s0]>>

// expected-error @+1 {{expects a condition of each version but the last, got version 'few' with one}}
dyn.kernel @k(%a: !t) -> !t symbols [s0 in [1, 64]] attributes {versions = [
    #dyn.version<name = "few", machine = "x86-64-v4", when = #dyn.expr<le(s0, 4)>, plan = #wide>,
    #dyn.version<name = "any", machine = "x86-64-v3", plan = #tasks>]} {
  %r = onnx.Relu %a : (!t) -> !t
  dyn.yield %r : !t
}
