"""The networks whose quality is measured, each a project of the command dydca: prepared,
trained and measured by its steps, which do nothing that is done."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = ROOT / "tools" / "dydca" / "weights"
# Behind all others: its run.py is not that of the model tests.
sys.path.append(str(ROOT / "test" / "dydca"))

# Steps of the weights that come with the demo, with which others begin.
DEMO, DEMO_STEPS = "bbb_x4", 6000


@dataclass(frozen=True)
class Network:
    """`options` are those of dydca train. It begins with the weights `begin`, of whose steps
    `steps` count for it."""

    clip: str
    scale: int
    classes: int = 2
    begin: str | None = DEMO
    steps: int = DEMO_STEPS
    options: tuple = ("--rate", "0.0005")
    trained: bool = True  # Else the weights are measured as they are.
    rivals: bool = False
    aim: float | None = None  # dB over bicubic.


NEW = ("--rate", "0.001")
# The demo's weights are of the bunny at x4; at another scale, or for another video, what
# is alike in all of them begins with those.
NETWORKS = {
    "x4": Network("bunny", 4, rivals=True, aim=4.2),
    "x4_zeros": Network("bunny", 4, options=("--halo", "0"), trained=False, aim=4.2),
    "x2": Network("bunny", 2, steps=0, options=NEW, aim=4.5),
    "x4_3_paths": Network("bunny", 4, 3),
    "x4_4_paths": Network("bunny", 4, 4),
    "second_x4": Network("second", 4, steps=0, options=NEW, aim=4.2),
    "second_x2": Network("second", 2, steps=0, options=NEW, aim=4.5),
    "small_x4": Network("bunny", 4, begin=None, steps=0,
                        options=(*NEW, "--blocks", "1", "2", "--units", "8", "--halo", "4"))}


def bunny(path):
    """The clip that comes with a package."""
    import video

    shutil.copy(video.bundled_clip(), path)


def second(path):
    """A video of three scenes, made here."""
    import clips

    clips.make(path, 1280, 720, rate=10, seconds=6)


def tiny(path):
    import clips

    clips.write(path, clips.drawn(4, 38, 54))


CLIPS = {"bunny": ("bunny.mp4", bunny), "second": ("second.mkv", second),
         "tiny": ("tiny.mkv", tiny)}


class Projects:
    """The folder with all of them, and the command."""

    def __init__(self, build, folder, quick):
        self.folder, self.quick = Path(folder), quick
        self.python = build / "dydca-venv" / "bin" / "python"
        self.folder.mkdir(parents=True, exist_ok=True)

    def dydca(self, step, name, *words):
        """One step of a project; its lines go on to the terminal."""
        project = self.folder / name
        command = [self.python, "-B", ROOT / "tools" / "dydca" / "dydca", step, *words,
                   "--project", project]
        print(f"{name}:", *map(str, command[3:-2]), flush=True)
        if subprocess.run([str(word) for word in command]).returncode:
            sys.exit(f"dydca: {name}: step {step} failed")

    def clip(self, name):
        file, make = CLIPS["tiny" if self.quick else name]
        path = self.folder / file
        if not path.exists():
            unfinished = path.with_name(f"new_{file}")
            make(unfinished)
            unfinished.rename(path)
        return path

    def routed(self, name):
        """Prepares and scores a project; nothing is trained."""
        network = NETWORKS[name]
        small = ("--cell", "8x8") if self.quick else ()
        self.dydca("prepare", name, self.clip(network.clip), "--scale", network.scale, *small)
        self.dydca("score", name, "--classes", network.classes)
        return self.array(name, "low.npy"), self.array(name, "classes.npy")

    def array(self, name, file):
        import numpy as np

        return np.load(self.folder / name / file, mmap_mode="r")

    def begin(self, name):
        """The weights with which training begins: those that were kept of the network, or
        what it names."""
        own, network = WEIGHTS / f"{name}.npz", NETWORKS[name]
        if own.exists():
            return own
        return WEIGHTS / f"{network.begin}.npz" if network.begin else None

    def trained(self, name, steps):
        network, begin = NETWORKS[name], self.begin(name)
        if not network.trained:
            steps = 0
        self.dydca("train", name, *network.options, "--steps", steps,
                   *(("--from", begin) if begin else ()))
        if network.rivals and steps:
            own = WEIGHTS / f"{network.begin}.npz"
            shallow = ("--blocks", 1) if self.quick else ()
            self.dydca("rivals", name, "--from", own, *shallow)

    def measured(self, name, steps, every):
        """What the steps of a project found; all of them run if they have to."""
        self.routed(name)
        self.trained(name, steps)
        self.dydca("export", name)
        self.dydca("bits", name)
        self.dydca("eval", name, "--every", every)
        return self.facts(name)

    def facts(self, name):
        manifest = json.loads((self.folder / name / "manifest.json").read_bytes())
        return {step: found["figures"] for step, found in manifest["steps"].items()}

    def keep(self, name):
        """The weights beside those of the demo, where the next training begins, and a line
        of how they came to be."""
        shutil.copy(self.folder / name / "weights.npz", WEIGHTS / f"{name}.npz")
        with open(WEIGHTS / f"{name}.log", "a") as log:
            log.write(log_line(NETWORKS[name], self.facts(name)["train"]) + "\n")


def log_line(network, trained):
    losses = ", ".join(f"{path} {value:.3f}" for path, value in trained["losses"].items())
    before = trained["steps before"]
    return (f"{network.clip} x{network.scale}, seed {trained['seed']}, halo {trained['halo']}, "
            f"{trained['parameters']} parameters, steps {before}..{before + trained['steps']} "
            f"{' '.join(network.options)}: L1 {losses or '-'} levels")
