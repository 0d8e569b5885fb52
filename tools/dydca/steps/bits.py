"""Write the file of routing bits, which tells the client the path of each cell.

It has a header, a checksum and a version, and a bit for each cell and frame (two for
three or four classes). docs/dydca.md has the format.

  dydca bits
"""

import routing


def add_options(parser):
    parser.set_defaults()


def make(project):
    prepared, scored = project.facts("prepare"), project.facts("score")
    bits = routing.Bits(prepared["scale"], scored["classes"], tuple(prepared["cell"]),
                        tuple(prepared["high"]), project.array("classes.npy"))
    routing.write(project.path("routing.bits"), bits)
    return ["routing.bits"], {"bytes": project.path("routing.bits").stat().st_size,
                              "bytes_per_frame": bits.bytes_per_frame}


def run(project, args):
    project.facts("prepare", "prepare VIDEO")
    facts = project.run("bits", {}, ["prepare", "score"], lambda: make(project))
    print(f"bits: routing.bits, {facts['bytes']} bytes, {facts['bytes_per_frame']} a frame")
