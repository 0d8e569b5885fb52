"""The most that anybody could have made of a trace: by dynamic programming, over all of what
each variant takes at each frame, ahead of it."""

from typing import NamedTuple

from replay import Clock, Outcome
from traces import Trace


class State(NamedTuple):
    """A way to come to a frame: when the worker is free, what has been seen till then."""
    free: float
    quality: float
    dropped: int
    switches: int
    last: int


def _steps(state: State, due: float, seconds: tuple[float, ...], trace: Trace,
           clock: Clock) -> list[State]:
    """The frame is dropped, or runs by a variant that is in time."""
    begin = max(due, state.free)
    found = [state._replace(dropped=state.dropped + 1)]
    for variant, taken in enumerate(seconds):
        if begin + taken - due <= clock.deadline:
            switched = state.last >= 0 and variant != state.last
            found.append(State(begin + taken, state.quality + trace.quality[variant],
                               state.dropped, state.switches + switched, variant))
    return found


def _best(states: list[State], due: float) -> list[State]:
    """Without those that another one is not behind in anything that matters: free before the
    next frame is due is as good as any time before it."""
    states = [s._replace(free=max(s.free, due)) for s in states]
    states.sort(key=lambda s: (s.free, -s.quality, s.switches))
    kept: list[State] = []
    for state in states:
        if not kept or state.quality > kept[-1].quality:
            kept.append(state)
    return kept


def oracle(trace: Trace, clock: Clock) -> Outcome:
    """The outcome of the largest mean quality, a dropped frame counted as 0."""
    states = [State(0.0, 0.0, 0, 0, -1)]
    for frame, seconds in enumerate(trace.frames):
        due = frame * clock.interval
        found = [after for state in states
                 for after in _steps(state, due, seconds, trace, clock)]
        states = _best(found, due + clock.interval)
    best = max(states, key=lambda s: s.quality)
    return Outcome(len(trace), best.dropped, best.switches, best.quality / len(trace))
