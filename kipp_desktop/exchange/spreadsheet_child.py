"""What runs in a process of its own: a foreign workbook, read into plain rows of text.

The parser allocates what a file asks for; a single value in the last cell of a sheet makes it abort
the whole process. So :mod:`kipp_desktop.exchange.spreadsheet` starts this file as a child, under a
memory and a time limit, and reads what it leaves behind. The file imports nothing of the
program, which would cost a second import. A frozen program starts itself with
:data:`CHILD_ARGUMENT` instead.

The rules for one cell and the limits of a table stand here too, because CSV files obey the same.

Somebody waits for it, so it opens files by their names and imports late what the parser need not
wait for: that halves the time until the parser begins.
"""

from __future__ import annotations

import _thread
import gc
import os
import sys

if sys.platform != "win32":
    import resource

TYPE_CHECKING = False  # what type checkers look for; ``typing`` itself takes a while
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO, Any, NoReturn

CHILD_ARGUMENT = "--read-spreadsheet"
CHECK_FIRST, CHECK_MEANWHILE = "first", "meanwhile"
FORM_SHEET = "kipp"
"""The one hidden sheet that is read: it holds the ids of a judge's form and nothing to import."""

SHEET_END, ROW_END, CELL_END = "\x1d", "\x1e", "\x1f"

MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELL = 32_767  # characters: what Excel itself holds in a cell
MAX_CELLS = 2_000_000
MAX_CHARACTERS = 32 << 20  # of a whole workbook
MAX_XML = 128 << 20  # bytes, unpacked
MAX_MEMBERS = 5_000
_SPARE_SECONDS = 5
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"

_EXACT_FLOAT = 2**53
_TOGETHER = 512  # rows whose columns are looked at together: as many as the processor keeps near
_SWITCH = 0.0005  # seconds that the parser waits for the check when it is done with a step

# C0 and C1 controls, marks that only change the direction of the text around them or show nothing,
# and lone surrogates: none of them is content, and some disguise it.
_UNWANTED = (
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)
_CONTROLS = tuple(map(chr, (*range(0x20), 0x7F)))
"""What of ASCII is not printable; to look for each takes less than ``isprintable``."""
_LINE_END = "\r\n|[\r\x0b\x0c\u2028\u2029]"
_SPACE = "[\t\u00a0\u202f]"

# A cell with a value beyond column SF (500) or row 200,000. Empty cells that only carry a style may
# stand there: spreadsheet programs write them, and the parser drops them. The literal start makes
# the search fast; a file that writes its attributes in another way meets the memory limit.
_FAR_CELL = (
    rb" r=\"([A-Z]{3,}[0-9]+|(?:S[G-Z]|[T-Z][A-Z])[0-9]+|[A-Z]{1,2}(?:[2-9][0-9]{5}|[0-9]{7,}))"
    rb"\"[^<>]*(?<!/)>(?!</)"
)
# The shape of such a cell's name, two letters or six digits, is looked for first: that is four
# times as fast, and few lists have it.
_SHAPE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"A" * 26 + b"0" * 10)
_FAR_SHAPES = (b' r="AA', b'000000"')
_REPEATED_CELL = (
    rb"<table:table-cell\b(?=[^<>]*value-type)[^<>]*number-columns-repeated=\"([0-9]+)\""
)
_REPEATED_ROW = (
    rb"(?s)<table:table-row\b[^<>]*number-rows-repeated=\"([0-9]{6,})\""
    rb"[^<>]*(?<!/)>(.*?)</table:table-row>"
)


class RefusedError(Exception):
    """The file breaks a rule: ``problem`` is a word for the parent, ``values`` what it names."""

    def __init__(self, problem: str, **values: str | int) -> None:
        super().__init__(problem, values)
        self.problem = problem
        self.values = values


