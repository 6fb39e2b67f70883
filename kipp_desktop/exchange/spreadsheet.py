"""Foreign tables (CSV, XLSX, XLS, ODS) read into rows of text.

What a file is, is decided by its content, never by its name. CSV is read here; workbooks are read
by a child process (:mod:`kipp_desktop.exchange.spreadsheet_child`), because a hostile or broken
workbook can make the parser take all memory or abort.

Encoding of CSV: a byte-order mark, else UTF-8 if the bytes are UTF-8, else Windows-1252. Delimiter:
a ``sep=`` line, else the one of semicolon, tab and comma that cuts most rows into equally many
columns; so decimal commas do no harm.
"""

from __future__ import annotations

import codecs
import csv
import io
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange import spreadsheet_child
from kipp_desktop.exchange.spreadsheet_child import (
    CHECK_FIRST,
    CHECK_MEANWHILE,
    CHILD_ARGUMENT,
    RefusedError,
    Table,
    answer_of,
    cells_of,
    clean,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_FILE = 64 << 20  # bytes
MEMORY_LIMIT = 1 << 30  # bytes of address space of the child, where the system can limit it
SECONDS = 30
_PATIENCE = 0.2  # seconds until somebody who cancelled is heard

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_FORMATS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"PK")
_DELIMITERS = ";\t,"
_SHIELDED = ("'=", "'+", "'-", "'@")
# Imported, the reader is compiled once; started by its path, it would be each time. It finds itself
# and the parser, and starts nothing else that is installed.
_START = (
    "import sys; sys.path += sys.argv[1:3]; "
    "import spreadsheet_child as child; child.run(sys.argv[3:])"
)
_PARSER = "python_calamine"
_SAMPLE = 1 << 16  # characters that are looked at to find the delimiter


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of text; ``rows[0]`` is row ``first_row`` (from 1) of the spreadsheet.

    Rows are of different lengths: empty cells at their ends are left out. ``rows[i][0]`` is always
    column A.
    """

    name: str
    rows: list[list[str]]
    first_row: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file, in its order; ``ids`` is the hidden sheet of a judge's form."""

    sheets: tuple[Sheet, ...]
    ids: Sheet | None = None


def read_workbook(
    path: Path,
    *,
    memory_limit: int = MEMORY_LIMIT,
    seconds: int = SECONDS,
    cancelled: Callable[[], bool] = bool,
) -> Workbook:
    """Return the visible sheets of the CSV, XLSX, XLS or ODS file at ``path``.

    Every cell is text: numbers without exponent or needless ``.0``, dates in ISO form, truth values
    ``TRUE`` and ``FALSE``, formulas as last computed, errors empty; in NFC, without control
    characters and outer spaces. ``memory_limit`` (bytes) and ``seconds`` bound the child process;
    ``cancelled`` is asked while it works, and ends it.

    Raises :class:`KippError` for every file that cannot be read whole, with code ``cancelled``
    where the user did not want to wait.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        return _read(path, data, memory_limit, seconds, cancelled)
    except RefusedError as refused:
        raise _error(path, refused) from refused
    except OSError as error:
        raise KippError(
            "table-unreadable",
            Text(
                "The file {file} could not be read: {reason}.",
                file=path.name,
                reason=error.strerror or error,
            ),
            Text("Check that it is still there, that you may read it, and that the disk has room."),
        ) from error


def _read(
    path: Path, data: bytes, memory_limit: int, seconds: int, cancelled: Callable[[], bool]
) -> Workbook:
    if len(data) > MAX_FILE:
        raise RefusedError("file", limit=MAX_FILE >> 20)
    if not data.strip():
        raise RefusedError("empty")
    if data.startswith((_ZIP, _OLE)):
        del data
        return _read_in_child(path, memory_limit, seconds, cancelled)
    if data.startswith(_OTHER_FORMATS):
        raise RefusedError("no-table")
    text = _decode(data)
    if text.lstrip().startswith("<"):
        raise RefusedError("markup")
    return Workbook((_read_csv(path.stem, text),))


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A NUL is the surest sign of a file that is no text at all.
        if "\0" not in text:
            return text
    raise RefusedError("no-table")


def _read_csv(name: str, text: str) -> Sheet:
    first, _, rest = text.partition("\n")
    announced = first.strip("\r").strip('"')
    # Spreadsheet programs hide this line and count rows from the next one.
    if len(announced) == len("sep=;") and announced.lower().startswith("sep="):
        delimiter, text = announced[-1], rest
    else:
        delimiter = _delimiter(text)
    try:
        source = (
            map(clean, map(_without_apostrophe, row))
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        )
        rows = Table().packed(source, sheet=name, first_row=1)
        return Sheet(name, list(map(cells_of, rows)), first_row=1)
    except (csv.Error, ValueError) as error:
        raise RefusedError("csv") from error


def _without_apostrophe(cell: str) -> str:
    """Drop the apostrophe that keeps a spreadsheet program from computing what begins like that."""
    return cell[1:] if cell.startswith(_SHIELDED) else cell


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the largest share of the first rows into one same width."""

    def uniformity(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in rows if row]
        except csv.Error:
            return (0, 0)
        if len(text) > _SAMPLE:
            widths.pop()  # the sample cuts its last row
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            return (0, 0)
        width, times = wide.most_common(1)[0]
        return (times / len(widths), width)

    return max(_DELIMITERS, key=uniformity)


