"""Writes a file of a machine: machine_file.py FILE KIND.AMOUNT=PICOSECONDS...
[machine=TITLE] [revision=NUMBER]"""
import json
import sys

path, *rest = sys.argv[1:]
written = {"dycc machine": 1, "machine": "x86-64-v3", "threads": 1, "picoseconds": {}}
for word in rest:
    name, value = word.split("=")
    if name == "revision":
        written["dycc machine"] = int(value)
    elif name == "machine":
        written["machine"] = value
    else:
        kind, amount = name.split(".")
        written["picoseconds"].setdefault(kind, {})[amount] = float(value)
with open(path, "w") as file:
    json.dump(written, file)
