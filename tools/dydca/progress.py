"""What a person at a terminal sees of a long step; nothing in a pipe."""

import sys
import time

EVERY = 0.2  # Seconds between two lines.
WIDTH = 24


class Progress:
    """A bar that is written over again; without a total a count."""

    def __init__(self, label, total=None, done=0):
        self.label, self.total, self.before, self.done = label, total, done, done
        self.began, self.shown = time.monotonic(), -EVERY
        self.is_shown = sys.stderr.isatty()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def add(self, note="", items=1):
        self.done += items
        now = time.monotonic()
        if self.is_shown and now - self.shown >= EVERY:
            self.shown = now
            sys.stderr.write(f"\r\x1b[K{self.label} {self.bar()}{note}")
            sys.stderr.flush()

    def bar(self):
        rate = (self.done - self.before) / max(time.monotonic() - self.began, 1e-9)
        if not self.total:
            return f"{self.done}, {rate:.1f} a second  "
        full = WIDTH * self.done // self.total
        left = (self.total - self.done) / rate if rate else 0
        return (f"[{'#' * full}{'.' * (WIDTH - full)}] {self.done} of {self.total}, "
                f"{rate:.1f} a second, {left // 60:.0f}:{left % 60:02.0f} left  ")

    def over(self, items):
        for item in items:
            yield item
            self.add()
