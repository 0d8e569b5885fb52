"""What the programs take, read off what they say of themselves (--help): for the
page of docs/generated, the completions of shells and the manual pages.

How a value is written there says what it is (tools/command-line/Values.h):
    {a,b}            one of these
    {a,b},...        some of these, with commas between
    FILE, FILE.so    a file, with this ending; FILE.{h,hpp} with one of these
    FOLDER           a folder
    NAME=@FILE.npy   a file behind the first '@'
Other words stand for free text.
"""
import re
import subprocess
from dataclasses import dataclass, field

PROGRAMS = ("dycc", "dycc-run", "dycc-bench", "dycc-inspect", "dycc-calibrate",
            "dycc-predict")


@dataclass
class Option:
    names: list  # ["-o", "--output"]; of a positional argument its name alone.
    value: str   # "" of a flag.
    text: str
    is_repeated: bool = False

    @property
    def choices(self):
        found = re.match(r"\{([^}]*)\}", self.value)
        return found[1].split(",") if found else []

    @property
    def is_list(self):
        return bool(self.choices) and self.value.endswith(",...")

    @property
    def is_file(self):
        return bool(re.search(r"(^|@)FILE\b", self.value))

    @property
    def is_behind_name(self):
        return self.value.startswith("NAME=@FILE")

    @property
    def endings(self):
        """Of its files; none where any will do."""
        found = re.search(r"FILE\.(?:\{([^}]*)\}|(\w+))", self.value)
        return (found[1] or found[2]).split(",") if found else []

    @property
    def is_folder(self):
        return self.value == "FOLDER"


@dataclass
class Program:
    name: str
    text: str
    positionals: list = field(default_factory=list)
    options: list = field(default_factory=list)


def help_of(program, folder):
    """Its --help, wherever it lies."""
    done = subprocess.run([folder / program, "--help"], capture_output=True, text=True,
                          check=True)
    lines = done.stdout.strip().splitlines()
    return "\n".join(line.rstrip().replace(f"{folder}/", "") for line in lines)


def option_of(head, text):
    """`head`: names and value, "-o,--output FILE ...", as the help has them."""
    names, _, value = head.partition(" ")
    is_repeated = value.endswith("...")
    value = value.removesuffix(" ...").removesuffix(" REQUIRED")
    # What is checked of a number: "UINT:UINT in [1 - 9]=1" is "UINT=1".
    value = re.sub(r"^([A-Z]+):[A-Z]+( in \[[^]]*\])?", r"\1", value)
    return Option([re.sub(r"\{.*", "", name) for name in names.split(",")], value, text,
                  is_repeated)


def entries_of(lines):
    """Option by option: a line of two spaces, the text behind more of them or below."""
    found = []
    for line in lines:
        if re.match(r"  \S", line):
            head, _, text = line.strip().partition("  ")
            found.append([head, text.strip()])
        elif found and line.startswith("   "):
            found[-1][1] = f"{found[-1][1]} {line.strip()}".strip()
    return [option_of(*entry) for entry in found]


def read(program, folder):
    """What `program` in `folder` takes."""
    lines = help_of(program, folder).splitlines()
    usage = next(i for i, line in enumerate(lines) if line.startswith("Usage:"))
    at = {line: i for i, line in enumerate(lines) if line in ("Positionals:", "Options:")}
    result = Program(program, " ".join(lines[:usage]))
    result.positionals = entries_of(lines[at["Positionals:"]:at["Options:"]])
    result.options = entries_of(lines[at["Options:"]:])
    return result
