"""The engines of one model on a number of threads: loaded, restarted where one ended,
and left out where one refuses."""

from pathlib import Path

import numpy as np

from suite_parts.process import EngineError, Process

LOAD_LIMIT, CALL_LIMIT = 300, 120  # Seconds.


class Player:
    """One engine with a model. `error` says why it does not take part."""

    def __init__(self, engine, python, folder, artifact, threads):
        self.engine, self.python, self.threads = engine, python, threads
        self.folder, self.artifact = Path(folder), artifact
        self.process = self.load_seconds = None
        self.error = f"refused: {artifact['error']}" if "error" in artifact else None
        if not self.error:
            self.start()

    def start(self):
        """Begins a new process."""
        self.process = Process(self.engine, self.python,
                               self.folder / f"{self.engine}.log")

    def greet(self):
        """Waits until the engine is imported."""
        try:
            if not self.error:
                self.process.ask("greet", LOAD_LIMIT)
        except EngineError as error:
            self.error = f"refused: {error}"

    def load(self):
        """Loads the model."""
        try:
            if self.error:
                return
            self.load_seconds = self.process.ask(
                "load", LOAD_LIMIT, file=self.artifact["file"],
                threads=self.threads)["seconds"]
        except EngineError as error:
            self.error = f"refused: {error}"

    def ask(self, do, **message):
        """An answer; EngineError where there is none. A process that ended is
        started again before the next question."""
        if self.process and not self.process.alive():
            self.start()
            self.greet()
            self.load()
        if self.error:
            raise EngineError(self.error, self.engine)
        return self.process.ask(do, CALL_LIMIT, **message)

    def results(self, feed, seed, warm):
        """Runs at a size: (outputs, seconds of a call)."""
        save = self.folder / f"{self.engine}.npz"
        seconds = self.ask("bind", feed=feed, seed=seed, save=str(save),
                           warm=warm)["seconds"]
        with np.load(save) as file:
            return [file[f"arr_{i}"] for i in range(len(file.files))], seconds

    def close(self):
        if self.process:
            self.process.close()


class Players:
    """All engines of a model, as a context."""

    def __init__(self, python, folder, artifacts, threads):
        self.list = [Player(engine, python, folder, artifact, threads)
                     for engine, artifact in artifacts.items()]
        # All have begun: each is up before the first of them loads.
        for player in self.list:
            player.greet()
        for player in self.list:
            player.load()

    def __enter__(self):
        return self.list

    def __exit__(self, *_):
        for player in self.list:
            player.close()
