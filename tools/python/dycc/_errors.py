"""What goes wrong, with the texts of the compiler and of the compiled models."""


class Error(RuntimeError):
    """A status of a compiled model other than DYCC_OK: `status` is its name, and the
    text names what was found and expected."""

    def __init__(self, status: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text

    def __reduce__(self):
        return type(self), (self.status, self.text)


class CompileError(Error):
    """The compiler refused a model or an option. `status` is "refused", "usage" or
    "internal"; the text is all that it printed."""


def refuse(text: str) -> Error:
    """Of an argument."""
    return Error("DYCC_INVALID_ARGUMENT", text)
