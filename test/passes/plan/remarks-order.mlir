// What is said of the order of launches.
// RUN: dycc-opt %s --dycc-order-launches --remarks-filter='^order$' --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s

!n = tensor<?xf32, #dyn.value<[N]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
!m = tensor<?xf32, #dyn.value<[M]>>
!v = tensor<?x8xf32, #dyn.value<[M, 8]>>
dyn.symbol @N in [1, 4096]
dyn.symbol @M in [1, 1024]
dyn.kernel @widen(%p: tensor<?xf32, #dyn.value<[s0]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>> symbols [s0 in [1, 4096]] {
  %c = onnx.Constant dense<[1, 8]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %u = onnx.Expand %p, %c : (tensor<?xf32, #dyn.value<[s0]>>, tensor<2xi64, #dyn.value<[2]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
  dyn.yield %u : tensor<?x8xf32, #dyn.value<[s0, 8]>>
}
dyn.kernel @soft(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>> symbols [s0 in [1, 4096]] {
  %u = onnx.Softmax %p : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?x8xf32, #dyn.value<[s0, 8]>>
  dyn.yield %u : tensor<?x8xf32, #dyn.value<[s0, 8]>>
}
dyn.kernel @narrow(%p: tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>> symbols [s0 in [1, 4096]] {
  %u = onnx.ReduceSum %p {keepdims = 0 : i64} : (tensor<?x8xf32, #dyn.value<[s0, 8]>>) -> tensor<?xf32, #dyn.value<[s0]>>
  dyn.yield %u : tensor<?xf32, #dyn.value<[s0]>>
}

// CHECK: "b.soft"{{.*}}Passed{{.*}}Category:order | Text="is where most is live: 139264 bytes are planned, 196608 in the order of the graph, at N = 2048, M = 512"
// CHECK: "a.narrow"{{.*}}Passed{{.*}}Text="runs behind 'a.soft'"
// CHECK: "b.soft"{{.*}}Passed{{.*}}Text="runs behind 'a.narrow'"
// CHECK-NOT: cannot be compared
func.func @proved(%x: !n, %y: !n) -> (!n, !n) {
  %a = dyn.launch @widen(%x) symbols [N] : (!n) -> !w loc("a")
  %a1 = dyn.launch @soft(%a) symbols [N] : (!w) -> !w loc("a.soft")
  %b = dyn.launch @widen(%y) symbols [N] : (!n) -> !w loc("b")
  %b1 = dyn.launch @soft(%b) symbols [N] : (!w) -> !w loc("b.soft")
  %b2 = dyn.launch @narrow(%b1) symbols [N] : (!w) -> !n loc("b.narrow")
  %a2 = dyn.launch @narrow(%a1) symbols [N] : (!w) -> !n loc("a.narrow")
  return %a2, %b2 : !n, !n
}

// CHECK: "d.soft"{{.*}}Text="is where most is live: {{[0-9]+}} bytes are planned, {{[0-9]+}} in
// CHECK: "d.soft"{{.*}}Missed{{.*}}Text="may need more than in the order of the graph at other extents: the two cannot be compared"
func.func @decided_at_a_typical_shape(%x: !m, %y: !n) -> (!v, !n) {
  %a = dyn.launch @widen(%x) symbols [M] : (!m) -> !v loc("c")
  %b = dyn.launch @soft(%a) symbols [M] : (!v) -> !v loc("c.soft")
  %c = dyn.launch @widen(%y) symbols [N] : (!n) -> !w loc("d")
  %d = dyn.launch @soft(%c) symbols [N] : (!w) -> !w loc("d.soft")
  %e = dyn.launch @narrow(%d) symbols [N] : (!w) -> !n loc("d.narrow")
  return %b, %e : !v, !n
}

// CHECK: "e.soft"{{.*}}Missed{{.*}}Text="keeps its place in the order of the graph, as all do: of those tried none takes fewer than 131072 bytes, at N = 2048, M = 512"
func.func @kept(%x: !n) -> !n {
  %a = dyn.launch @widen(%x) symbols [N] : (!n) -> !w loc("e")
  %b = dyn.launch @soft(%a) symbols [N] : (!w) -> !w loc("e.soft")
  %c = dyn.launch @narrow(%b) symbols [N] : (!w) -> !n loc("e.narrow")
  return %c : !n
}
