"""What a person at a terminal sees; nothing in a pipe."""

import sys
import time
from typing import TextIO

EVERY = 0.2  # Seconds between two lines.


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Progress:
    """One line that is written over again. `done` of `total` items are finished before."""

    def __init__(self, done: int, total: int, stream: TextIO = sys.stderr) -> None:
        self.stream = stream
        self.before, self.done, self.total = done, done, total
        self.began = time.monotonic()
        self.shown = -EVERY
        self.is_shown = stream.isatty()

    def add(self, items: int, workers: int) -> None:
        self.done += items
        now = time.monotonic()
        if not self.is_shown or (now - self.shown < EVERY and self.done < self.total):
            return
        self.shown = now
        rate = (self.done - self.before) / max(now - self.began, 1e-9)
        left = _clock((self.total - self.done) / rate) if rate else "?"
        self._write(f"{self.done} of {self.total} items, {rate:.1f} a second, "
                    f"{workers} worker{'s' * (workers != 1)}, {left} left")

    def _write(self, text: str) -> None:
        self.stream.write(f"\r\x1b[K{text}")
        self.stream.flush()

    def note(self, text: str) -> None:
        """A line of its own, in a pipe too: something that is not as it should be."""
        if self.is_shown:
            self._write("")
        print(f"dycc.batch: {text}", file=self.stream, flush=True)

    def close(self) -> None:
        if self.is_shown and self.shown >= 0:
            self.stream.write("\n")
