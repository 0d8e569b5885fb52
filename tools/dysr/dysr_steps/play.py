"""Play the clip in real time while another program takes the processor away and gives it back.

It plays twice: with the controller (docs/qos.md), which chooses a variant for each frame, and
with the variant alone that is the best on the idle machine. In the middle third of the time
other processes compute. A frame that is not done --ahead intervals behind the time that it is
due is dropped. The frames' size is the largest at which the best variant takes 7 tenths of an
interval: the clip's, or a part of it. play.svg shows both, play.json has all frames.

  dysr play
  dysr play --rate 30 --seconds 60 --others 8 --threads 2
"""

import os

import numpy as np

import clock
import files
import playing
import plot
import video
from client import with_dycc
from dysr_steps.front import loaded, size
from failure import DydcaError
from steps.train import positive

PARTS = 1, 3 / 4, 1 / 2, 3 / 8, 1 / 4, 1 / 8  # Of the clip's frames, on each side.
SECONDS = 18  # Of each run; a third of them is loaded.
SHARE = 0.7  # Of an interval that the best variant takes on the idle machine.


def add_options(parser):
    parser.add_argument("--rate", type=positive, default=24, help="frames per second (24)")
    parser.add_argument("--seconds", type=positive, default=SECONDS,
                        help="of each of the two runs, a third of them loaded (18)")
    parser.add_argument("--ahead", type=positive, default=3, metavar="N",
                        help="the deadline in intervals: the frames that a player keeps (3)")
    parser.add_argument("--others", type=positive, default=3 * (os.cpu_count() or 1),
                        metavar="N", help="processes that compute meanwhile (3 a processor)")
    parser.add_argument("--threads", type=positive, default=1, help="of the model (1)")
    parser.add_argument("--size", type=size, metavar="HxW", help="of the frames")


def best(seconds, qualities, most):
    """The variant of the most quality that takes at most so long; the fastest if none."""
    fitting = [name for name in seconds if seconds[name] <= most]
    return (max(fitting, key=qualities.get) if fitting else min(seconds, key=seconds.get))


def fitted(model, args, low):
    """(height and width, {variant: seconds}) at which the best variant fits."""
    sizes = [args.size] if args.size else [
        tuple(max(int(n * part), 1) for n in low) for part in PARTS]
    for pixels in sizes:
        seconds = clock.seconds(model, np.zeros((*pixels, 3), np.uint8), 0.3)
        if seconds[best(seconds, model.qualities, np.inf)] <= SHARE / args.rate:
            return pixels, seconds
    if min(seconds.values()) > SHARE / args.rate:
        raise DydcaError(f"no variant is done in {1e3 * SHARE / args.rate:.1f} ms, the fastest "
                         f"takes {1e3 * min(seconds.values()):.1f} at {pixels[1]}x{pixels[0]}")
    return pixels, seconds


def runner(model, project, pixels):
    frames = [video.resize(f, pixels[1], pixels[0]) for f in project.low[:64]]
    feeds = [clock.feed(f) for f in frames]

    def run(number, variant):
        model.select(variant)
        model.run(feeds[number % len(feeds)])

    return run


def played(project, args):
    """Both runs: ({name: [Frame]}, facts)."""
    dycc = with_dycc()
    with loaded(project, args.threads) as model:
        pixels, seconds = fitted(model, args, project.facts("prepare")["low"])
        run, deadline = runner(model, project, pixels), args.ahead / args.rate
        alone = best(seconds, model.qualities, SHARE / args.rate)
        changes = [args.seconds / 3, 2 * args.seconds / 3]
        policies = {
            "with the controller": dycc.QosController(
                seconds, model.qualities, deadline=deadline, frame_rate=args.rate),
            f"{alone} alone": playing.Fixed(alone, args.rate, deadline)}
        frames = {name: playing.play(run, policy, args.rate, deadline, args.seconds,
                                     playing.Others(args.others, *changes))
                  for name, policy in policies.items()}
        return frames, {"size": list(pixels), "seconds": seconds, "changes": changes,
                        "qualities": dict(model.qualities)}


def per_second(frames):
    counts = {}
    for frame in frames:
        counts[int(frame.due)] = counts.get(int(frame.due), 0) + frame.shown
    return [(second + 0.5, count) for second, count in counts.items()]


def picture(frames, facts, args):
    band = [(*facts["changes"], f"{args.others} other processes")]
    qualities = facts["qualities"]

    def series(points):
        return [plot.Series(name, points(found)) for name, found in frames.items()]

    return plot.svg([
        plot.Diagram("frames shown", "seconds", "a second", series(per_second), band),
        plot.Diagram("what a frame took", "seconds", "ms", series(
            lambda found: [(f.due, 1e3 * f.taken) for f in found]), band),
        plot.Diagram("its variant", "seconds", "PSNR, dB", series(
            lambda found: [(f.due, qualities[f.variant]) for f in found if f.variant]), band)])


def make(project, args):
    frames, facts = played(project, args)
    changes = [0, *facts["changes"]]
    facts["runs"] = {name: playing.summary(found, changes, args.rate, facts["qualities"])
                     for name, found in frames.items()}
    facts |= {"rate": args.rate, "others": args.others, "threads": args.threads,
              "ahead": args.ahead}
    files.write_json(project.path("play.json"), {**facts, "frames": frames})
    with files.whole(project.path("play.svg")) as out:
        out.write(picture(frames, facts, args).encode())
    return ["play.json", "play.svg"], facts


HEAD = ("run", "frames", "dropped", "dropped later", "least rate", "switches", "PSNR shown")


def table(facts):
    """Rows of text below HEAD."""
    for name, run in facts["runs"].items():
        yield (name, run["frames"], run["dropped"], run["dropped later"], run["least rate"],
               run["switches"], f"{run['quality']:.2f}")


def run(project, args):
    project.facts("export")
    options = {name: getattr(args, name)
               for name in ("rate", "seconds", "ahead", "others", "threads", "size")}
    facts = project.run("play", options, ["prepare", "export"], lambda: make(project, args))
    high, wide = facts["size"]
    print(f"play: {wide}x{high} at {facts['rate']} frames per second")
    for row in table(facts):
        print("play: " + ", ".join(f"{what} {cell}" for what, cell in zip(HEAD[1:], row[1:]))
              + f": {row[0]}")
    print(f"play: {project.path('play.svg')}")
