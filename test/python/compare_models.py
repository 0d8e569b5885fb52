"""Texts of models that test_compare.py compares. What stands in braces is another one in
the model that is wrong: a weight, an attribute, a name or an operator."""

HEAD = '<ir_version: 8, opset_import: ["" : 17]>'
CHAIN = """net (float[N, 4] x, float[N, 4] z) => (float[N, 4] y)
  <float[4] w = {{1, 2, 3, {weight}}}, float[1] slope = {{0.5}}>
  {{ a = Relu(x)
     b = Mul(a, z)
     [add] c = Add(b, w)
     d = LeakyRelu <alpha = {alpha}> (c)
     e = Sigmoid(d)
     f = Sub(e, x)
     g = Tanh(f)
     h = Sub(g, z)
     y = Mul(h, slope) }}"""
VALUES = {"weight": 4, "alpha": 0.25}
# In float16 a kernel rounds at its end alone.
HALF = """net (float16[N] x, float16[N] a, float16[N] c) => (float16[N] y)
  { r = Relu(x)
    q = Abs(r)
    p = Mul(q, a)
    s = Sub(p, c)
    t = Add(s, s)
    y = Neg(t) }"""
LOOP = """net (float[N] x, int64 n, bool c) => (float[N] y)
  {{ true = Constant <value = bool {{1}}> ()
     start = Relu(x)
     [loop] end = Loop(n, true, start) <body = body (int64 i, bool k, float[N] v) =>
       (bool more, float[N] next)
       {{ more = Identity(k)
          t = Cast <to = 1> (i)
          last = Constant <value = float {{ {last} }}> ()
          [min] m = Min(t, last)
          [if] q = If (c) <
            then_branch = yes () => (float[N] u) {{ u0 = Cos(v) u = Add(u0, m) }},
            else_branch = no () => (float[N] w)
              {{ w0 = Sin(v) factor = Constant <value = float {{ {factor} }}> ()
                 [scale] w = Mul(w0, factor) }}>
          next = Sub(q, t) }}>
     y = Neg(end) }}"""
# What grows from trip to trip is no scan output, and neither is what is computed in
# some trips alone.
GROWING = """net (float[N] x, int64 n) => (float[M] y)
  {{ true = Constant <value = bool {{1}}> ()
     [loop] y = Loop(n, true, x) <body = body (int64 i, bool k, float[P] v) =>
       (bool more, float[Q] next)
       {{ more = Identity(k)
          two = Constant <value = int64 {{2}}> ()
          one = Constant <value = int64 {{1}}> ()
          rest = Mod(i, two)
          odd = Equal(rest, one)
          [if] q = If (odd) <
            then_branch = yes () => (float[P] u)
              {{ u0 = Cos(v) three = Constant <value = float {{ {three} }}> ()
                 [least] u = Min(u0, three) }},
            else_branch = no () => (float[P] w) {{ w = Sin(v) }}>
          next = Concat <axis = 0> (q, x) }}> }}"""
NESTED = """net (float[N] x, int64 n) => (float[N] y)
  {{ true = Constant <value = bool {{1}}> ()
     [outer] y = Loop(n, true, x) <body = body (int64 i, bool k, float[N] v) =>
       (bool more, float[N] next)
       {{ more = Identity(k)
          [inner] next = Loop(n, true, v) <body = again (int64 j, bool k2, float[N] s) =>
            (bool more2, float[N] after)
            {{ more2 = Identity(k2)
               sum = Add(i, j)
               t = Cast <to = 1> (sum)
               last = Constant <value = float {{ {last} }}> ()
               [min] m = Min(t, last)
               c = Cos(s)
               after = Add(c, m) }}> }}> }}"""
SCAN = """net (float[T, 3] x, float[3] start) => (float[3] y, float[T, 3] z)
  {{ [scan] y, z = Scan <num_scan_inputs = 1, body = body (float[3] s, float[3] row) =>
       (float[3] next, float[3] result)
       {{ last = Constant <value = float {{ {last} }}> ()
          [min] m = Min(row, last)
          next = Add(s, m)
          result = Tanh(next) }}> (start, x) }}"""
# What is wrong begins at N = 31.
SIZES = """net (float[N] x) => (float[N] y)
  {{ shape = Shape(x)
     size = Cast <to = 1> (shape)
     last = Constant <value = float {{ {last} }}> ()
     [min] m = Min(size, last)
     r = Relu(x)
     y = Add(r, m) }}"""
NAMES = """net (float[N, 4] x) => (float[N, 4] y)
  {{ {0} = Relu(x) {1} = Tanh({0}) [last] y = {2}({1}) }}"""
MATCH = """net (float[A] x, float[B] z) => (float[A] y) {{ y = Add(x, z) {0} }}"""
NARROW = """net (bfloat16[N] x) => (bfloat16[N] y) {{ y = Neg(x) }}"""
# A library that ends the process that loads it.
CRASH = """void _exit(int);
__attribute__((constructor)) static void end(void) {{ {how}; }}
"""
