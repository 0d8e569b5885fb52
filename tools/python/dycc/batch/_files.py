"""Files that are whole or not there, their checksums, and locks between processes."""

import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def digest_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_values(*values: Any) -> str:
    """SHA-256 of values that JSON can hold."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def cache_folder() -> Path:
    """This user's, on this node. What is in it can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "dycc" / "batch"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until no other process holds the lock `path`, and holds it."""
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def place(path: Path, save: Callable[[IO[bytes]], object], temporary: Path) -> tuple[int, str]:
    """Writes a file by `save` in the folder `temporary`, of the same file system, and
    renames it to `path`: at any time that is the old file, the new one or none. Returns
    its bytes and checksum."""
    temporary.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = temporary / uuid.uuid4().hex
    try:
        with open(unfinished, "wb") as file:
            save(file)
            file.flush()
            os.fsync(file.fileno())
        size, digest = unfinished.stat().st_size, digest_of(unfinished)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return size, digest
