"""Every error text of the sources is expected by some test.

A text is a string literal of prose (adjacent literals joined) in C++ that runs
in the compiler, the runtime or a tool. Its longest part between placeholders
has to stand in a file under test/. What no user sees is left out: assertions,
unreachable code, help of options and what a person reads of a success.
"""

import re

from checks.common import ROOT, tracked

SOURCES = ("compiler/", "dialects/", "passes/", "codegen/", "runtime/src/", "runtime/qos/",
           "runtime/include/", "tools/")
TESTS = (".mlir", ".onnxtxt", ".test", ".cpp", ".h", ".py")
# A page for a person; a test looks at what it shows.
PAGES = ("compiler/report/", "compiler/driver/Header.cpp",
         "compiler/driver/CppHeader.cpp")
# Texts that no test can reach, each with the reason.
EXCEPTIONS = ROOT / "tools" / "scripts" / "checks" / "untested-texts.tsv"

LITERAL = r'"(?:[^"\\\n]|\\.)*"'
JOINED = re.compile(rf"{LITERAL}(?:\s*{LITERAL})*")
PART = re.compile(LITERAL)
COMMENT = re.compile(rf"({LITERAL})|//[^\n]*|/\*.*?\*/", re.S)
RAW = re.compile(r'R"\((.*?)\)"', re.S)
# Statements whose texts are no errors.
SILENT = re.compile(r"\b(?:assert|static_assert|llvm_unreachable|add_option|add_flag|add_option_function|"
                    r"add_subcommand|set_version_flag|CLI::App(?: app[({])?|notifyMatchFailure|fmt::print|GROUP|"
                    r"setDescription)(?:<[^>]*>)?\s*\w*\s*[({]")
PLACEHOLDER = re.compile(r"%[-.0-9]*(?:ll|l|z)?[a-zA-Z%]|\{[^{}]*\}|\\.")

# Pages that a test compares with what a program prints, word for word.
COMPARED = ("docs/generated/operators.md",)


def strip_comments(text):
    return COMMENT.sub(lambda m: m.group(1) or " ", text)


def join(match):
    return "".join(part[1:-1] for part in PART.findall(match))


def is_prose(text):
    """Two words of small letters in a row somewhere."""
    return re.search(r"[a-z]{2,},? [a-z]{2,}", text) is not None


def statement_before(text, at):
    """What leads to a literal: back to the end of the last statement."""
    start = max(text.rfind(c, 0, at) for c in ";{}")
    return text[max(text.rfind("\n", 0, start), 0):at]


def texts_of(path):
    """(line, text) of each text that a user may see."""
    source = strip_comments((ROOT / path).read_text())
    for match in JOINED.finditer(source):
        text = join(match.group())
        if not is_prose(text) or SILENT.search(statement_before(source, match.start())):
            continue
        yield source.count("\n", 0, match.start()) + 1, text


def longest_part(text):
    return max(PLACEHOLDER.split(text), key=len).strip(" :,'\"")


def is_expected(part, tests):
    """The part, or a clause of it, stands in the tests."""
    clauses = [c for c in re.split(r"[:,;] ", part) if is_prose(c)]
    return any(c in tests for c in [part, *clauses])


def plain(text):
    """A text without what quoting or matching adds: \\" and {{...}}."""
    return re.sub(r"\s+", " ", text.replace('\\"', "").replace('"', "").replace("\\", ""))


def test_texts():
    parts = []
    for path in tracked():
        if (path.startswith("test/") and path.endswith(TESTS)) or path in COMPARED:
            text = (ROOT / path).read_text(errors="replace")
            parts.append(text)
            parts += [join(m) for m in JOINED.findall(text)]
    return plain("\n".join(parts))


def exceptions():
    if not EXCEPTIONS.exists():
        return {}
    rows = (line.split("\t") for line in EXCEPTIONS.read_text().splitlines()
            if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows}


def check():
    tests, allowed, used = test_texts(), exceptions(), set()
    problems = []
    for path in tracked():
        if path.startswith(PAGES) or not path.startswith(SOURCES) or not path.endswith((".c", ".cpp", ".h", ".hpp")):
            continue
        for line, text in texts_of(path):
            part = plain(longest_part(text)).strip()
            if is_expected(part, tests):
                continue
            if part in allowed:
                used.add(part)
                continue
            problems.append(f"{path}:{line}: no test expects \"{part}\"")
    problems += [f"{EXCEPTIONS.name}: \"{text}\" is tested or gone"
                 for text in allowed if text not in used]
    return problems
