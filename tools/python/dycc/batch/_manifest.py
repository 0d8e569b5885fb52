"""What an output folder holds, and which of its chunks are finished."""

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dycc.batch._errors import usage
from dycc.batch._files import digest_of
from dycc.batch._output import TEMPORARY, Chunk, Written

NAME = "manifest.jsonl"
VERSION = 1


class Manifest:
    """The file manifest.jsonl of an output folder, held by one process at a time.

    Its first line says which model, data set and chunks the folder is of; each other
    line is a finished chunk with the checksums of its files, written once all of them
    are. A line that is not whole, of a process that was killed, counts for nothing.
    """

    def __init__(self, folder: Path, batch: Mapping[str, Any], verify: bool = False) -> None:
        """Opens the folder, or makes it, for a batch that these facts tell from others.
        Raises BatchError where it is of another one or another process works in it."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / NAME).exists() and any(p.name != TEMPORARY for p in folder.iterdir()):
            raise usage(f"output folder '{folder}': is not empty and has no {NAME}, expected "
                        "a new folder or one of this batch")
        self.file = open(folder / NAME, "a+b")
        try:
            self._lock()
            lines = self._whole_lines()
            if lines:
                self._compare(lines[0], batch)
            else:
                self._append({"version": VERSION, **batch})
            self.done = self._finished(lines[1:], verify)
            shutil.rmtree(folder / TEMPORARY, ignore_errors=True)
        except BaseException:
            self.file.close()
            raise

    def __enter__(self) -> "Manifest":
        return self

    def __exit__(self, *_: Any) -> None:
        shutil.rmtree(self.folder / TEMPORARY, ignore_errors=True)
        self.file.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise usage(f"output folder '{self.folder}': another process works in it") from None

    def _whole_lines(self) -> list[dict[str, Any]]:
        """The lines that are there; what is behind the last whole one goes."""
        self.file.seek(0)
        text = self.file.read()
        whole = text[:text.rfind(b"\n") + 1]
        if whole != text:
            self.file.truncate(len(whole))
        try:
            return [json.loads(line) for line in whole.splitlines()]
        except ValueError as error:
            raise usage(f"output folder '{self.folder}': {NAME} is damaged: {error}") from None

    def _compare(self, found: Mapping[str, Any], batch: Mapping[str, Any]) -> None:
        for what, expected in {"version": VERSION, **batch}.items():
            if found.get(what) != expected:
                raise usage(f"output folder '{self.folder}': was begun with {what} "
                            f"{found.get(what)}, got {expected}: expected the same, or "
                            "another folder")

    def _finished(self, lines: list[dict[str, Any]], verify: bool) -> dict[int, int]:
        """Items of each finished chunk whose files are there."""
        def is_there(written: Written) -> bool:
            path = self.folder / written.name
            return path.is_file() and path.stat().st_size == written.size and \
                not (verify and digest_of(path) != written.digest)

        # Of a chunk that was made again the last line is true.
        last = {line["chunk"]: line for line in lines}
        return {chunk: line["items"] for chunk, line in last.items()
                if all(is_there(Written(*w)) for w in line["files"])}

    def _append(self, line: Mapping[str, Any]) -> None:
        self.file.write(json.dumps(line).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def finish(self, chunk: Chunk, files: list[Written]) -> None:
        """Notes that all files of a chunk are written."""
        items = chunk.stop - chunk.start
        self._append({"chunk": chunk.number, "items": items, "files": files})
        self.done[chunk.number] = items


def chunk_size_of(folder: Path) -> int | None:
    """Items in a chunk of the batch that a folder is of; None without one."""
    try:
        with open(folder / NAME, "rb") as file:
            return json.loads(file.readline()).get("items in a chunk")
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
