"""The tables of the engines beside dycc."""

from ablation_parts.peers import LIMITED
from ablation_parts.rows import geometric, mebibytes, rows_of
from suite_parts.report import SHORT, milliseconds, number, table
from suite_parts.results import OURS
from suite_parts.sides import PEERS


def peer_tables(data):
    """Milliseconds and MiB of the engines, where they were measured."""
    rows = [(model, row) for model, row in rows_of(data) if "peers" in row]
    if not rows:
        return []
    times, memory = [], []
    for model, row in rows:
        found, place = row["peers"], [model["name"], row["size"]]
        times.append([*place, *(time_of(found, engine) for engine in (OURS, *PEERS)),
                      f"{number(found['ratio'])} {SHORT[found['best']]}"])
        memory.append([*place, *(mebibytes(used) if used is not None else "-" for used in
                                 map(found["memory"].get, (OURS, LIMITED, *PEERS)))])
    mean = geometric(row["peers"]["ratio"] or 0 for _, row in rows)
    return ["### Beside other engines",
            "The same inputs in each engine, all in turn, each in a process of its own: "
            "milliseconds, medians of rounds, and the best engine's time over dycc's (geometric "
            f"mean {mean:.2f}). Where an engine refuses the model or computes something else, "
            "that stands there.", "",
            *table(["model", "size", OURS, *PEERS, "best over dycc"], times), "",
            "MiB that a process takes from the system in its first runs, beyond what it has "
            "once the model is loaded; results are part of it, and what nothing bounds.", "",
            *table(["model", "size", OURS, LIMITED, *PEERS], memory), ""]


def time_of(found, engine):
    seconds = found["seconds"].get(engine)
    return milliseconds(seconds) if seconds else found["states"][engine].split(":")[0]
