"""What the networks bring back of their videos: PSNR beside bicubic's and beside what else
could be sent, at the lines between cells and inside them."""

import numpy as np

from dydca_parts.networks import DEMO, DEMO_STEPS, NETWORKS, Projects
from suite_parts.report import number, table

EPOCHS = 80  # Of the paper's training.
PASSES = 3  # Forward, and backward to values and to weights.


def measured(args):
    projects = Projects(args.build, args.folder, args.quick)
    rows = {}
    for name in args.networks or NETWORKS:
        rows[name] = projects.measured(name, args.steps, args.every)
        rows[name]["work"] = work(projects, name, rows[name])
        if args.keep and rows[name]["train"]["steps"]:
            projects.keep(name)
    return rows


def work(projects, name, facts):
    """Multiply-adds of a frame, of the training that was, and of the paper's."""
    import cost
    import network
    from patches import PIXELS

    trained, prepared = facts["train"], facts["prepare"]
    design = network.Design(tuple(trained["blocks"]), trained["units"])
    each = cost.of_cells(design, prepared["scale"], prepared["cell"], trained["halo"])
    classes = projects.array(name, "classes.npy")
    cells = [int((classes == k).sum()) for k in range(len(each))]
    steps = sum(steps_of(name, facts))
    return {"frame": cost.of_frames(design, prepared["scale"], prepared["cell"],
                                    trained["halo"], classes),
            "trained": PASSES * PIXELS * steps * sum(each),
            "paper": PASSES * EPOCHS * int(np.dot(cells, each))}


def steps_of(name, facts):
    """Those of the weights with which it began, and its own."""
    trained = facts["train"]
    return NETWORKS[name].steps + trained["steps before"], trained["steps"]


def steps_text(name, facts):
    before, own = steps_of(name, facts)
    return f"{before} + {own}" if before else str(own)


def gains(facts):
    """PSNR of bicubic and of the network, and what the network gains at lines between cells
    and inside cells."""
    ours, low = (facts["eval"][k] for k in (facts["eval"]["form"], "bicubic"))
    psnr = [r["means"]["PSNR"] for r in (low, ours)]
    seams = [a - b for a, b in zip(ours["seams"], low["seams"])] if ours["seams"] else []
    return psnr, seams


def reached(name, gain):
    aim = NETWORKS[name].aim
    if aim is None:
        return "-"
    return f"{aim:+.1f}{'' if gain >= aim else ', missed'}"


def network_table(rows):
    head = ["network", "video", "blocks x units", "halo", "steps", "1e9 a frame", "bicubic",
            "PSNR", "gain", "aim", "gain at lines", "inside"]
    cells = []
    for name, facts in rows.items():
        (low, ours), seams = gains(facts)
        trained = facts["train"]
        cells.append([name, f"{NETWORKS[name].clip} x{facts['prepare']['scale']}",
                      f"{'/'.join(map(str, trained['blocks']))} x {trained['units']}",
                      trained["halo"], steps_text(name, facts),
                      number(facts["work"]["frame"] / 1e9), number(low), number(ours),
                      f"{ours - low:+.2f}", reached(name, ours - low),
                      *([f"{s:+.2f}" for s in seams] or ["-", "-"])])
    return table(head, cells)


def rival_table(rows):
    """The dynamic network beside what else could be sent."""
    cells = []
    for name, facts in rows.items():
        sent = facts["eval"]["sent"]
        if len(sent) < 2:
            continue
        for who, r in sent.items():
            found = facts["eval"][facts["eval"]["form"] if who == "dynamic" else who]
            cells.append([f"{name}, {who}", r["models"], r["switches"], f"{r['bytes']:,}",
                          number(r["multiply-adds"] / 1e9),
                          number(found["means"]["PSNR"]),
                          number(found["means"]["SSIM"], 4)])
    head = ["what is sent", "models", "switches", "bytes", "1e9 a frame", "PSNR", "SSIM"]
    return table(head, cells) if cells else []


def causes(rows):
    """A line for each aim that is missed: how much was trained of what the paper trains."""
    for name, facts in rows.items():
        (low, ours), _ = gains(facts)
        aim, work = NETWORKS[name].aim, facts["work"]
        if aim is not None and ours - low < aim:
            if trained_with_zeros(name, facts):
                yield (f"* {name}: weights that have seen zeros around patches; no step with "
                       "real neighbours yet.")
            yield (f"* {name}: {work['trained'] / 1e12:.0f}e12 multiply-adds of training; the "
                   f"paper's {EPOCHS} epochs over this video are {work['paper'] / 1e12:.0f}e12.")


def trained_with_zeros(name, facts):
    """Whether a network with a halo is nothing but the demo's weights, which have none."""
    before, own = steps_of(name, facts)
    return bool(facts["train"]["halo"]) and before == DEMO_STEPS and not own


def section(rows, args):
    every = "" if args.every == 1 else f", each {args.every}th frame measured"
    text = ["Steps \"a + b\": a are those of the weights with which training began, those of the "
            f"demo ({DEMO}) among them{every}. PSNR in dB, gains over bicubic; *lines* are the "
            "pixels beside lines between cells, *inside* those deepest in cells.", ""]
    missed = list(causes(rows))
    return [*text, *network_table(rows), "", *missed, *([""] if missed else []),
            *rival_table(rows)]
