"""Train what the search found, and the networks by hand, for a while alone; compile, measure.

All networks begin with the supernet's weights and take the same steps on the same patches.
Milliseconds are those of dycc-bench on this machine, on as many threads as the machine's file
was measured with; PSNR is that of the libraries' own pixels on frames kept from training.
Needs JAX.

  nas verify
  nas verify --steps 1000
"""

import json
import subprocess

import clock
import cost
import files
import supernet
import variants
from client import with_dycc
from dysr_steps.train import samples
from failure import DydcaError
from steps.train import whole_number, with_jax
from supernet import PATH, Network

RATE = 5e-4  # Of Adam: the weights are near their end.


def add_options(parser):
    parser.add_argument("--steps", type=whole_number, default=200, metavar="N",
                        help="that each network is trained alone (200)")
    parser.add_argument("--min-time", type=float, default=1.0, metavar="S",
                        help="of measuring each network (1)")


def network_of(row):
    return Network(row["width"], tuple(map(tuple, row["blocks"])))


def trained(project, net, first, seen, steps, key):
    """The network's parameters, trained alone."""
    from teaching import Alone
    from training import Plan

    plan = Plan(net.name, net, seen.scale, 0, first, 0, steps, RATE)
    training = Alone(project.path(f".{net.name}.npz"), f"{key} {net.name}", plan, net)
    training.run(seen)
    training.file.unlink(missing_ok=True)
    return training.parameters()


def measured(library, pixels, threads, seconds):
    """Median seconds of a run."""
    dycc = with_dycc()
    result = library.with_suffix(".times")
    command = [dycc.root() / "bin" / "dycc-bench", library, "--threads", threads, "--min-time",
               seconds, "--dim", f"H={pixels[0]}", "--dim", f"W={pixels[1]}", "--json", result]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode:
        raise DydcaError(f"{library}: dycc-bench cannot measure it: {done.stderr.strip()}")
    found = json.loads(result.read_text())["sizes"][0]["p50"]
    result.unlink()
    return found


def verified(project, args, row, seen, facts, key):
    """A row of the search with what was measured."""
    dycc, net = with_dycc(), network_of(row)
    parameters, _ = supernet.load(project.path("supernet.npz"))
    first = supernet.cut(parameters, net, seen.scale)
    mine = trained(project, net, first, seen, args.steps, key)
    model, library = (project.path(f"{net.name}{end}") for end in (".onnx", ".so"))
    variants.write(model, mine, net, seen.scale)
    try:
        dycc.compile_file(model, library)
        with dycc.load(library) as loaded:
            psnr = clock.psnr(loaded, *seen.judged())
    except dycc.Error as error:
        raise DydcaError(f"{model}: dycc refuses it: {error}") from None
    seconds = measured(library, facts["size"], facts["threads"], args.min_time)
    return {**row, "measured": seconds, "trained PSNR": psnr,
            "multiply-adds": cost.of_path(net, PATH, seen.scale, facts["size"])}


def make(project, args, key):
    with_jax()
    facts, rows, names = project.facts("search"), [], []
    with project.high() as high:
        seen = samples(project, high)
        for row in facts["rows"]:
            for who in ("found", "by hand"):
                if row[who]:
                    one = verified(project, args, row[who], seen, facts, key)
                    rows.append({"rate": row["rate"], "who": who, **one})
                    names += [f"{one['name']}.onnx", f"{one['name']}.so"]
        plain = clock.bicubic(*seen.judged())
    found = {"rows": rows, "bicubic": plain, "size": facts["size"], "scale": facts["scale"],
             "threads": facts["threads"], "steps": args.steps}
    files.write_json(project.path("verify.json"), found)
    return [*dict.fromkeys(names), "verify.json"], found


HEAD = ("frames per second", "network", "channels: blocks", "1e9 multiply-adds",
        "predicted, ms", "measured, ms", "in time", "PSNR", "over bicubic")


def table(facts):
    """Rows of text below HEAD."""
    for row in facts["rows"]:
        in_time = "yes" if row["measured"] <= row["budget"] else "no"
        yield (f"{row['rate']:g}", row["who"], row["name"], f"{row['multiply-adds'] / 1e9:.2f}",
               f"{1e3 * row['seconds']:.2f}", f"{1e3 * row['measured']:.2f}", in_time,
               f"{row['trained PSNR']:.2f}", f"{row['trained PSNR'] - facts['bicubic']:+.2f}")


def run(project, args):
    project.facts("search", "search --machine FILE")
    options = {"steps": args.steps, "min_time": args.min_time}
    needs = ["prepare", "train", "search"]
    facts = project.run("verify", options, needs, lambda: make(
        project, args, project.key("verify", options, needs)))
    for row in table(facts):
        print("verify: " + ", ".join(f"{what} {cell}" for what, cell in zip(HEAD, row)))
