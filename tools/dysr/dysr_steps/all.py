"""From a video to a family that plays in real time: all steps in a row. What is done before
is left alone.

  dysr all clip.mp4 --minutes 10
"""

import argparse

from dysr_steps import export, front, play, train
from steps import prepare

STEPS = prepare, train, export, front, play


def add_options(parser):
    for step in (prepare, train, export):
        step.add_options(parser)


def defaults(step):
    """What a step's options are where nothing is said."""
    own = argparse.ArgumentParser()
    step.add_options(own)
    return vars(own.parse_args([]))


def run(project, args):
    train.with_jax()  # Says so before the work of the other steps.
    for step in STEPS:
        own = args if step not in (front, play) else argparse.Namespace(**defaults(step))
        step.run(project, own)
