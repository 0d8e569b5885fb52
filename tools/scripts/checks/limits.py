"""Lines of files and functions stay within what a person takes in."""

import ast
import re

from checks.common import ROOT, tracked

FILE_LINES, TABLE_LINES, FUNCTION_LINES = 400, 600, 60
# Written by tools/scripts/gen-onnx-dialect.
GENERATED = ("dialects/onnx/OnnxSchema.inc", "dialects/onnx/operators.tsv")
# A definition as clang-format leaves it: `...) const {` and its closing brace.
HEAD = re.compile(r"^( {0,4})(?!namespace|class|struct|enum|union|extern|else|if|for|while|"
                  r"switch|do\b|return|case|default)[A-Za-z~\[].*$")
OPENS = re.compile(r"\)(?: const| override| final| noexcept|\s*->\s*[\w:<>*& ]+)*\s*\{$|"
                   r"^\s+:.*\{$")


def is_python(path):
    return path.endswith(".py") or (path.startswith("tools/scripts/") and
                                    "python3" in first_line(path))


def first_line(path):
    with open(ROOT / path, errors="replace") as file:
        return file.readline()


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def cpp_functions(text):
    """(line, lines) of each definition outside of functions."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        head = HEAD.match(lines[at])
        first = at
        if not head:
            at += 1
            continue
        # The head may take some lines: parameters, initializers.
        while at < len(lines) and not lines[at].rstrip().endswith(("{", ";", "}")) and not lines[at].endswith(":"):
            at += 1
        if at < len(lines) and OPENS.search(lines[at]):
            end = next((i for i in range(at, len(lines))
                        if lines[i].rstrip() in (head[1] + "}", head[1] + "};")), at)
            yield first + 1, end - first + 1
            at = end
        at += 1


def check():
    problems = []
    for path in tracked():
        script = path.startswith("tools/") and "." not in path.rsplit("/", 1)[-1]
        if path in GENERATED or not (path.endswith((".cpp", ".h", ".hpp", ".c", ".td", ".py", ".js", ".css")) or
                                     script):
            continue
        text = (ROOT / path).read_text(errors="replace")
        lines, limit = text.count("\n"), TABLE_LINES if path.endswith(".td") else FILE_LINES
        if lines > limit:
            problems.append(f"{path}: has {lines} lines, expects at most {limit}")
        functions = (python_functions(text) if is_python(path)
                     else cpp_functions(text) if path.endswith((".cpp", ".h", ".hpp")) else ())
        problems += [f"{path}:{line}: a function of {count} lines, expects at most "
                     f"{FUNCTION_LINES}"
                     for line, count in functions if count > FUNCTION_LINES]
    return problems
