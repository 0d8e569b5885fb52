#!/usr/bin/env python3
"""Asks bash and zsh what they complete, with the files that gen-command-files wrote.

    completions.py FOLDER
"""
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(sys.argv[1]).resolve()
# The line as bash splits it, with the cursor behind it.
BASH = r"""
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
function=$(complete -p "$3" | sed 's/.*-F \([^ ]*\).*/\1/')
"$function" "$3"
printf '%s\n' "${COMPREPLY[@]}"
"""
FILES = ("net.onnx", "net.so", "photo.npy", "notes.txt", "page.html", "page.json", "two words.onnx",
         "models/other.onnx")


def complete(line):
    program = line.split()[0]
    done = subprocess.run(["bash", "--norc", "-c", BASH, "bash",
                           HERE / "bash-completion/completions" / program, line, program],
                          capture_output=True, text=True)
    if done.returncode or done.stderr:
        sys.exit(f"completions: '{line}': {done.stderr}")
    return sorted(filter(None, done.stdout.split("\n")))


def expect(line, *words):
    found = complete(line)
    if found != sorted(words):
        sys.exit(f"completions: '{line}': got {found}, expected {sorted(words)}")


def check_bash():
    expect("dycc --emit ", "header", "llvm", "mlir", "object", "shared", "static")
    expect("dycc net.onnx --emit s", "shared", "static")
    # Behind '=' bash wants the value alone.
    expect("dycc net.onnx --emit=s", "shared", "static")
    expect("dycc --stop-after fu", "fuse")
    expect("dycc --remarks fuse,la", "fuse,layout")
    expect("dycc --remarks=fuse,la", "fuse,layout")
    expect("dycc --dispatch v", "v1", "v3", "v4", "v8", "v8.2", "v8.6")
    expect("dycc -O", "-O0", "-O1", "-O2", "-O3", "-Os")
    expect("dycc --verif", "--verify", "--verify-against", "--verify-seed", "--verify-shapes")
    expect("dycc ", "models", "net.onnx", "page.json", "two words.onnx")
    expect("dycc models/", "models/other.onnx")
    expect("dycc --report p", "page.html", "page.json")
    expect("dycc --report=page.h", "page.html")
    expect("dycc --cache ", "models")
    expect("dycc -o n", "net.onnx", "net.so", "notes.txt")
    # Free text: nothing, and no files.
    expect("dycc --name n")
    expect("dycc --quiet n", "net.onnx")
    expect("dycc-run n", "net.so")
    expect("dycc-run net.so -i x=@p", "photo.npy")
    expect("dycc-run net.so --output=y=@p", "photo.npy")
    expect("dycc-run net.so --input x=1")
    expect("dycc-run --trace pa", "page.json")
    expect("dycc-bench --mi", "--min-time")
    expect("dycc-inspect n", "net.onnx", "net.so")
    for program in ("dycc", "dycc-run", "dycc-bench", "dycc-inspect"):
        told = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
        names = {name for name in re.findall(r"(?<![\w-])--[a-z][a-z-]*", told.split("Options:")[1])
                 if re.search(rf"^  (\S+,)?{name}\b", told, re.M)}
        missing = names - set(complete(f"{program} --"))
        if missing or len(names) < 5:
            sys.exit(f"completions: of {program}: {missing} are not completed")


def ask_zsh(line):
    """What zsh shows behind `line` and a tab, in a terminal of its own."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update({"TERM": "dumb", "PS1": "> ", "ZDOTDIR": "/nonexistent"})
        os.execvp("zsh", ["zsh", "-f", "-i"])

    def send(text, until):
        os.write(terminal, text.encode())
        seen = ""
        while not re.search(until, seen):
            part = os.read(terminal, 65536)
            if not part:
                break
            seen += part.decode(errors="replace")
        return seen
    folder = HERE / "zsh/site-functions"
    send(f"fpath=({folder} $fpath); autoload -U compinit; compinit -D -u; "
         "zstyle ':completion:*' list-prompt ''; LISTMAX=1000; "
         "zstyle ':completion:*' insert-tab false; "
         "bindkey '^I' list-choices; print re\"\"ady\n", r"\nready\s[^>]*> ")
    text = send(f"{line}\t\x15print fin\"\"ished\n", r"\nfinished")
    os.close(terminal)
    os.waitpid(child, 0)
    return text


def check_zsh():
    for program in ("dycc", "dycc-run", "dycc-bench", "dycc-inspect"):
        subprocess.run(["zsh", "-n", HERE / f"zsh/site-functions/_{program}"], check=True)
    for line, words in (("dycc --emit ", ("header", "object", "static")),
                        ("dycc --remarks fuse,", ("layout", "in-place")),
                        ("dycc --stop-after ", ("normalize",)),
                        ("dycc ", ("net.onnx",)),
                        ("dycc --ver", ("--verify-seed", "--verbose", "--version")),
                        ("dycc-run net.so -i x=@", ("photo.npy",)),
                        ("dycc-run ", ("net.so",))):
        found = ask_zsh(line)
        for word in words:
            if word not in found:
                sys.exit(f"completions: zsh '{line}': expected {word}, got {found!r}")
        if "notes.txt" in found:
            sys.exit(f"completions: zsh '{line}': has files of other kinds: {found!r}")


with tempfile.TemporaryDirectory() as top:
    os.chdir(top)
    os.mkdir("models")
    for name in FILES:
        Path(name).touch()
    check_bash()
    check_zsh()
