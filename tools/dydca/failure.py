"""What ends a command with a text and exit code 1."""


class DydcaError(Exception):
    """Says what was found, what was expected and where."""
