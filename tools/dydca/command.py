"""From a video to one dynamic model that upscales it: Dy-DCA, end to end.

A project is a folder; each step reads what those before left there and says when it
has nothing to do. docs/dydca.md has the whole picture.

  dydca all clip.mp4 --minutes 20        everything, with 20 minutes of training
  dydca prepare clip.mp4 --scale 4       and so on step by step
  dydca STEP --help                      options and examples of a step
"""

import argparse
import importlib
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from failure import DydcaError
from project import Project


@dataclass(frozen=True)
class Command:
    """A program that goes step by step. A step is a module with a text, of which the first
    sentence is its summary, `add_options(parser)` and `run(project, args)`."""

    name: str
    text: str
    steps: dict[str, str]  # By name the module.
    suffix: str = ""  # Of its projects' folders; else the name.

    @property
    def ending(self):
        return self.suffix or self.name


DYDCA = Command("dydca", __doc__, {name: f"steps.{name}" for name in (
    "prepare", "score", "train", "rivals", "export", "bits", "eval", "run", "report", "all")})


def parser_of_steps(command):
    top = argparse.ArgumentParser(prog=command.name, description=command.text,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, path in command.steps.items():
        module = importlib.import_module(path)
        summary = module.__doc__.split(".")[0].replace("\n", " ")
        parser = commands.add_parser(
            name, help=summary, description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.set_defaults(module=module)
        module.add_options(parser)
        parser.add_argument("--project", type=Path, metavar="FOLDER",
                            help=f"default: the video's name with .{command.ending}, or the "
                                 "only folder of that kind here")
    return top


def folder_of(args, suffix):
    if args.project:
        return args.project
    if getattr(args, "video", None):
        return Path(f"{args.video.stem}.{suffix}")
    found = sorted(p.parent for p in Path().glob(f"*.{suffix}/manifest.json"))
    if len(found) != 1:
        names = ", ".join(map(str, found)) or "none"
        raise DydcaError(f"which project? --project expects one of: {names}")
    return found[0]


def main(words=None, command=DYDCA):
    """The command line `words`, or this process's; the exit code."""
    args = parser_of_steps(command).parse_args(words)
    name = f"{command.name} {args.step}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if args.step == "run" and args.model:
            args.module.run(None, args)
            return 0
        project = Project(folder_of(args, command.ending), command.name)
        with project.locked():
            args.module.run(project, args)
    except DydcaError as error:
        print(f"{name}: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{name}: interrupted; the same command goes on", file=sys.stderr)
        return 130
    return 0
