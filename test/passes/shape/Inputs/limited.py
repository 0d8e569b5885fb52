"""limited.py SECONDS COMMAND ...: runs the command and ends it after so much
processor time."""

import os
import resource
import sys

# Builds with sanitizers are several times slower.
seconds = int(float(sys.argv[1]) * float(os.environ.get("DYCC_TEST_PATIENCE", 1)))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
os.execvp(sys.argv[2], sys.argv[2:])
