"""What the text of a program becomes on a GPU: registers, and what its inner loop loads.

Drivers' compilers are not at hand. LLVM's for AMD's GPUs stands for them: threads of scalar
registers of 32 bits, as phones' GPUs have them.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import inner_loops

#: Vectors are loaded as one, wherever they begin.
MACHINE = ("--target=amdgcn", "-mcpu=gfx1030", "-Xclang", "-target-feature", "-Xclang",
           "+unaligned-access-mode")
PRELUDE = Path(__file__).with_name("prelude.cl")
PRODUCT = re.compile(r"v_(fma|fmac|fmaak|fmamk|fma_mix|mad|mac|mul)_f32")
LOAD = re.compile(r"(?:global_load_|flat_load_|s_load_|buffer_load_)"
                  r"\w*?(?:dword(?:x(\d+))?|(short)(?:_d16\w*)?)\b")
BRANCH = re.compile(r"s_c?branch\w*\s+(\.LBB\d+_\d+)")


#: Registers of a thread that phones' GPUs have limits for.
LIMITS = (32, 64, 128)


@dataclass
class Code:
    """A kernel of a program."""
    registers: int   # The lowest limit that no register is spilled at, else the highest.
    spilled: int     # Bytes of a thread's memory at that limit.
    products: int    # Of the inner loop, as all below.
    loaded: float    # Words of 32 bits.
    loads: int       # Instructions.


def assembled(path, registers):
    limit = f"__kernel=__kernel __attribute__((amdgpu_num_vgpr({registers})))"
    done = subprocess.run(
        ["clang-22", "-x", "cl", "-cl-std=CL1.2", "-Xclang", "-finclude-default-header",
         *MACHINE, "-nogpulib", "-O2", "-w", "-DFP_FAST_FMAF=1", "-D" + limit, "-include",
         str(PRELUDE), "-S", "-o", "-", str(path)], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{path}: clang: {done.stderr[:2000]}")
    return done.stdout


def loops(lines):
    """Those that have none inside, as lists of lines."""
    places = {line[:-1]: i for i, line in enumerate(lines) if re.match(r"\.LBB\d+_\d+:$", line)}
    branches = map(BRANCH.match, lines)
    return inner_loops.innermost(
        lines, [places.get(branch[1]) if branch else None for branch in branches])


def densest(lines):
    """Products, loaded words and loads of the inner loop with the fewest loads for a
    product: that of whole tiles."""
    found = []
    for loop in loops(lines):
        products = sum(bool(PRODUCT.match(line)) for line in loop)
        sizes = [0.5 if load[2] else int(load[1] or 1) for load in map(LOAD.match, loop) if load]
        if products and sizes:
            found.append((sum(sizes) / products, products, sum(sizes), len(sizes)))
    return min(found)[1:] if found else (0, 0, 0)


def parts(text):
    """The assembly of each kernel by its name."""
    for part in text.split("; -- Begin function ")[1:]:
        name, _, body = part.partition("\n")
        if "ScratchSize" in body and not name.startswith("__clang_ocl_kern_imp_"):
            yield name, body


def kernels(path):
    """Of each kernel of the program at `path` its code."""
    found = {}
    for limit in LIMITS:
        for name, body in parts(assembled(path, limit)):
            spilled = int(re.search(r"; ScratchSize: (\d+)", body)[1])
            if name in found and not found[name].spilled:
                continue
            lines = [line.partition(";")[0].strip() for line in body.splitlines()]
            found[name] = Code(limit, spilled, *densest([line for line in lines if line]))
    return found
