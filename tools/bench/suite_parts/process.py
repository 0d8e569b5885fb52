"""A worker as the suite sees it: asked one thing at a time, and stopped by a signal
in between, so that no thread of it spins while another engine is measured."""

import json
import os
import select
import signal
import subprocess
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]


class EngineError(Exception):
    """What an engine said, or how its process ended."""

    def __init__(self, text, engine=None):
        super().__init__(text)
        self.engine = engine


class Process:
    """The worker of one engine."""

    def __init__(self, engine, python, log):
        self.engine, self.log = engine, Path(log)
        with open(log, "wb") as errors:
            self.child = subprocess.Popen(
                [str(python), "-B", "-m", "suite_parts.worker", engine],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                env={**os.environ, "PYTHONPATH": str(TOOLS)})
        self.rest = b""

    def ask(self, do, limit=120, **message):
        """The answer to a command; it runs alone and is stopped behind it."""
        line = json.dumps({"do": do, **message}) + "\n"
        os.kill(self.child.pid, signal.SIGCONT)
        try:
            self.child.stdin.write(line.encode())
            self.child.stdin.flush()
            reply = json.loads(self.read_line(limit))
        except BrokenPipeError:
            raise EngineError(self.how_it_ended(), self.engine) from None
        os.kill(self.child.pid, signal.SIGSTOP)
        if "error" in reply:
            raise EngineError(reply["error"], self.engine)
        return reply

    def read_line(self, limit):
        handle = self.child.stdout.fileno()
        while b"\n" not in self.rest:
            if not select.select([handle], [], [], limit)[0]:
                self.close()
                raise EngineError(f"took longer than {limit} s", self.engine)
            part = os.read(handle, 1 << 20)
            if not part:
                raise EngineError(self.how_it_ended(), self.engine)
            self.rest += part
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def how_it_ended(self):
        code = self.child.wait()
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def alive(self):
        return self.child.poll() is None

    def finish(self, limit=60):
        """Lets the process end by itself, with all that it wrote in its files."""
        os.kill(self.child.pid, signal.SIGCONT)
        self.child.stdin.close()
        self.child.wait(limit)

    def close(self):
        if self.alive():
            self.child.kill()
        self.child.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