def _child_command() -> list[str]:
    """Return how the reader is started; a frozen program has no interpreter but itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_ARGUMENT]
    parser = find_spec(_PARSER)
    assert parser is not None
    assert parser.origin is not None
    folders = [Path(spreadsheet_child.__file__).parent, Path(parser.origin).parents[1]]
    return [sys.executable, "-S", "-P", "-c", _START, *map(str, folders)]


def _read_in_child(
    path: Path, memory_limit: int, seconds: int, cancelled: Callable[[], bool]
) -> Workbook:
    # Where the system bounds its memory, the parser may start before the file is checked. If it
    # aborts, a second child checks first and says why.
    bounded = sys.platform.startswith("linux")
    orders = [CHECK_MEANWHILE, CHECK_FIRST] if bounded else [CHECK_FIRST]
    # The answer comes in a file, because a windowed program may have no standard output.
    with tempfile.TemporaryDirectory(prefix="kipp-table-", ignore_cleanup_errors=True) as folder:
        target = Path(folder, "sheets")
        arguments = [str(path.absolute()), str(target), str(memory_limit), str(seconds)]
        if not any(_run([*arguments, order], seconds, cancelled) for order in orders):
            raise RefusedError("damaged")
        try:
            with target.open("rb") as file:
                answer, rows = answer_of(file)
        except (ValueError, MemoryError, FileNotFoundError):
            raise RefusedError("damaged") from None
    if "problem" in answer:
        raise RefusedError(answer["problem"], **answer["values"])
    sheets = [
        (Sheet(head["name"], found, head["first_row"]), head["hidden"])
        for head, found in zip(answer["sheets"], rows, strict=False)
    ]
    return Workbook(
        tuple(sheet for sheet, hidden in sheets if not hidden),
        next((sheet for sheet, hidden in sheets if hidden), None),
    )


def _run(arguments: list[str], seconds: int, cancelled: Callable[[], bool]) -> bool:
    """Run the reader, and return whether it came to its end."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    # The pipe stays empty: its end wakes us at once, where waiting for the process would poll.
    with subprocess.Popen(  # noqa: S603  our own program
        [*_child_command(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=flags,
    ) as child:
        try:
            _wait(child, seconds, cancelled)
        finally:
            child.kill()
    return child.returncode == 0


def _wait(child: subprocess.Popen[bytes], seconds: int, cancelled: Callable[[], bool]) -> None:
    """Wait until the child has ended, its time is over, or the user cancels."""
    end = time.monotonic() + seconds
    while True:
        if cancelled():
            raise KippError("cancelled", Text("Cancelled; nothing was changed."))
        try:
            child.communicate(timeout=min(_PATIENCE, max(end - time.monotonic(), 0)))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= end:
                raise RefusedError("time", seconds=seconds) from None
        else:
            return


def _error(path: Path, refused: RefusedError) -> KippError:
    """Say what is wrong with the file, and what to do about it."""
    named: dict[str, object] = {"file": path.name, **refused.values}
    save_again = Text(
        "Open it in LibreOffice or Excel, save it again as XLSX, and import the new file."
    )
    only_the_table = Text(
        "Copy only the table into a new spreadsheet, save it as XLSX, and import that."
    )
    delete_outside = Text(
        "Delete what stands outside of the table, save the file, and import it again."
    )
    sentences = {
        "empty": (
            Text("The file {file} is empty.", **named),
            Text("Check that it was saved and copied to its end."),
        ),
        "file": (Text("The file {file} is larger than {limit} MiB.", **named), only_the_table),
        "no-table": (
            Text(
                "The file {file} is not a table: it is neither CSV nor XLSX, XLS or ODS.", **named
            ),
            Text("Choose a spreadsheet, or save the list as one."),
        ),
        "markup": (
            Text("The file {file} is a web page or XML text, whatever its name says.", **named),
            save_again,
        ),
        "damaged": (
            Text("The file {file} is damaged, or it needs more memory than a list may.", **named),
            save_again,
        ),
        "password": (
            Text("The file {file} is locked with a password.", **named),
            Text("Save it without a password and import the new file."),
        ),
        "time": (
            Text(
                "Reading {file} was stopped because it took longer than {seconds} seconds.", **named
            ),
            only_the_table,
        ),
        "unpacked": (
            Text("The file {file} unpacks to more than {limit} MiB.", **named),
            only_the_table,
        ),
        "far": (
            Text("In {file} a value stands in cell {cell}, far outside of any list.", **named),
            delete_outside,
        ),
        "repeated": (
            Text("In {file} one value is repeated over {count} rows or columns.", **named),
            delete_outside,
        ),
        "rows": (
            Text("Sheet {sheet} of {file} has more than {limit} rows.", **named),
            only_the_table,
        ),
        "columns": (
            Text("Row {row} of sheet {sheet} in {file} has more than {limit} columns.", **named),
            only_the_table,
        ),
        "cells": (
            Text(
                "The file {file} holds more than {limit} cells, or too much text, up to {sheet}.",
                **named,
            ),
            only_the_table,
        ),
        "cell": (
            Text(
                "A cell in row {row} of sheet {sheet} in {file} is longer than {limit} characters.",
                **named,
            ),
            Text("Shorten it. In a CSV file, look for a quotation mark that is never closed."),
        ),
        "csv": (
            Text(
                "The CSV file {file} cannot be split into cells: one of them does not end.", **named
            ),
            Text("Look for a quotation mark that is never closed, or save the list as XLSX."),
        ),
    }
    what, next_step = sentences[refused.problem]
    return KippError(f"table-{refused.problem}", what, next_step)
