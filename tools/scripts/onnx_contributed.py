"""Schemas of the operators of other domains than ONNX's default one, for
gen-onnx-dialect."""
import sys
import types

from onnx import defs


def read(table):
    """Notes, schemas and versions by (domain, name), in the form of onnx's schemas."""
    lines = table.read_text().splitlines()[1:]
    found = {}
    for line in lines:
        domain, name, note = line.split("\t")
        domain = "" if domain == "ai.onnx" else domain
        own = [] if not domain else sorted(
            (s for s in defs.get_all_schemas_with_history()
             if (s.domain, s.name) == (domain, name)), key=lambda s: s.since_version)
        schema = own[-1] if own else runtime_schema(domain, name)
        found[domain, name] = (note, schema, [s.since_version for s in own or [schema]])
    return {key: found[key] for key in sorted(found)}


def runtime_schema(domain, name):
    from onnxruntime.capi.onnxruntime_pybind11_state import get_all_operator_schema

    for schema in get_all_operator_schema():
        if (schema.domain, schema.name) == (domain, name):
            return as_onnx_schema(schema)
    sys.exit(f"contributed.tsv: ONNX Runtime has no {domain}.{name}")


def as_onnx_schema(schema):
    def port(p):
        return types.SimpleNamespace(
            name=p.name, type_str=p.typeStr, is_homogeneous=p.isHomogeneous,
            option=getattr(defs.OpSchema.FormalParameterOption, p.option.name))

    ports = [*schema.inputs, *schema.outputs]
    return types.SimpleNamespace(
        inputs=[port(p) for p in schema.inputs],
        outputs=[port(p) for p in schema.outputs],
        attributes=schema.attributes, since_version=schema.since_version,
        type_constraints=[types.SimpleNamespace(type_param_str=p.typeStr,
                                                allowed_type_strs=p.types) for p in ports])