def clean(text: str) -> str:
    r"""Return ``text`` in NFC, lines ended by ``\n``, without control and direction characters.

    Tabs and no-break spaces become spaces; outer spaces are removed.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    import re
    import unicodedata

    lines = re.sub(_LINE_END, "\n", text)
    wanted = re.sub(_UNWANTED, "", re.sub(_SPACE, " ", lines))
    return unicodedata.normalize("NFC", wanted).strip()


def cell_text(value: object) -> str:
    """Return a cell as text: 128.0 is ``128``, 7.5 is ``7.5``, dates are ISO, None is empty."""
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    import datetime as dt

    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def _number_text(value: float) -> str:
    """Return the shortest decimal that is this float, without an exponent."""
    if value.is_integer() and -_EXACT_FLOAT < value < _EXACT_FLOAT:
        return str(int(value))
    if value - value != 0:  # infinite, or not a number
        return ""
    from decimal import Decimal

    return format(Decimal(repr(value)), "f").removesuffix(".0")


def text_rows(cells: Sequence[Sequence[object]]) -> Iterator[Sequence[str]]:
    """Yield the rows of a sheet, all of one width, as text: what :func:`cell_text` makes of a cell.

    Most columns hold values of one kind, and are looked at whole.
    """
    for start in range(0, len(cells), _TOGETHER):
        columns = zip(*cells[start : start + _TOGETHER], strict=True)
        yield from zip(*map(_column_texts, columns), strict=True)


def _column_texts(column: Sequence[Any]) -> Sequence[str]:
    try:
        together = "".join(column)
    except TypeError:
        if (
            set(map(type, column)) == {float}
            and all(map(float.is_integer, column))
            and max(map(abs, column)) < _EXACT_FLOAT
        ):
            return list(map(str, map(int, column)))
    else:
        if together.isascii() and not any(control in together for control in _CONTROLS):
            return list(map(str.strip, column))
    return list(map(cell_text, column))


class Table:
    """Counts what a workbook holds over all its sheets, and refuses what is beyond the limits."""

    def __init__(self) -> None:
        self._cells = 0
        self._characters = 0

    def packed(
        self, source: Iterable[Iterable[str]], *, sheet: str, first_row: int, left: int = 0
    ) -> list[str]:
        """Return each row as one text, without empty cells and empty rows at their ends.

        No cell holds a control character, so ``CELL_END`` can stand between them.
        ``first_row`` is the number of the first row in the spreadsheet, ``left`` how many empty
        columns stand before it. Raises :class:`RefusedError` at the first limit that is passed.
        """
        margin = CELL_END * left
        rows: list[str] = []
        for number, cells in enumerate(map(CELL_END.join, source), first_row):
            row = (margin + cells).rstrip(CELL_END)
            width = row.count(CELL_END) + bool(row)
            if number > MAX_ROWS:
                raise RefusedError("rows", sheet=sheet, limit=MAX_ROWS)
            if width > MAX_COLUMNS:
                raise RefusedError("columns", sheet=sheet, row=number, limit=MAX_COLUMNS)
            if len(row) > MAX_CELL and max(map(len, row.split(CELL_END))) > MAX_CELL:
                raise RefusedError("cell", sheet=sheet, row=number, limit=MAX_CELL)
            self._cells += width
            self._characters += len(row) - width
            if self._cells > MAX_CELLS or self._characters > MAX_CHARACTERS:
                raise RefusedError("cells", sheet=sheet, limit=MAX_CELLS)
            rows.append(row)
        while rows and not rows[-1]:
            rows.pop()
        return rows


class _ArchiveCheck:
    """Checks a zip beside the parser at work.

    Refused is what is no workbook, what unpacks to too much, and a value so far out that the parser
    would abort. Reading every XML member to its end also compares its length and CRC with the
    directory, so a directory that understates them is caught here.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._failure: Exception | None = None
        self._working = _thread.allocate_lock()
        self._working.acquire()
        _thread.start_new_thread(self._run, ())

    def _run(self) -> None:
        try:
            _check_archive(self._path)
        except Exception as failure:  # noqa: BLE001  raised again by whoever waits
            self._failure = failure
        finally:
            self._working.release()

    def finish(self) -> None:
        """Wait for the end; raises what was found."""
        with self._working:
            pass
        if self._failure is not None:
            raise self._failure


def _check_archive(path: str) -> None:
    import zipfile  # takes a while; the parser has begun by then

    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = {member.filename.lower() for member in members}
        if "xl/workbook.xml" not in names and not (
            "mimetype" in names and archive.open("mimetype").read(200).startswith(_ODS)
        ):
            raise RefusedError("no-table")
        xml = [m for m in members if m.filename.lower().endswith((".xml", ".rels"))]
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in xml) > MAX_XML:
            raise RefusedError("unpacked", limit=MAX_XML >> 20)
        for member in xml:
            _check_member(member.filename, archive.read(member))


def _check_member(name: str, data: bytes) -> None:
    import re

    if name == "content.xml":
        for cell in re.finditer(_REPEATED_CELL, data):
            if int(cell[1][:9]) > MAX_COLUMNS:
                raise RefusedError("repeated", count=cell[1].decode())
        for row in re.finditer(_REPEATED_ROW, data):
            if int(row[1][:9]) > MAX_ROWS and b"value-type" in row[2]:
                raise RefusedError("repeated", count=row[1].decode())
    else:
        shapes = data.translate(_SHAPE)
        if any(shape in shapes for shape in _FAR_SHAPES) and (far := re.search(_FAR_CELL, data)):
            raise RefusedError("far", cell=far[1].decode())


