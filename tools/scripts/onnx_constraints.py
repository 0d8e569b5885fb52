"""Element types and type constraints of ONNX operators as TableGen, for
gen-onnx-dialect."""
import re
import sys

# ONNX's element types: MLIR's spelling.
ELEMENTS = {
    "float16": "f16", "bfloat16": "bf16", "float": "f32", "double": "f64",
    "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64",
    "uint8": "ui8", "uint16": "ui16", "uint32": "ui32", "uint64": "ui64",
    "bool": "i1", "string": "string",
    "complex64": "complex<f32>", "complex128": "complex<f64>",
    "float8e4m3fn": "f8E4M3FN", "float8e4m3fnuz": "f8E4M3FNUZ",
    "float8e5m2": "f8E5M2", "float8e5m2fnuz": "f8E5M2FNUZ",
    "float8e8m0": "f8E8M0FNU", "float4e2m1": "f4E2M1FN",
    "float6e2m3": "f6E2M3FN", "float6e3m2": "f6E3M2FN",
    "int4": "i4", "uint4": "ui4", "int2": "i2", "uint2": "ui2",
}
# Sets of element types that have a name, larger ones first: a constraint's name
# is made of the first that fit. The members of ElementSet in OnnxTypes.h.
NAMED_SETS = [
    ("Any", "f16 bf16 f32 f64 i8 i16 i32 i64 ui8 ui16 ui32 ui64 i1 string "
            "complex<f32> complex<f64> f8E4M3FN f8E4M3FNUZ f8E5M2 f8E5M2FNUZ "
            "f8E8M0FNU f4E2M1FN i4 ui4 i2 ui2"),
    ("Classic", "f16 f32 f64 i8 i16 i32 i64 ui8 ui16 ui32 ui64 i1 string "
                "complex<f32> complex<f64>"),
    ("Real", "f16 bf16 f32 f64 i8 i16 i32 i64 ui8 ui16 ui32 ui64"),
    ("Packed", "f8E4M3FN f8E4M3FNUZ f8E5M2 f8E5M2FNUZ f8E8M0FNU f4E2M1FN "
               "i4 ui4 i2 ui2"),
    ("Int", "i8 i16 i32 i64 ui8 ui16 ui32 ui64"),
    ("Float8", "f8E4M3FN f8E4M3FNUZ f8E5M2 f8E5M2FNUZ"),
    ("Float", "f16 bf16 f32 f64"),
    ("SInt", "i8 i16 i32 i64"),
    ("Float6", "f6E2M3FN f6E3M2FN"),
    ("Complex", "complex<f32> complex<f64>"),
    ("Bool", "i1"),
    ("String", "string"),
]


def wrap(head, items, tail, separator=", "):
    """`head item, item... tail` in lines of 80 columns."""
    lines, line = [], head
    for i, item in enumerate(items):
        text = item + (tail if i == len(items) - 1 else separator.rstrip())
        if len(line) + len(text) > 80 and line.strip():
            lines.append(line.rstrip())
            line = " " * (len(head) if len(head) < 40 else 6)
        line += text + " "
    return "\n".join(lines + [line.rstrip()]) if items else head + tail


def allowed_types(schema, port):
    for constraint in schema.type_constraints:
        if constraint.type_param_str == port.type_str:
            return constraint.allowed_type_strs
    return [port.type_str]


def element_set(types):
    """The MLIR names of the tensors' element types, then seq, opt."""
    elements = {m[1] for t in types if (m := re.fullmatch(r"tensor\((.*)\)", t))}
    result = [mlir for name, mlir in ELEMENTS.items() if name in elements]
    if elements - set(ELEMENTS):
        sys.exit(f"gen-onnx-dialect: unknown types {elements - set(ELEMENTS)}")
    for prefix, name in (("seq", "seq"), ("optional", "opt")):
        if any(t.startswith(prefix + "(") for t in types):
            result.append(name)
    return tuple(result)


def member(element):
    """The enumerator of ElementSet (OnnxTypes.h): `bf16` => `BF16`."""
    return element.capitalize() if element in ("seq", "opt") else element.upper()


def constraint_parts(elements):
    rest, parts = list(elements), []
    for name, members in NAMED_SETS:
        members = members.split()
        if set(members) <= set(rest):
            parts.append(name)
            rest = [e for e in rest if e not in members]
    return parts + [member(e) for e in rest]


def constraint_name(elements):
    return "Onnx_" + "".join(constraint_parts(elements))


def constraint_def(elements):
    tensors = [e for e in elements if e not in ("seq", "opt")]
    texts = [f"tensor of {' or '.join(tensors)}"] if tensors else []
    texts += ["sequence"] * ("seq" in elements)
    texts += ["optional"] * ("opt" in elements)
    parts = [f'"{part}"' for part in constraint_parts(elements)]
    return (wrap(f"def {constraint_name(elements)} : Onnx_ValueOf<[", parts,
                 "],") + "\n"
            + "\n".join("    " + s for s in quoted(", or ".join(texts)))
            + ">;\n")


def quoted(text, width=68):
    """A TableGen string as literals that fit into a line."""
    words, lines, line = text.split(" "), [], ""
    for i, word in enumerate(words):
        word += " " if i < len(words) - 1 else ""
        if len(line) + len(word) > width:
            lines.append(f'"{line}"')
            line = ""
        line += word
    return lines + [f'"{line}"']
