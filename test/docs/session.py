"""A page as a session: its files are written, its commands run in one shell, one after
the other, and what they print is compared with what the page says.

A fence whose language is followed by a name is a file:

    ```cpp app.cpp

In a fence of the language `console` a line that begins with "$ " is a command (a "\\" at
its end goes on), and what follows is what it prints, if something follows: "..." stands for
any text in a line, and a line of "..." for any lines. A command ends with 0, or the next one
is `echo $?`.
"""

import re
import subprocess
import threading
from typing import NamedTuple

FENCE = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.S | re.M)
RUN = ("bash", "c", "cmake", "cpp", "python")  # Nothing of these is only shown.
MARK = "\x01"
PATIENCE = 300  # Seconds for a command.


class Step(NamedTuple):
    """A file, or a command with what it prints."""
    kind: str
    name: str
    text: str


def steps_of(page, is_complete=True):
    """What a page does, in its order; of a page that is complete code without a name raises
    ValueError."""
    for language, name, text in FENCE.findall(page):
        if language == "console":
            yield from commands_of(text)
        elif name:
            yield Step("file", name, text)
        elif is_complete and language in RUN:
            raise ValueError(f"code of the language {language} has no name, so nothing runs "
                             f"it: {text.splitlines()[0]}")


def commands_of(text):
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, expected = re.match(r"((?:[^\n]*\\\n)*[^\n]*)\n(.*)", part,
                                     re.S).groups()
        yield Step("command", command, expected)


def pattern_of(expected):
    """A pattern of what may be printed."""
    def of(line):
        return ".*".join(re.escape(part) for part in line.split("..."))

    lines = expected.rstrip("\n").split("\n")
    return "".join(r"(?:.*\n)*" if line.strip() == "..." else of(line) + "\n" for line in lines)


class Shell:
    """A shell in a folder, with an environment of its own."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(["bash", "--noprofile", "--norc"], cwd=folder, text=True,
                                        env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def run(self, command):
        """(exit code, what it prints); a command that reads gets nothing."""
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.daemon = True
        timer.start()
        self.process.stdin.write(f"{{ {command}\n}} </dev/null; code=$?; "
                                 f"printf '{MARK}%d\\n' $code; (exit $code)\n")
        self.process.stdin.flush()
        printed = ""
        for line in self.process.stdout:
            text, mark, code = line.partition(MARK)
            printed += text
            if mark:
                timer.cancel()
                # What does not end its last line does so here.
                return int(code), printed + "\n" * (printed[-1:] not in ("", "\n"))
        timer.cancel()
        raise ValueError(f"the shell ended: {command}\n{printed}")


def play(page, folder, environment, is_complete=True):
    """Does what a page says; returns how many commands it has. Raises ValueError at the
    first one that does not do what the page says."""
    steps, count = list(steps_of(page, is_complete)), 0
    with Shell(folder, environment) as shell:
        for step, after in zip(steps, steps[1:] + [None]):
            if step.kind == "file":
                (folder / step.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / step.name).write_text(step.text)
                continue
            count += 1
            code, printed = shell.run(step.name)
            if code and not (after and after.name == "echo $?"):
                raise ValueError(f"$ {step.name}\nends with {code}:\n{printed}")
            if step.text and not re.fullmatch(pattern_of(step.text), printed):
                raise ValueError(f"$ {step.name}\nprints\n{printed}expected\n{step.text}")
    return count
