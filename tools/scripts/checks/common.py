"""What the checks share: the repository and its files."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@cache
def tracked():
    """Files of the repository, relative to its root: tracked ones, and new
    ones that git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [f for f in sorted(set(done.stdout.splitlines())) if (ROOT / f).is_file()]
