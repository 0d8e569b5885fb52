#!/usr/bin/env python3
"""Prints ElementRules.inc: which element types each ONNX operator takes, from
the schemas of the `onnx` package.

  element-rules.py > ElementRules.inc
"""
import re
import string

import onnx
from onnx import TensorProto, defs

SEQUENCE, OPTIONAL = 40, 41  # Bits beyond the data types, see ElementTypes.cpp.
NAMES = {"float": "FLOAT", "double": "DOUBLE"}


def bit(text):
    """The bit of one type such as `tensor(float)` or `seq(tensor(int8))`."""
    kind, inner = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
    if kind == "tensor":
        return TensorProto.DataType.Value(NAMES.get(inner, inner.upper()))
    return {"seq": SEQUENCE, "optional": OPTIONAL}[kind]


def mask(schema, variable):
    for constraint in schema.type_constraints:
        if constraint.type_param_str == variable:
            return sum({1 << bit(t) for t in constraint.allowed_type_strs})
    return 1 << bit(variable)


def row(schema, sets):
    variables = []

    def letter(parameter):
        if parameter.type_str not in variables:
            variables.append(parameter.type_str)
        name = string.ascii_lowercase[variables.index(parameter.type_str)]
        variadic = parameter.option == defs.OpSchema.FormalParameterOption.Variadic
        return name if parameter.is_homogeneous or not variadic else name.upper()

    inputs = "".join(letter(i) for i in schema.inputs)
    outputs = "".join(letter(o) for o in schema.outputs)
    ids = [sets.setdefault(mask(schema, v), len(sets)) for v in variables]
    ids = ", ".join(map(str, ids))
    return f'{{"{schema.name}", "{inputs}", "{outputs}", {{{ids}}}}},'


def describe(value):
    names = [TensorProto.DataType.Name(i) for i in range(1, SEQUENCE)
             if value >> i & 1]
    names += ["SEQUENCE"] * (value >> SEQUENCE & 1)
    names += ["OPTIONAL"] * (value >> OPTIONAL & 1)
    return " ".join(names)


def main():
    schemas = [s for s in defs.get_all_schemas()
               if s.domain == "" and not s.deprecated]
    sets = {}
    rows = [row(s, sets) for s in sorted(schemas, key=lambda s: s.name)]
    print(f"// Printed by element-rules.py from onnx {onnx.__version__}.")
    print("// clang-format off")
    print("#ifdef DYCC_ELEMENT_SETS")
    for value, index in sets.items():
        print(f"/* {index} */ {value:#x}, // {describe(value)}")
    print("#undef DYCC_ELEMENT_SETS\n#endif\n#ifdef DYCC_ELEMENT_RULES")
    print("\n".join(rows))
    print("#undef DYCC_ELEMENT_RULES\n#endif\n// clang-format on")


if __name__ == "__main__":
    main()
