// RUN: dycc-opt %s --dycc-elide-branch-buffers --dycc-plan-memory --dycc-verify-plan --split-input-file | FileCheck %s
// RUN: dycc-opt %s --dycc-elide-branch-buffers --remarks-filter='^in-place$' --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=SAID

!t = tensor<?x4xf32, #dyn.value<[N, 4]>>
!k = tensor<?x4xf32, #dyn.value<[s0, 4]>>
!c = tensor<i1, #dyn.value<[]>>
dyn.symbol @N in [0, 64]
dyn.kernel @relu(%p: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Relu %p : (!k) -> !k
  dyn.yield %s : !k
}
dyn.kernel @both(%p: !k, %q: !k) -> !k symbols [s0 in [0, 64]] {
  %s = onnx.Add %p, %q : (!k, !k) -> !k
  dyn.yield %s : !k
}

// Blocks that may be skipped, each over what came before: one slot for them, one
// for what is inside and for the output.
// SAID: is written over operand 1, whose memory is kept for what a branch passes through
// CHECK-LABEL: func.func @skipped_blocks
// CHECK-SAME: slots [16 * N, 16 * N], outputs
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, [[A:[0-9]+]]>]}
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, [[B:[0-9]+]]>]}
// CHECK: dyn.launch @both({{.*}}{places = [#dyn.place<alias, 1>]}
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, [[B]]>]}
// CHECK: dyn.launch @both({{.*}}{places = [#dyn.place<alias, 1>]}
func.func @skipped_blocks(%x: !t, %c: !c, %d: !c) -> !t {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.if (%c : !c) -> !t then {
    %in = dyn.launch @relu(%a) symbols [N] : (!t) -> !t
    %sum = dyn.launch @both(%in, %a) symbols [N] : (!t, !t) -> !t
    dyn.yield %sum : !t
  } else {
    dyn.yield %a : !t
  }
  %e = dyn.if (%d : !c) -> !t then {
    dyn.yield %b : !t
  } else {
    %in = dyn.launch @relu(%b) symbols [N] : (!t) -> !t
    %sum = dyn.launch @both(%in, %b) symbols [N] : (!t, !t) -> !t
    dyn.yield %sum : !t
  }
  %y = dyn.launch @relu(%e) symbols [N] : (!t) -> !t
  return %y : !t
}

// The result's name behind the branch is no later reader, another name is.
// CHECK-LABEL: func.func @read_behind
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, {{.*}}>]}
func.func @read_behind(%x: !t, %c: !c) -> !t {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.if (%c : !c) -> !t then {
    %r = dyn.launch @relu(%a) symbols [N] : (!t) -> !t
    dyn.yield %r : !t
  } else {
    dyn.yield %a : !t
  }
  %y = dyn.launch @both(%a, %b) symbols [N] : (!t, !t) -> !t
  return %y : !t
}

// Under the name of what another branch passed through.
// CHECK-LABEL: func.func @read_under_another_name
// CHECK: dyn.if
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, {{.*}}>]}
func.func @read_under_another_name(%x: !t, %c: !c, %d: !c) -> !t {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %o = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %n = dyn.if (%c : !c) -> !t then {
    dyn.yield %a : !t
  } else {
    dyn.yield %o : !t
  }
  %b = dyn.if (%d : !c) -> !t then {
    %r = dyn.launch @relu(%a) symbols [N] : (!t) -> !t
    dyn.yield %r : !t
  } else {
    dyn.yield %a : !t
  }
  %y = dyn.launch @both(%n, %b) symbols [N] : (!t, !t) -> !t
  return %y : !t
}

// An input is the caller's, whichever branch passed it through.
// CHECK-LABEL: func.func @input
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, {{.*}}>]}
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<arena, {{.*}}>]}
func.func @input(%x: !t, %c: !c, %d: !c) -> !t {
  %b = dyn.if (%c : !c) -> !t then {
    %r = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
    dyn.yield %r : !t
  } else {
    dyn.yield %x : !t
  }
  %e = dyn.if (%d : !c) -> !t then {
    %r = dyn.launch @relu(%b) symbols [N] : (!t) -> !t
    dyn.yield %r : !t
  } else {
    dyn.yield %b : !t
  }
  %y = dyn.launch @relu(%e) symbols [N] : (!t) -> !t
  return %y : !t
}

// What the other branch reads is no reader on this path.
// CHECK-LABEL: func.func @read_in_the_other_branch
// CHECK: dyn.if
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<alias, 0>]}
// CHECK: dyn.launch @relu({{.*}}{places = [#dyn.place<alias, 0>]}
func.func @read_in_the_other_branch(%x: !t, %c: !c) -> !t {
  %a = dyn.launch @relu(%x) symbols [N] : (!t) -> !t
  %b = dyn.if (%c : !c) -> !t then {
    %r = dyn.launch @relu(%a) symbols [N] : (!t) -> !t
    dyn.yield %r : !t
  } else {
    %r = dyn.launch @relu(%a) symbols [N] : (!t) -> !t
    dyn.yield %r : !t
  }
  %y = dyn.launch @relu(%b) symbols [N] : (!t) -> !t
  return %y : !t
}
