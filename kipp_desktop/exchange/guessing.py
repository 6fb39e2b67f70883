"""What the columns of a table seem to mean, for somebody to confirm.

:mod:`kipp_desktop.exchange.tables` knows headings for certain or not at all. Here a heading that
holds a known one ("Nama Inovasi yang Diusulkan"), or that is one letter off, is a likely guess; and
where no heading says which column is the title or the telephone, the cells do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kipp_desktop.domain.likeness import within
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.tables import (
    FIELDS,
    HEADER_ROWS,
    KEPT,
    LEFT_OUT,
    REASON_COLUMN,
    column_key,
    find_header,
    normalise,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.exchange.spreadsheet import Sheet
    from kipp_desktop.exchange.tables import Kind

SAMPLES = 3
_LOOKED_AT = 200  # rows below the header
_SHORTEST = 4  # letters of a heading that may be one letter off
_PHONE = re.compile(r"(?:\+?62|0)8[0-9]{7,12}")
_NO_DIGIT = re.compile(r"[\s().-]+")
_TITLE_LENGTH = range(6, 300)
_REASON = normalise(REASON_COLUMN)

Confidence = Literal["certain", "likely", "none"]


@dataclass(frozen=True)
class ColumnGuess:
    """A column of a table: its place from 0, heading, some cells, and the field it seems to be.

    ``field`` is None for a column that is kept as it is. ``certain``: the heading is known, or
    somebody said so; ``likely``: to be confirmed; ``none``: nothing is known of it.
    """

    index: int
    header: str
    samples: tuple[str, ...]
    field: str | None
    confidence: Confidence
    left_out: bool = False


def guess_header_row(sheet: Sheet, kind: Kind) -> int:
    """Return the row that most likely holds the headings, whether they are known or not.

    Without known headings it is the first of 30 rows that fills most of the table's width.
    """
    best, row_of_best = 0, 0
    for position, cells in enumerate(sheet.rows[:HEADER_ROWS]):
        known = sum(_known(kind, cell) is not None for cell in cells)
        if known > best:
            best, row_of_best = known, position
    if best > 1:
        return sheet.first_row + row_of_best
    widths = [sum(map(bool, cells)) for cells in sheet.rows[:HEADER_ROWS]]
    widest = max(widths, default=0)
    for position, width in enumerate(widths):
        if width and width * 4 >= widest * 3:
            return sheet.first_row + position
    return sheet.first_row


def guess_columns(
    sheet: Sheet, kind: Kind, header_row: int, mapping: Sequence[tuple[str, str]] = ()
) -> tuple[ColumnGuess, ...]:
    """Return every column that has a heading or a cell, with what it seems to mean.

    Our own column of reasons is none.

    ``mapping`` is what the user has said already, as for :func:`tables.find_header`.
    """
    position = header_row - sheet.first_row
    headings = sheet.rows[position] if 0 <= position < len(sheet.rows) else []
    rows = sheet.rows[max(position + 1, 0) : max(position + 1, 0) + _LOOKED_AT]
    width = max(map(len, (headings, *rows)), default=0)
    cells = [
        [row[index] for row in rows if index < len(row) and row[index]] for index in range(width)
    ]
    names = [
        " ".join(headings[index].split()) if index < len(headings) else "" for index in range(width)
    ]
    said = {column_key(heading): field for heading, field in mapping}
    found: dict[int, tuple[str | None, Confidence]] = {}
    for index, name in enumerate(names):
        for key in (f"#{index + 1}", normalise(name)):
            if key and key in said:
                found[index] = (said[key], "certain")
    taken = {field for field, _ in found.values()}
    for index, known in _certain(sheet, kind, header_row).items():
        if index not in found and known not in taken:
            found[index] = (known, "certain")
            taken.add(known)
    for index, likely in _likely(kind, names, cells, taken, found):
        found[index] = (likely, "likely")
    guesses = []
    for index in range(width):
        if not (names[index] or cells[index]) or normalise(names[index]) == _REASON:
            continue
        field, confidence = found.get(index, (None, "none"))
        guesses.append(
            ColumnGuess(
                index,
                names[index],
                tuple(dict.fromkeys(cells[index]))[:SAMPLES],
                None if field in {KEPT, LEFT_OUT} else field,
                confidence,
                left_out=field == LEFT_OUT,
            )
        )
    return tuple(guesses)


def _certain(sheet: Sheet, kind: Kind, header_row: int) -> dict[int, str]:
    try:
        header = find_header(sheet, kind, header_row=header_row)
    except KippError:
        found: dict[int, str] = {}
        position = header_row - sheet.first_row
        for index, cell in enumerate(sheet.rows[position] if position >= 0 else []):
            field = _known(kind, cell)
            if field and field not in found.values():
                found[index] = field
        return found
    return {column.index: column.field for column in header.columns if column.field}


def _known(kind: Kind, heading: str) -> str | None:
    key = normalise(heading)
    return next((field.id for field in FIELDS[kind] if key in field.names), None) if key else None


def _likely(
    kind: Kind,
    names: Sequence[str],
    cells: Sequence[Sequence[str]],
    taken: set[str | None],
    found: dict[int, tuple[str | None, Confidence]],
) -> list[tuple[int, str]]:
    guesses: list[tuple[int, str]] = []

    def free(index: int) -> bool:
        return index not in found and all(index != known for known, _ in guesses)

    def take(index: int, field: str) -> None:
        guesses.append((index, field))
        taken.add(field)

    for index, name in enumerate(names):
        field = _near(kind, name)
        if field and field not in taken and free(index):
            take(index, field)
    fields = {field.id for field in FIELDS[kind]}
    for index, column in enumerate(cells):
        if "phone" in fields - taken and free(index) and _mostly_phones(column):
            take(index, "phone")
    if "title" in fields - taken:
        lengths = {
            index: sum(map(len, column)) // len(column)
            for index, column in enumerate(cells)
            if column
            and free(index)
            and len(set(column)) * 10 >= len(column) * 9
            # Numbers and dates are as distinct as titles.
            and sum(cell[0].isdecimal() for cell in column) * 2 < len(column)
        }
        named = [index for index, length in lengths.items() if length in _TITLE_LENGTH]
        if named:
            take(named[0], "title")
    return guesses


def _near(kind: Kind, heading: str) -> str | None:
    """Return the field whose known heading stands in this one, or is one letter off."""
    words = [normalise(word) for word in heading.split()]
    key = "".join(words)
    best: tuple[int, str] | None = None
    for field in FIELDS[kind]:
        for name in field.names:
            fits = _holds(words, name) or (
                len(name) > _SHORTEST and abs(len(name) - len(key)) < 2 and within(name, key, 1)
            )
            if fits and len(name) >= _SHORTEST and (best is None or len(name) > best[0]):
                best = len(name), field.id
    return best[1] if best else None


def _holds(words: Sequence[str], name: str) -> bool:
    """Return whether some words in a row are a known heading."""
    for start in range(len(words)):
        joined = ""
        for word in words[start:]:
            joined += word
            if joined == name:
                return True
            if len(joined) > len(name):
                break
    return False


def _mostly_phones(column: Sequence[str]) -> bool:
    phones = sum(bool(_PHONE.fullmatch(_NO_DIGIT.sub("", cell))) for cell in column)
    return len(column) > 1 and phones * 2 > len(column)
