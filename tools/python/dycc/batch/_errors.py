"""What stops a batch."""

from typing import Any

from dycc._errors import Error


class BatchError(Error):
    """A batch, or one chunk of it, that did not come to an end; the text names the
    item. `status` is

    refused: a model, an item or a folder is not what it should be
    usage: arguments do not fit together, or the output folder is another batch's
    lost: workers died more often than they are replaced, or none could be started

    `failures`, of a batch that kept going: the errors of its chunks.
    """

    def __init__(self, status: str, text: str, failures: tuple["BatchError", ...] = ()) -> None:
        super().__init__(status, text)
        self.failures = failures

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status, self.text, self.failures)


def refused(text: str) -> BatchError:
    return BatchError("refused", text)


def usage(text: str) -> BatchError:
    return BatchError("usage", text)
