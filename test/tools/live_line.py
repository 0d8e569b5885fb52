#!/usr/bin/env python3
"""Runs dycc under a pseudo-terminal and looks at what it writes there.

    live_line.py MODEL WHERE

WHERE: what names of files begin with.
"""
import os
import pty
import re
import shutil
import struct
import sys
import fcntl
import termios

MODEL, WHERE = sys.argv[1:]
ERASE = "\r\x1b[K"
RED = "\x1b[0;1;31m"


def on_terminal(*arguments, columns=80, **environment):
    """Exit code and all that dycc writes to a terminal of so many columns."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop("NO_COLOR", None)
        os.environ.update({"TERM": "xterm", **environment})
        os.execvp("dycc", ["dycc", MODEL, *arguments])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    text = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # The other end is closed.
            break
        if not part:
            break
        text += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text.decode()


def expect(holds, text, found):
    if not holds:
        sys.exit(f"live_line: expected {text}, got {found!r}")


def screen(text):
    """What is left to see: a line that is written over is gone."""
    lines = [line.split(ERASE)[-1] for line in text.replace("\r\n", "\n").split("\n")]
    return [line for line in lines if line]


def check_line():
    cache = f"{WHERE}.cache"
    shutil.rmtree(cache, ignore_errors=True)
    out = ("-o", f"{WHERE}.so", "--cache", cache)
    code, text = on_terminal(*out)
    expect(code == 0, "exit code 0", (code, text))
    for step in ("import", "fuse", "kernels", "link"):
        expect(re.search(rf"\r\x1b\[Kdycc: {step}[^\r]*, \d+\.\d s", text), f"the step {step}", text)
    expect(re.search(r"dycc: kernels: (\d+) of \1 kernels, \d", text), "all kernels", text)
    expect("from the cache" not in text, "no hits in an empty cache", text)
    left = screen(text)
    expect(len(left) == 1 and re.fullmatch(r"dycc: .*\.so: \d+ kernels, \d+\.\d s", left[0]),
           "one line to be left", left)
    code, text = on_terminal(*out)
    expect(re.search(r"dycc: kernels: (\d+) of \1 kernels, \1 from the cache, ", text),
           "all from the cache", text)
    expect(re.fullmatch(r"dycc: .*\.so: (\d+) kernels, \1 from the cache, \d+\.\d s",
                        screen(text)[0]), "hits in the last line", text)


def check_narrow():
    """A line as long as the terminal is wide would stay."""
    _, text = on_terminal("-o", f"{WHERE}.so", columns=20)
    for line in re.findall(r"\r\x1b\[K([^\r\n\x1b]*)(?=\r\x1b)", text):
        expect(len(line) < 20, "no line of 20 columns", line)
    expect("dycc: " in text, "a line", text)


def check_errors():
    """Errors stand on lines of their own, red on a terminal."""
    bad = ("-o", "/nonexistent/m.so")
    code, text = on_terminal(*bad)
    expect(code == 1, "exit code 1", (code, text))
    left = screen(text)
    expect(len(left) == 1 and left[0].startswith(f"{RED}error:\x1b[0m "), "a red error alone", text)
    for environment in ({"NO_COLOR": "1"}, {"NO_COLOR": "", "expected": "red"}):
        expected = environment.pop("expected", "")
        _, text = on_terminal(*bad, **environment)
        expect((RED in text) == bool(expected), f"{expected or 'no'} colour", text)
        expect("\x1b[K" in text, "a live line still", text)


def check_silence():
    _, text = on_terminal("-o", f"{WHERE}.so", "-q")
    expect(text == "", "nothing with -q", text)
    _, text = on_terminal("-o", f"{WHERE}.so", TERM="dumb")
    expect(text == "", "nothing where lines cannot be written over", text)
    _, text = on_terminal("--stop-after", "import")
    expect("\x1b[K" not in text and "func.func" in text, "the module alone", text)
    _, text = on_terminal("-o", f"{WHERE}.so", "-v")
    expect(any(re.fullmatch(r"dycc: fuse: [\d.]+ s", line) for line in screen(text)),
           "steps with -v", text)


check_line()
check_narrow()
check_errors()
check_silence()