def _fill_merged(
    packed: Sequence[str],
    first: int,
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> list[str]:
    """Return the rows with the text of a merged cell in the rows below that it covers.

    Lists merge the agency over its entries, and headings over two header rows. Rows that hold
    nothing else stay empty. Rows and columns of ``ranges`` count from 0, ``first`` too.
    """
    rows = list(map(cells_of, packed))
    for (top, left), (bottom, _right) in ranges:
        above = rows[top - first] if 0 <= top - first < len(rows) else []
        if left >= len(above) or not above[left]:
            continue
        for index in range(top - first + 1, min(bottom - first + 1, len(rows))):
            row = rows[index]
            if packed[index]:
                row.extend([""] * (left + 1 - len(row)))
                row[left] = row[left] or above[left]
    return list(map(CELL_END.join, rows))


def cells_of(row: str) -> list[str]:
    """Return the cells of a row that :meth:`Table.packed` made."""
    return row.split(CELL_END) if row else []


def answer_of(file: IO[bytes]) -> tuple[dict[str, Any], list[list[list[str]]]]:
    """Return what the child left behind: its JSON, and the rows of each sheet named there.

    Raises :class:`ValueError` for anything that :func:`main` would not have written.
    """
    import json

    answer: dict[str, Any] = json.loads(file.readline())
    sheets = [
        sheet.split(ROW_END) if sheet else [] for sheet in file.read().decode().split(SHEET_END)
    ]
    return answer, [list(map(cells_of, sheet)) for sheet in sheets]


def _read_sheets(path: str) -> list[tuple[dict[str, object], list[str]]]:
    # The parser is a compiled library; only the child process ever loads it.
    from python_calamine import (
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
        load_workbook,
    )

    table = Table()
    sheets: list[tuple[dict[str, object], list[str]]] = []
    try:
        with open(path, "rb") as file, load_workbook(file) as workbook:
            for about in workbook.sheets_metadata:
                hidden = about.visible != SheetVisibleEnum.Visible
                # What nobody sees in the spreadsheet program must not be imported unseen.
                if about.typ != SheetTypeEnum.WorkSheet or (hidden and about.name != FORM_SHEET):
                    continue
                sheet = workbook.get_sheet_by_name(about.name)
                top, left = sheet.start or (0, 0)
                name = clean(about.name)
                if sheet.total_height > MAX_ROWS:
                    raise RefusedError("rows", sheet=name, limit=MAX_ROWS)
                if sheet.total_width > MAX_COLUMNS:
                    raise RefusedError("columns", sheet=name, row=top + 1, limit=MAX_COLUMNS)
                cells = text_rows(sheet.to_python())
                rows = table.packed(cells, sheet=name, first_row=top + 1, left=left)
                if sheet.merged_cell_ranges:
                    rows = _fill_merged(rows, top, sheet.merged_cell_ranges)
                head = {"name": name, "first_row": top + 1, "hidden": hidden}
                sheets.append((head, rows))
    except PasswordError:
        raise RefusedError("password") from None
    except CalamineError:
        raise RefusedError("damaged") from None
    return sheets


def _checked_sheets(path: str, *, check_first: bool) -> list[tuple[dict[str, object], list[str]]]:
    with open(path, "rb") as file:
        is_zip = file.read(2) == b"PK"
    if not is_zip:
        return _read_sheets(path)
    check = _ArchiveCheck(path)
    if check_first:
        check.finish()
    try:
        return _read_sheets(path)
    finally:
        check.finish()  # what it found says more than what the parser met


def _limit(memory: int, seconds: int) -> None:
    if sys.platform == "win32":
        return
    for kind, value in (
        (resource.RLIMIT_AS, memory),
        # The parent keeps the time; this only ends a child whose parent is gone.
        (resource.RLIMIT_CPU, seconds + _SPARE_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        # Some systems know a limit and refuse to set it; the time limit of the parent remains.
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            continue


def main(arguments: Sequence[str]) -> int:
    """Read the workbook ``arguments[0]`` and write what is in it to ``arguments[1]``; return 0.

    ``arguments[2]`` is the memory limit in bytes, ``arguments[3]`` the time limit in seconds,
    ``arguments[4]`` whether a zip is checked before the parser sees it (:data:`CHECK_FIRST`), which
    takes longer, or meanwhile, when a hostile one may abort the process without a reason.

    The first line is JSON, ``{"sheets": [{"name", "first_row", "hidden"}]}`` or ``{"problem",
    "values"}``; behind it the sheets, parted by ``SHEET_END``, of rows parted by ``ROW_END``. Any
    other end (an abort, no output) means that the file is damaged.
    """
    source, target, memory, seconds, order = arguments
    _limit(int(memory), int(seconds))
    gc.disable()  # nothing here makes cycles, and the process ends at once
    sys.setswitchinterval(_SWITCH)
    answer: dict[str, object]
    sheets: list[tuple[dict[str, object], list[str]]] = []
    try:
        sheets = _checked_sheets(source, check_first=order == CHECK_FIRST)
        answer = {"sheets": [head for head, _ in sheets]}
    except RefusedError as refused:
        answer = {"problem": refused.problem, "values": refused.values}
    import json

    with open(target, "w", encoding="utf-8", newline="") as file:
        file.write(f"{json.dumps(answer)}\n")
        for number, (_, rows) in enumerate(sheets):
            file.write(SHEET_END if number else "")
            for start in range(0, len(rows), _TOGETHER):
                file.write(ROW_END if start else "")
                file.write(ROW_END.join(rows[start : start + _TOGETHER]))
    return 0


def run(arguments: Sequence[str]) -> NoReturn:
    """Do :func:`main` and end the process at once.

    To give back cell by cell what the system takes whole would cost a tenth of the time.
    """
    os._exit(main(arguments))
