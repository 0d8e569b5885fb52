"""One network in many sizes, trained at once and switched while it runs: DySR, end to end.

A project is a folder; each step reads what those before left there and says when it has
nothing to do. docs/dysr.md has the whole picture.

  dysr all clip.mp4 --minutes 10         everything, with 10 minutes of training
  dysr prepare clip.mp4 --scale 4        and so on step by step
  dysr STEP --help                       options and examples of a step
"""

from command import Command

COMMAND = Command("dysr", __doc__, {"prepare": "steps.prepare", **{
    name: f"dysr_steps.{name}" for name in ("train", "export", "front", "play", "all")}})
