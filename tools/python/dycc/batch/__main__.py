"""The command `python -m dycc.batch`."""

import argparse
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from dycc._errors import Error
from dycc.batch._run import run

EXIT_CODES = {"refused": 1, "usage": 2, "lost": 3, "internal": 3}


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}': expected INPUT=COLUMN")
    return name, value


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", help="ONNX file, or a library that dycc has made")
    parser.add_argument("data", help="folder of .npy and .npz files, each an item; .npy or .npz "
                                     "file, items along the leading axis; Parquet file or "
                                     "folder, a row an item")
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER",
                        help="of the results: a new one, or of the same batch to go on")
    parser.add_argument("--dim", action="append", default=[], metavar="NAME=LO..HI",
                        help="range of a dim, as dycc has it")
    parser.add_argument("--flag", action="append", default=[], metavar="FLAG", dest="flags",
                        help="another option of dycc: --flag=--dispatch --flag=v3,v4")
    parser.add_argument("--machine", help="whose kernels run, of a model for several")
    parser.add_argument("--column", action="append", type=_pair, metavar="INPUT=COLUMN",
                        help="of Parquet, the column of an input (default: of its name)")
    parser.add_argument("--keep", action="append", default=[], metavar="COLUMN",
                        help="of Parquet, a column that goes into the results")
    parser.add_argument("--each", action="store_true",
                        help="a file for each item, where else a chunk would be one")
    parser.add_argument("--chunk", type=int, metavar="ITEMS",
                        help="items that are done or begun again at once (default: 16)")
    parser.add_argument("--batch", type=int, default=1, metavar="ITEMS",
                        help="items of equal shapes that share a run (default: 1)")


def _add_how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, metavar="N",
                        help="processes of Ray; 0: this one (default: as many as there are "
                             "processors; this one where Ray is not installed)")
    parser.add_argument("--threads", type=int, metavar="N",
                        help="of each model (default: 1; in this process all processors)")
    parser.add_argument("--address", help="of a Ray cluster; auto: one that runs here "
                                          "(default: one for this batch)")
    parser.add_argument("--shared", action="store_true",
                        help="all nodes see both folders under their paths: workers read and "
                             "write themselves")
    parser.add_argument("--in-flight", type=int, metavar="CHUNKS",
                        help="read and not yet written (default: two for each worker)")
    parser.add_argument("--retries", type=int, default=3, metavar="N",
                        help="how often a chunk may lose its worker (default: 3)")
    parser.add_argument("--patience", type=float, default=300, metavar="SECONDS",
                        help="without a worker, before giving up (default: 300)")
    parser.add_argument("--keep-going", action="store_true",
                        help="go on behind a chunk that is refused")
    parser.add_argument("--verify", action="store_true",
                        help="read what is finished, make again what is not as written")


def _arguments(arguments: Sequence[str] | None) -> dict[str, Any]:
    """The arguments of run()."""
    parser = argparse.ArgumentParser(
        prog="python -m dycc.batch",
        description="Runs a model over a data set; a second start does what is missing. Exit "
                    "code 0: done; 1: model or item refused; 2: usage; 3: workers lost, "
                    "internal error; 130: interrupted.")
    _add_what(parser)
    _add_how(parser)
    given = vars(parser.parse_args(arguments))
    dims = given.pop("dim")
    given["flags"] += [part for dim in dims for part in ("--dim", dim)]
    given["columns"] = dict(given.pop("column") or ()) or None
    return given


def _interrupt(number: int, _: Any) -> None:
    raise KeyboardInterrupt(number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    given = _arguments(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        summary = run(**given)
    except Error as error:
        print(f"dycc.batch: {error.text}", file=sys.stderr)
        return EXIT_CODES[error.status]
    except OSError as error:
        print(f"dycc.batch: {error}", file=sys.stderr)
        return EXIT_CODES["refused"]
    except Exception:  # A defect, whose place is worth more than a line.
        traceback.print_exc()
        return EXIT_CODES["internal"]
    except KeyboardInterrupt:
        print("dycc.batch: interrupted: the same command does what is missing", file=sys.stderr)
        return 130
    if sys.stdout.isatty():
        print(f"{summary.items} items, {summary.items_before} of them before, "
              f"{summary.seconds:.1f} s: {given['output']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
