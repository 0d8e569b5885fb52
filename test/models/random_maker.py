"""Draws legal nodes for random_operators.py: what every operator's rule is made of.

A rule (random_rules/) draws one node through a Maker, which knows the schema of the
operator at the opset: names and types of inputs, which names are attributes there, and
which types ONNX Runtime has kernels for.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from random_values import RUNS, Chance, Unfit, Value, known_type


class Maker(Chance):
    """One case: a graph of drawn nodes. `kernels` are ONNX Runtime's
    ({(domain, operator): [((first, last opset), {parameter: types})]})."""

    def __init__(self, rng, opset, kernels, prefix):
        self.rng, self.opset, self.kernels, self.prefix = rng, opset, kernels, prefix
        self.nodes, self.inputs, self.constants, self.results = [], [], {}, []
        self.symbols, self.count, self.domains = {}, 0, {""}
        self.static = self.maybe(0.25)
        self.given, self.taken, self.loose, self.exact = None, False, False, {}
        self.deviations, self.wild = [], False

    def state(self):
        return [x.copy() for x in (self.nodes, self.inputs, self.constants, self.results,
                                   self.domains, self.exact, self.deviations)] + [self.loose]

    def restore(self, state):
        (self.nodes, self.inputs, self.constants, self.results, self.domains, self.exact,
         self.deviations, self.loose) = state

    # The operator and its schema.

    def begin(self, operator, domain=""):
        """Names the operator that is drawn next, and a kernel of ONNX Runtime for it."""
        self.operator, self.domain, self.bound = operator, domain, {}
        self.domains.add(domain)
        if domain:
            self.schema, since = None, 1
        else:
            self.schema = onnx.defs.get_schema(operator, self.opset, "")
            since = self.schema.since_version
            text = " ".join([self.schema.doc, *(a.description for a in
                                                self.schema.attributes.values()),
                             *(i.description for i in self.schema.inputs)])
            self.negative = "egative" in text or "[-r" in text
        rows = [types for (first, last), types in self.kernels.get((domain, operator), ())
                if first <= since <= last]
        self.row = self.pick(rows) if rows else {}

    def is_attribute(self, name):
        return name in self.schema.attributes

    def has(self, name):
        return self.is_attribute(name) or any(i.name == name for i in self.schema.inputs)

    def kinds(self, parameter):
        """Types that the schema, dycc's kernels and ONNX Runtime have for a parameter."""
        allowed = next((c.allowed_type_strs for c in self.schema.type_constraints
                        if c.type_param_str == parameter), [parameter])
        row = self.row.get(parameter, allowed)
        found = [k for k in map(known_type, allowed) if k]
        theirs = [k for k in found if k in [known_type(t) for t in row]]
        # ONNX Runtime computes halves in f32 where it has no kernel.
        if np.dtype("float32") in theirs and np.dtype("float16") in found:
            theirs += [np.dtype("float16")]
        return theirs or found

    def kind(self, parameter, only=None):
        """The type that a parameter stands for in this node; `only`: NumPy's letters."""
        if isinstance(parameter, np.dtype):
            return parameter
        if parameter not in self.bound:
            fits = [k for k in self.kinds(parameter) if not only or k.kind in only]
            if not fits:
                raise Unfit(f"no type for {parameter}")
            if self.given and self.given.kind in fits:
                self.bound[parameter] = self.given.kind
            else:  # f32 is what most models have.
                wide = [k for k in fits if k == np.float32]
                self.bound[parameter] = self.pick(wide if wide and self.maybe(0.4) else fits)
        return self.bound[parameter]

    def deviates(self, why):
        """Says that ONNX Runtime computes this otherwise than ONNX says: onnx.reference
        judges."""
        self.deviations.append(why)

    # Values.

    def fresh(self):
        self.count += 1
        return f"{self.prefix}v{self.count}"

    def put(self, data, constant=None, known=False):
        """A value of given data: a constant where it is one for all runs, by chance.
        `known`: its extents are, where they decide a rank."""
        data = [np.asarray(d) for d in data]
        equal = all(d.shape == data[0].shape and np.array_equal(d, data[0]) for d in data)
        if constant is None:
            constant = self.maybe(0.3)
        value = Value(self.fresh(), data, constant and equal)
        if value.constant:
            self.constants[value.name] = data[0]
        else:
            self.inputs.append((value, [d[0] if known and len(set(d)) == 1 else
                                        self.declared(d) for d in value.dims]))
        return value

    def declared(self, dim):
        """How the extent of an input is written: as a number or as a symbol."""
        if len(set(dim)) == 1 and (self.static or self.maybe()):
            return dim[0]
        if dim in self.symbols and self.maybe(0.7):
            return self.symbols[dim]
        return self.symbols.setdefault(dim, f"{self.prefix}s{len(self.symbols)}") \
            if dim not in self.symbols else f"{self.symbols[dim]}_{self.count}"

    def fits(self, kind, rank, low, fill):
        g = self.given
        return g is not None and g.kind == kind and rank[0] <= g.rank <= rank[1] and \
            all(n >= low for d in g.dims for n in d) and g.is_within(fill)

    def tensor(self, kind="T", dims=None, rank=(0, 6), low=0, fill="any", constant=None,
               only=None, known=False):
        """A value of drawn data: what an earlier node gave where it fits, else an input
        or a constant."""
        kind = self.kind(kind, only)
        rank = (rank, rank) if isinstance(rank, int) else rank
        if dims is None and self.fits(kind, rank, low, fill) and not constant:
            value, self.given, self.taken = self.given, None, True
            return value
        if dims is None:
            middle = self.whole(*rank) if self.maybe(0.3) else \
                self.whole(rank[0], min(rank[1], max(rank[0], 4)))
            dims = self.dims(middle, low)
        shapes = list(zip(*dims)) if dims else [()] * RUNS
        equal = len(set(shapes)) == 1
        if constant is None:
            constant = equal and self.maybe(0.15)
        one = self.fill(kind, shapes[0], fill)
        data = [one] * RUNS if constant else [self.fill(kind, s, fill) for s in shapes]
        return self.put(data, constant, known)

    def constant(self, value, kind=np.int64):
        return self.put([np.asarray(value, kind)] * RUNS, True)

    def numbers(self, rows, kind=np.int64, constant=None):
        """An operand of given integers, one list (or number) for each run."""
        return self.put([np.asarray(r, kind) for r in rows], constant, known=True)

    # Nodes.

    def node(self, outputs=None, **given):
        """The node of the operator: operands and attributes by their names in the
        schema. A value whose name is an attribute here is written as one."""
        names, attributes = [], {}
        given = {k: v for k, v in given.items() if v is not None}
        for formal in self.schema.inputs:
            value = given.pop(formal.name, None)
            values = value if isinstance(value, list) else [value]
            names += [v.name if v else "" for v in values]
        while names and not names[-1]:
            names.pop()
        for name, value in given.items():
            if name not in self.schema.attributes:
                continue  # An opset that does not have it yet.
            if isinstance(value, Value):
                value = self.constants.pop(value.name, value.data[0]).tolist()
            attributes[name] = value
        return self.add(self.operator, names, self.some(outputs), self.domain, attributes)

    def some(self, outputs):
        """Which results are asked for: at times optional ones too."""
        if outputs is not None:
            return outputs
        optional = [o.option == onnx.defs.OpSchema.FormalParameterOption.Optional
                    for o in self.schema.outputs]
        needed = optional.index(True) if True in optional else len(optional)
        return self.whole(max(needed, 1), len(optional)) if self.maybe() else max(needed, 1)

    def add(self, operator, names, outputs=1, domain="", attributes=()):
        """A node of named inputs; `outputs`: how many, or a list of names."""
        if isinstance(outputs, int):
            outputs = [self.fresh() for _ in range(outputs)]
        self.nodes.append(helper.make_node(operator, names, outputs, domain=domain,
                                           **dict(attributes)))
        return [o for o in outputs if o]

    def attributes(self):
        """Values of the attributes whose name or type says what is legal."""
        found = {}
        for name, a in self.schema.attributes.items():
            if not self.maybe(0.6) and not a.required:
                continue
            if name in CHOICES:
                found[name] = self.pick(CHOICES[name])
            elif a.type == onnx.defs.OpSchema.AttrType.FLOAT:
                found[name] = round(float(self.rng.uniform(0.1, 1.5)), 3)
        return found

    # The model.

    def model(self, outputs=None):
        value = lambda name, kind, dims: helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(kind), dims)
        graph = helper.make_graph(
            self.nodes, "case", [value(v.name, v.kind, dims) for v, dims in self.inputs],
            [onnx.ValueInfoProto(name=n) for n in outputs or self.results],
            [numpy_helper.from_array(c, n) for n, c in self.constants.items()])
        return helper.make_model(graph, ir_version=10, opset_imports=[
            helper.make_opsetid(d, 1 if d else self.opset) for d in sorted(self.domains)])

    def feeds(self):
        return [{v.name: v.data[run] for v, _ in self.inputs} for run in range(RUNS)]


CHOICES = {"keepdims": (0, 1), "select_last_index": (0, 1), "reverse": (0, 1),
           "exclusive": (0, 1), "approximate": ("none", "tanh"), "direction": ("LEFT", "RIGHT"),
           "detect_negative": (0, 1), "detect_positive": (0, 1), "upper": (0, 1),
           "noop_with_empty_axes": (0, 1), "periodic": (0, 1)}
