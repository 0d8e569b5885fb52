"""Loops of machine code, and what llvm-mca says that they take."""

import re
import subprocess

import inner_loops

ATTRIBUTES = "+dotprod,+fullfp16,+i8mm,+bf16"
ITERATIONS = 200
ACCUMULATORS = 24  # As many as a register tile has.
PRODUCT = re.compile(r"(fmla|fmul|fmadd|sdot|udot|usdot|smmla|usmmla|smlal2?|smull2?|mla)\b")
BRANCH = re.compile(r"^(b\.\w+|b|cbn?z|tbn?z)\b.*?0x([0-9a-f]+)")


# How many elements an instruction multiplies, where these are not four.
WIDTHS = {"fmadd": 1, "sdot": 16, "udot": 16, "usdot": 16, "smmla": 32, "usmmla": 32}


def is_product(line):
    return bool(PRODUCT.match(line))


def multiplications(loop):
    """Of elements, in one iteration."""
    found = map(PRODUCT.match, loop)
    return sum(WIDTHS.get(product[1], 4) for product in found if product)


def innermost(library):
    """Loops that have none in them, as lists of instructions."""
    text = subprocess.run(["llvm-objdump-22", "-d", f"--mattr={ATTRIBUTES}",
                           "--no-show-raw-insn", str(library)],
                          check=True, capture_output=True, text=True).stdout
    code = [(int(found[1], 16), re.sub(r"\s+", " ", found[2]))
            for found in re.finditer(r"^\s*([0-9a-f]+):\s+(\S.*)$", text, re.MULTILINE)]
    places = {address: i for i, (address, _) in enumerate(code)}
    lines = [line for _, line in code]
    branches = map(BRANCH.match, lines)
    return inner_loops.innermost(
        lines, [places.get(int(branch[2], 16)) if branch else None for branch in branches])


def hottest(library):
    return max(innermost(library), key=lambda loop: sum(map(is_product, loop)))


def cycles(loop, core):
    """Of one iteration of many."""
    lines = ["step:"] + [BRANCH.sub(lambda b: b[0].rpartition("0x")[0] + "step",
                                    line.partition(" <")[0]) for line in loop]
    done = subprocess.run(
        ["llvm-mca-22", "-mtriple=aarch64-linux-gnu", f"-mcpu={core}",
         f"-mattr={ATTRIBUTES}", f"-iterations={ITERATIONS}", "-instruction-info=false",
         "-resource-pressure=false"],
        input="\n".join(lines) + "\n", check=True, capture_output=True, text=True)
    return int(re.search(r"Total Cycles:\s+(\d+)", done.stdout)[1]) / ITERATIONS


def independent(products):
    """The same instructions, each with a sum of its own, and operands that are there."""
    lines = []
    for i, line in enumerate(products):
        name, _, operands = line.partition(" ")
        registers = operands.split(", ")
        register = f"v{i % ACCUMULATORS}"
        first = re.sub(r"v\d+", register, registers[0], count=1)
        others = [re.sub(r"v\d+", f"v{30 - 2 * j}", operand, count=1)
                  for j, operand in enumerate(registers[1:])]
        lines.append(f"{name} {', '.join([first, *others])}")
    return lines
