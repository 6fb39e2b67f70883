"""From sheets to rows of the grid of marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.canonical import parse_decimal
from kipp_desktop.domain.scoring import round_half_up
from kipp_desktop.gui.models.mark_grid import GridRow, say_difference
from kipp_desktop.gui.models.sheet_states import STATES, state_of
from kipp_desktop.services.sheetbook import making_of, mark_values
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.rubric import Leaf
    from kipp_desktop.gui.models.sheets import Sheets
    from kipp_desktop.services.judging import SheetView
    from kipp_desktop.services.paper import Typing

TYPED: Final = {
    "once": (Text("Typed once"), "wait"),
    "twice": (Text("Typed twice alike"), "good"),
    "differs": (Text("Two typings differ"), "bad"),
    "checked": (Text("Initialled"), "good"),
}
"""How a typed and signed sheet stands (:class:`~kipp_desktop.services.paper.Typing`)."""


def in_runs(numbers: Sequence[str]) -> str:
    """Return entries' numbers in their order, with "17–21" for three or more in a row."""
    runs: list[list[str]] = []
    for number in numbers:
        before = runs[-1][-1] if runs else ""
        if number.isdecimal() and before.isdecimal() and int(number) == int(before) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)


def grid_row(sheets: Sheets, view: SheetView) -> GridRow:
    """Return a judge's own sheet as a row."""
    state = state_of(view)
    name, tone = STATES[state]
    return _row(sheets, view, name, tone, state)


def paper_row(sheets: Sheets, view: SheetView) -> GridRow:
    """Return a sheet typed from paper as a row, with how its typings stand."""
    typing = sheets.book.typings.get(view.entry.id)
    key = state_of(view)
    name, tone = STATES[key]
    remark: Text | None = None
    if key == "complete":
        name, tone = Text("To be saved"), "calm"
    elif typing is not None and typing.state != "none" and key in {"final", "empty"}:
        key = typing.state if key == "final" or typing.state == "checked" else "empty"
        name, tone = TYPED.get(typing.state, (name, tone)) if key != "empty" else (name, tone)
        if key == "empty":
            name, tone = Text("Typed by another"), ""
    row = _row(sheets, view, name, tone, key, typing)
    if row.written is not None and row.total is not None and row.written != row.total:
        remark = Text(
            "Number {number}: the paper says {written}, the marks make {total}.",
            number=row.number,
            written=row.written,
            total=row.total,
        )
    return GridRow(**{**vars(row), "remark": remark})


def paper_remarks(rows: Sequence[GridRow], leaves: Sequence[Leaf]) -> list[Text]:
    """Return what is to be looked at again: other totals first, then typings that differ."""
    names = {leaf.id: leaf.criterion.name for leaf in leaves}
    return [row.remark for row in rows if row.remark is not None] + [
        Text(
            "Number {number}: {what}",
            number=row.number,
            what=", ".join(
                f"{names[leaf]} {say_difference(marks, row.typists)}"
                for leaf, marks in row.differing.items()
            ),
        )
        for row in rows
        if row.differing
    ]


def _row(  # noqa: PLR0917 - a sheet, and the three faces of its state
    sheets: Sheets,
    view: SheetView,
    name: Text,
    tone: str,
    key: str,
    typing: Typing | None = None,
) -> GridRow:
    book = sheets.book
    making = making_of(book.rubric, view.marks)
    written = view.notes.written_total
    differing: dict[str, tuple[str, ...]] = {}
    typists: tuple[str, ...] = ()
    if typing is not None and typing.state == "differs" and view.state == "final":
        # What this typist typed stands first.
        own = book.marker.author
        order = sorted(range(len(typing.authors)), key=lambda n: typing.authors[n] != own)
        differing = {
            criterion: tuple(marks[n] for n in order) for criterion, marks in typing.differences
        }
        typists = tuple(typing.names[n] for n in order)
    return GridRow(
        entry=view.entry.id,
        number=view.entry.number,
        title=view.entry.title,
        marks=mark_values(book.rubric, view.marks),
        total=None if making is None else round_half_up(making.total, book.digits),
        state=name,
        tone=tone,
        editable=sheets.may_edit(view),
        key=key,
        written=parse_decimal(written) if written else None,
        differing=differing,
        typists=typists,
        due=view.due,
    )
