#!/usr/bin/env python3
"""Runs a command and fails where its exit code is not the first argument."""
import subprocess
import sys

done = subprocess.run(sys.argv[2:], capture_output=True, text=True)
if done.returncode != int(sys.argv[1]):
    sys.exit(f"expects exit code {sys.argv[1]}, got {done.returncode}: "
             f"{done.stdout}{done.stderr}")
