"""Inner loops of the code of single kernels: what tools/bench/arm and gpu_model judge."""

import fnmatch
import sys


def chosen(kernels, patterns):
    """Those whose name fits a pattern; ends the program where none does."""
    found = [kernel for kernel in kernels
             if any(fnmatch.fnmatch(kernel.name, pattern) for pattern in patterns)]
    if not found:
        sys.exit(f"no kernel is called {' or '.join(patterns)}, expected some of "
                 + ", ".join(kernel.name for kernel in kernels))
    return found


def innermost(lines, targets):
    """The loops that have none inside, as lists of lines: all up to the last branch back to
    the first one. `targets` are, for each line, where it branches to, or None."""
    spans = {}
    for i, first in enumerate(targets):
        if first is not None and first <= i:
            spans[first] = i
    return [lines[first:last + 1] for first, last in spans.items()
            if not any(first <= other and end <= last and (first, last) != (other, end)
                       for other, end in spans.items())]
