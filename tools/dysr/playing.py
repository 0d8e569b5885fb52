"""Frames in real time: each is due at its time, and is dropped where it is not done by its
deadline. Beside them runs another program, for a part of the time."""

import contextlib
import subprocess
import sys
import time
from typing import NamedTuple

# What takes a processor away: it computes, and never waits.
OTHER = "while True: pass"


class Frame(NamedTuple):
    """What became of a frame; times are seconds from the first one's."""
    due: float
    taken: float  # 0 where it never ran.
    variant: str  # The last one where it never ran.
    shown: bool


class Fixed:
    """Without a controller: one variant for all frames. It drops a frame for the next one, whose
    time has come too, where what the last took says that it will be late."""

    def __init__(self, variant, rate, deadline):
        self.variant, self.interval, self.deadline = variant, 1 / rate, deadline
        self.last = 0.0

    def choose(self, waited):
        is_late = waited > self.interval and waited + self.last > self.deadline
        return None if is_late else self.variant

    def report(self, taken):
        self.last = taken


class Others:
    """So many processes between two times."""

    def __init__(self, count, first, last):
        self.count, self.first, self.last = count, first, last
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes = []

    def at(self, now):
        """Starts or ends them where it is time."""
        if not self.processes and self.first <= now < self.last:
            self.processes = [subprocess.Popen([sys.executable, "-S", "-c", OTHER])
                              for _ in range(self.count)]
        elif self.processes and now >= self.last:
            self.end()


def play(run, policy, rate, deadline, seconds, others, clock=time):
    """[Frame] of so many seconds. `run(number, variant)` makes a frame; `policy` chooses its
    variant, or None to drop it, and is told what it took. A frame that cannot begin before its deadline is
    dropped without a run."""
    frames, variant = [], ""
    with contextlib.ExitStack() as stack:
        stack.enter_context(others)
        began = clock.perf_counter()
        for number in range(round(seconds * rate)):
            due = number / rate
            others.at(due)
            now = clock.perf_counter() - began
            if now < due:
                clock.sleep(due - now)
                now = clock.perf_counter() - began
            waited = max(now - due, 0.0)
            chosen = policy.choose(waited) if waited < deadline else None
            if chosen is None:
                frames.append(Frame(due, 0.0, variant, False))
                continue
            variant = chosen
            run(number, variant)
            done = clock.perf_counter() - began
            policy.report(done - now)
            frames.append(Frame(due, done - now, variant, done - due <= deadline))
    return frames


def settled(frames, changes):
    """Those that are due a second or more behind each of these times."""
    return [f for f in frames if not any(0 <= f.due - t < 1 for t in changes)]


def summary(frames, changes, rate, qualities):
    """What a viewer sees: frames dropped in the second behind a change and all others, the
    frame rate in its worst second of all others, mean quality of what was shown."""
    calm = settled(frames, changes)
    seconds = {int(f.due): 0 for f in calm}
    for f in calm:
        seconds[int(f.due)] += f.shown
    shown = [f for f in frames if f.shown]
    return {"frames": len(frames), "dropped": sum(not f.shown for f in frames),
            "dropped later": sum(not f.shown for f in calm),
            "least rate": min(seconds.values(), default=0), "rate": rate,
            "switches": sum(a.variant != b.variant for a, b in zip(frames, frames[1:])),
            "quality": sum(qualities[f.variant] for f in shown) / max(len(shown), 1)}
