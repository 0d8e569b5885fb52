"""Ray: whether it is there, and how a batch joins it."""

import logging
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from dycc.batch._errors import BatchError, usage


def is_installed() -> bool:
    return find_spec("ray") is not None


def is_joined() -> bool:
    """Whether this process is connected to a cluster already."""
    return "ray" in sys.modules and sys.modules["ray"].is_initialized()


def joined(address: str | None, workers: int | None, threads: int) -> tuple[Any, bool]:
    """Ray, connected to a cluster, and whether this connected it: then it is to be shut
    down. Without an address the cluster is this machine alone, with processors for
    `workers` of `threads` each, or all. Raises BatchError where there is none."""
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise usage(f"workers need Ray: pip install 'dycc[batch]' ({error})") from None
    if ray.is_initialized():
        return ray, False
    options: dict[str, Any] = {"address": address or "local"}
    if not address:
        workers = workers or max(len(os.sched_getaffinity(0)) // threads, 1)
        options |= {"num_cpus": workers * threads, "include_dashboard": False}
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        _knock(options["address"])
        with _kept_signals():
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    except (OSError, ValueError, RuntimeError) as error:
        raise BatchError("lost", f"cluster '{options['address']}': cannot be reached: "
                                 f"{error}") from None
    return ray, True


@contextmanager
def _kept_signals() -> Iterator[None]:
    """Ray takes SIGTERM for itself."""
    handler = signal.getsignal(signal.SIGTERM)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, handler)


def _knock(address: str) -> None:
    """Raises OSError where nobody listens: Ray would try for minutes."""
    if found := re.fullmatch(r"([\w.-]+):(\d+)", address):
        with socket.create_connection((found[1], int(found[2])), timeout=10):
            pass
