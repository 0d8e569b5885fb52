"""What a build does with each operator."""

import subprocess


def support(inspect):
    """{operator: (kind, note)}, of the program dycc-inspect."""
    done = subprocess.run([str(inspect), "--operators"], check=True,
                          capture_output=True, text=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: (kind, note) for name, kind, note in rows}
