"""The anonymous memory of this process: what it has taken from the system, files that
are mapped (libraries, weights in them) aside."""

import ctypes
import re
from pathlib import Path

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"  # Of clear_refs: the peak is what is there now.


def field(name):
    """A line of the status, in bytes."""
    return 1024 * int(re.search(rf"^{name}:\s+(\d+) kB", STATUS.read_text(), re.M)[1])


def anonymous():
    return field("RssAnon")


def begin():
    """Gives back what is free and starts a new peak; what is taken now."""
    ctypes.CDLL(None).malloc_trim(0)
    CLEAR.write_text(RESET_PEAK)
    return anonymous()


def peak():
    """The most since begin(): pages of files only came since then."""
    return max(field("VmHWM") - field("RssFile") - field("RssShmem"), anonymous())
