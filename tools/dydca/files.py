"""Files that are whole or not there, and their checksums."""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np

from failure import DydcaError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def unnamed():
    """A file that is gone when it is closed."""
    return tempfile.TemporaryFile()


@contextlib.contextmanager
def explained(path):
    """Errors of the system as texts that name the file."""
    try:
        yield
    except OSError as error:
        text = "no space left" if error.errno in FULL else error.strerror
        raise DydcaError(f"{path}: cannot be written: {text}") from None


@contextlib.contextmanager
def placed(path):
    """A hidden name to write, with the suffix of `path`, which it becomes at the end."""
    path = Path(path)
    unfinished = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        with explained(path):
            yield unfinished
            unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def whole(path):
    """A file to write, which replaces `path` when all of it is on the disk."""
    with placed(path) as unfinished, open(unfinished, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_json(path, value):
    with whole(path) as file:
        file.write((json.dumps(value, indent=1) + "\n").encode())


def digest(path):
    """SHA-256 of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(*values):
    """SHA-256 of values that JSON can hold."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


class Arrays:
    """Writes arrays of one shape and type, one behind another, as a .npy file. They go
    through write(), never through mapped memory, where a full disk is a signal."""

    def __init__(self, file):
        self.file, self.count, self.item = file, 0, None

    def add(self, array):
        if self.item is None:
            self.item = array.shape, array.dtype
            self.head()
        assert self.item == (array.shape, array.dtype), "arrays of one kind"
        self.file.write(np.ascontiguousarray(array).data)
        self.count += 1

    def head(self):
        # NumPy leaves room for the leading extent to grow.
        shape, dtype = self.item
        facts = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False,
                 "shape": (self.count, *shape)}
        self.file.seek(0)
        np.lib.format.write_array_header_1_0(self.file, facts)

    def close(self):
        self.head()
        self.file.seek(0, os.SEEK_END)


@contextlib.contextmanager
def arrays(path):
    """A .npy file whose number of arrays is not known before."""
    with whole(path) as file:
        writer = Arrays(file)
        yield writer
        writer.close()
