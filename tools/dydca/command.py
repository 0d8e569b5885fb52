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
from pathlib import Path

from failure import DydcaError
from project import Project

STEPS = ("prepare", "score", "train", "rivals", "export", "bits", "eval", "run", "report", "all")


def parser_of_steps():
    top = argparse.ArgumentParser(prog="dydca", description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="step", required=True, metavar="STEP")
    for name in STEPS:
        module = importlib.import_module(f"steps.{name}")
        summary = module.__doc__.split(".")[0].replace("\n", " ")
        parser = commands.add_parser(
            name, help=summary, description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.set_defaults(module=module)
        module.add_options(parser)
        parser.add_argument("--project", type=Path, metavar="FOLDER",
                            help="default: the video's name with .dydca, or the only folder "
                                 "of that kind here")
    return top


def folder_of(args):
    if args.project:
        return args.project
    if getattr(args, "video", None):
        return Path(f"{args.video.stem}.dydca")
    found = sorted(p.parent for p in Path().glob("*.dydca/manifest.json"))
    if len(found) != 1:
        names = ", ".join(map(str, found)) or "none"
        raise DydcaError(f"which project? --project expects one of: {names}")
    return found[0]


def main(words=None):
    """The command line `words`, or this process's; the exit code."""
    args = parser_of_steps().parse_args(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if args.step == "run" and args.model:
            args.module.run(None, args)
            return 0
        project = Project(folder_of(args))
        with project.locked():
            args.module.run(project, args)
    except DydcaError as error:
        print(f"dydca {args.step}: error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"dydca {args.step}: interrupted; the same command goes on", file=sys.stderr)
        return 130
    return 0
