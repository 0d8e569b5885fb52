"""What a build does with each operator."""

import subprocess


def support(inspect):
    """{(domain, operator): (kind, note)}, in the order of the program dycc-inspect."""
    done = subprocess.run([str(inspect), "--operators"], check=True,
                          capture_output=True, text=True)
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {(domain, name): (kind, note) for domain, name, kind, note in rows}
