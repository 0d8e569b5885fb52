"""Networks that upscale at a frame rate on this machine, found by search: depth and widths.

Works in a project of dysr whose supernet is trained. docs/dysr.md has the whole picture.

  nas search --machine machine.json --fps 24 60
  nas verify                             trains, compiles and measures what was found
  nas STEP --help                        options and examples of a step
"""

from command import Command

COMMAND = Command("nas", __doc__, {name: f"nas_steps.{name}" for name in ("search", "verify")},
                  suffix="dysr")
