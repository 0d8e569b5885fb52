"""What the steps found, as parts of the page."""

from suite_parts.report import table


def size_text(facts):
    high, wide = facts["size"]
    scale = facts["scale"]
    return f"{wide} x {high} pixels to {wide * scale} x {high * scale}"


def front(figures):
    """The variants and their front."""
    from dysr_steps import front as step

    figures.family()
    words = ("--threads", figures.args.threads)
    figures.command("dysr", "front", *words)
    facts, exported = figures.facts("front"), figures.facts("export")
    trained = figures.facts("train")
    text = (f"{size_text(facts)}, {facts['threads']} threads, {len(facts['rows'])} variants in a "
            f"library of {exported['bytes'] / 2**20:.2f} MiB. The supernet has "
            f"{trained['parameters']:,} parameters and "
            f"{trained['steps before'] + trained['steps']} steps. Bicubic interpolation has "
            f"{facts['bicubic']:.2f} dB on the frames that were kept from training.")
    return facts, [text, "", *table(step.HEAD, step.table(facts)), "", figures.picture("front")]


def play(figures):
    """The clip in real time beside another program."""
    from dysr_steps import play as step

    figures.family()
    figures.command("dysr", "play")
    facts = figures.facts("play")
    high, wide = facts["size"]
    first, last = facts["changes"]
    text = (f"{wide} x {high} pixels at {facts['rate']} frames per second, {facts['threads']} "
            f"thread; from second {first:g} to {last:g} {facts['others']} other processes "
            f"compute. A frame is dropped that is not done {facts['ahead']} intervals behind "
            "its time. *Dropped later* and *least rate* leave out the first second and the "
            "second behind each change.")
    return facts, [text, "", *table(step.HEAD, step.table(facts)), "", figures.picture("play")]


def nas(figures):
    """Networks for two frame rates, found and by hand."""
    from nas_steps import verify as step

    if not figures.args.machine:
        raise SystemExit("dysr: part nas expects --machine, a file of dycc-calibrate")
    figures.command("nas", "search", "--machine", figures.args.machine)
    figures.command("nas", "verify")
    facts, found = figures.facts("verify"), figures.facts("search")
    text = (f"{size_text(facts)}, {facts['threads']} threads; {found['networks']} networks were "
            f"judged. Each of these was then trained alone for {facts['steps']} steps. Bicubic "
            f"interpolation has {facts['bicubic']:.2f} dB.")
    return {"search": found, "verify": facts}, [
        text, "", *table(step.HEAD, step.table(facts)), "", figures.picture("search")]


PARTS = {"front": front, "play": play, "nas": nas}
