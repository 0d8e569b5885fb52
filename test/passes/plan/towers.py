#!/usr/bin/env python3
"""Prints a function of that many towers, each of which is wide until its end."""
import sys

HEAD = """!n = tensor<?xf32, #dyn.value<[N]>>
!w = tensor<?x8xf32, #dyn.value<[N, 8]>>
!k = tensor<?xf32, #dyn.value<[s0]>>
!l = tensor<?x8xf32, #dyn.value<[s0, 8]>>
dyn.symbol @N in [1, 4096]
dyn.kernel @widen(%p: !k) -> !l symbols [s0 in [1, 4096]] {
  %c = onnx.Constant dense<[1, 8]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %u = onnx.Expand %p, %c : (!k, tensor<2xi64, #dyn.value<[2]>>) -> !l
  dyn.yield %u : !l
}
dyn.kernel @soft(%p: !l) -> !l symbols [s0 in [1, 4096]] {
  %u = onnx.Softmax %p : (!l) -> !l
  dyn.yield %u : !l
}
dyn.kernel @narrow(%p: !l) -> !k symbols [s0 in [1, 4096]] {
  %u = onnx.ReduceSum %p {keepdims = 0 : i64} : (!l) -> !k
  dyn.yield %u : !k
}"""

count = int(sys.argv[1])
names = [f"%c{i}" for i in range(count)]
print(HEAD)
print(f"func.func @towers(%x: !n) -> ({', '.join(['!n'] * count)}) {{")
for step, result, kernel, types in (("x", "a", "widen", "(!n) -> !w"),
                                    ("a", "b", "soft", "(!w) -> !w"),
                                    ("b", "c", "narrow", "(!w) -> !n")):
    for i in range(count):
        operand = "x" if step == "x" else f"{step}{i}"
        print(f"  %{result}{i} = dyn.launch @{kernel}(%{operand}) symbols [N] : {types} "
              f'loc("{result}{i}")')
print(f"  return {', '.join(names)} : {', '.join(['!n'] * count)}\n}}")
