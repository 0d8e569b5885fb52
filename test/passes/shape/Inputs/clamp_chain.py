"""clamp_chain.py LINKS: a function with an extent that was halved, added to
and limited so often."""

import sys

TENSOR, SCALAR = "tensor<*xi64>", "tensor<1xi64>"
print("func.func @main(%x: tensor<?xf32> {dyn.dims = [\"n\"]}) -> tensor<*xf32> {")
print(f"  %end0 = onnx.Shape %x : (tensor<?xf32>) -> {TENSOR}")
print(f"  %two = onnx.Constant dense<2> : {SCALAR}")
print(f"  %least = onnx.Constant dense<3> : {SCALAR}")
links = int(sys.argv[1])
for i in range(links):
    print(f"  %more{i} = onnx.Constant dense<{1 + i % 3}> : {SCALAR}")
    print(f"  %most{i} = onnx.Constant dense<{90 + i % 7}> : {SCALAR}")
    value = f"%end{i}"
    for op, other in (("Add", "%end0"), ("Div", "%two"), ("Add", f"%more{i}"),
                      ("Min", f"%most{i}"), ("Max", "%least")):
        is_last = op == "Max"
        result = f"%end{i + 1}" if is_last else f"{value}_"
        types = f"{TENSOR}, {TENSOR if other == '%end0' else SCALAR}"
        print(f"  {result} = onnx.{op} {value}, {other} : ({types}) -> {TENSOR}")
        value = result
print(f"  %y = onnx.ConstantOfShape %end{links} : ({TENSOR}) -> tensor<*xf32>")
print("  return %y : tensor<*xf32>\n}")
