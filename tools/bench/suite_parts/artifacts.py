"""What each engine loads, and how long it takes to make it."""

import shutil
import subprocess
import time
from pathlib import Path

from suite_parts.process import EngineError, Process
from suite_parts.results import OURS

LIMIT = 600  # Seconds for one engine to compile or convert a model.


def compiled(engine, dycc, file, folder):
    """dycc's library, made from nothing; behind its name an engine has a precision."""
    precision = engine.removeprefix(OURS).strip()
    flags = ["--precision", precision] if precision else []
    library = Path(folder) / f"model{precision}.so"
    began = time.perf_counter()
    done = subprocess.run([str(dycc), str(file), "-o", str(library), "--cache", "", *flags],
                          capture_output=True, text=True, timeout=LIMIT)
    if done.returncode:
        raise EngineError((done.stderr or done.stdout).strip().split("\n")[0])
    return {"file": str(library), "seconds": time.perf_counter() - began}


def converted(engine, python, file, folder):
    """What a peer loads, made in a process of its own."""
    with Process(engine, python, Path(folder) / f"{engine}-prepare.log") as process:
        made = process.ask("prepare", LIMIT, model=str(file), folder=str(folder))
        process.finish()
        return made


def model_file(model, folder):
    """`model` as a file in `folder`, which is made; None, with a line why, where it cannot
    be had."""
    folder.mkdir()
    file = model.make(str(folder / "model.onnx"))
    if file is None:
        print(f"{model.name}: skipped: {model.missing}", flush=True)
        return None
    # Under one name, whatever a package calls it: MNN's form lies beside it.
    if Path(file).parent != folder:
        file = shutil.copy(file, folder / "model.onnx")
    return file


def artifacts(engines, dycc, python, file, folder):
    """{engine: {file, seconds, bytes}}, or {error} where there is none."""
    found = {}
    for engine in engines:
        try:
            made = (compiled(engine, dycc, file, folder) if engine.startswith(OURS) else
                    converted(engine, python, file, folder))
            made["bytes"] = Path(made["file"]).stat().st_size
        except (EngineError, subprocess.TimeoutExpired) as error:
            made = {"error": str(error)}
        found[engine] = made
    return found
