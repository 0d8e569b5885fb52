"""What the onnx package's schemas say of the operators that dycc has."""

import onnx

OLDEST = 7  # Of an older opset dycc knows what is the same in this one.
# Element types of kernels, as the page names them.
KERNEL = {"bool": "bool",
          **{f"int{bits}": f"i{bits}" for bits in (2, 4, 8, 16, 32, 64)},
          **{f"uint{bits}": f"u{bits}" for bits in (2, 4, 8, 16, 32, 64)},
          **{f"float{form}": f"f{form}" for form in (
              "4e2m1", "6e2m3", "6e3m2", "8e4m3fn", "8e4m3fnuz", "8e5m2", "8e5m2fnuz", "8e8m0")},
          "bfloat16": "bf16", "float16": "f16", "float": "f32", "double": "f64",
          "string": "strings"}
# A name for several that often come together.
NAMES = {"floats": ("bf16", "f16", "f32", "f64"), "ints": ("i8", "i16", "i32", "i64"),
         "uints": ("u8", "u16", "u32", "u64"), "f6": ("f6e2m3", "f6e3m2"),
         "f8": ("f8e4m3fn", "f8e4m3fnuz", "f8e5m2", "f8e5m2fnuz")}


def versions():
    """{operator: its schemas, the oldest first}"""
    found = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == "":
            found.setdefault(schema.name, []).append(schema)
    return {name: sorted(s, key=lambda s: s.since_version) for name, s in found.items()}


def opsets(schemas, newest):
    """From the form that OLDEST has, or the first one, to the last opset that has the
    operator; in brackets where its form changed."""
    since = [s.since_version for s in schemas]
    first = max((v for v in since if v <= OLDEST), default=since[0])
    last = since[-1] - 1 if schemas[-1].deprecated else newest
    changes = [str(v) for v in since if first < v <= last]
    return f"{first} to {last}" + (f" ({', '.join(changes)})" if changes else "")


def grouped(types):
    """Types in the order of KERNEL, whole groups by their name."""
    types = [short for long, short in KERNEL.items() if long in types]
    for name, group in NAMES.items():
        if set(group) <= set(types):
            at = types.index(group[0])
            types = [t for t in types if t not in group]
            types.insert(at, name)
    return " ".join(types)


def element_types(schema):
    """Of each type parameter those that kernels have."""
    texts = []
    for constraint in schema.type_constraints:
        names = {t.removeprefix("tensor(").removesuffix(")")
                 for t in constraint.allowed_type_strs if t.startswith("tensor(")}
        if names & KERNEL.keys():
            texts.append(f"{constraint.type_param_str}: {grouped(names)}")
    return "; ".join(texts)


def types_without_kernels(schema):
    """What the schema allows and kernels do not have, in words."""
    names = {t.removeprefix("tensor(").removesuffix(")") for c in schema.type_constraints
             for t in c.allowed_type_strs if t.startswith("tensor(")} - KERNEL.keys()
    words = [("complex", "complex numbers")]
    return [text for part, text in words
            if any(n.removeprefix("u").startswith(part) for n in names)]


def facts(support):
    """Rows for the page: (operator, opsets, element types, limits). `support` is
    {operator: (kind, note)}, as dycc-inspect --operators has it."""
    known, newest, rows = versions(), onnx.defs.onnx_opset_version(), []
    for name, (kind, note) in sorted(support.items()):
        schemas = known.get(name, [])
        if kind == "refused" or not schemas:
            rows.append((name, "", "", f"{kind}: {note}" if note else kind))
            continue
        lacking = types_without_kernels(schemas[-1])
        limits = [note] * bool(note) + [f"no {', '.join(lacking)}"] * bool(lacking)
        rows.append((name, opsets(schemas, newest), element_types(schemas[-1]),
                     "; ".join(limits)))
    return rows
