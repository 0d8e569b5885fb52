"""From a video to its report: all steps in a row. What is done before is left alone.

  dydca all clip.mp4 --minutes 20
  dydca all clip.mp4 --steps 3000 --classes 3 --scale 2
"""

from steps import bits, export, prepare, report, score, train
from steps import eval as evaluate
from steps import run as play

STEPS = (prepare, score, train, export, bits, evaluate, play, report)
# What eval and run may be told as single steps.
BY_DEFAULT = {"form": None, "model": None, "bits": None, "low": None, "output": None, "every": 1}


def add_options(parser):
    for step in (prepare, score, train, export, report):
        step.add_options(parser)
    parser.add_argument("--threads", type=int, default=0, metavar="N",
                        help="of the model; 0: all processors")
    parser.set_defaults(**BY_DEFAULT)


def run(project, args):
    train.with_jax()  # Says so before the work of the other steps.
    for step in STEPS:
        for name, value in BY_DEFAULT.items():
            setattr(args, name, value)
        step.run(project, args)
