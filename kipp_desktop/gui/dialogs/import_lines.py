"""The third step of an import, as lines: what cannot be used, what changes, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.services.importing import ImportReport


@dataclass(frozen=True)
class Line:
    """Something that the import says: about a row, or (``row`` None) about the whole table."""

    number: int
    row: int | None
    field: str
    text: Text | str
    kind: str


_KINDS: Final = {
    "problem": (Text("Left out"), "bad"),
    "change": (Text("Changed"), "wait"),
    "note": (Text("Note"), "neutral"),
    "new": (Text("New"), "good"),
}


def _said(line: Line) -> str:
    return line.text if isinstance(line.text, str) else say(line.text)


LINE_COLUMNS: Final = (
    Column[Line](
        Text("Row"),
        lambda line: "" if line.row is None else str(line.row),
        lambda line: line.row,
        right=True,
        width=5,
    ),
    Column[Line](Text("Column"), lambda line: line.field, width=11),
    Column[Line](Text("What there is to say"), _said, stretch=True),
    Column[Line](
        Text("Kind"),
        lambda line: say(_KINDS[line.kind][0]),
        tone=lambda line: _KINDS[line.kind][1],
        width=11,
    ),
)


def lines_of(report: ImportReport) -> list[Line]:
    """Return everything that an import says, what asks for something first."""
    return [
        Line(number, row, field, text, kind)
        for number, (row, field, text, kind) in enumerate(_lines(report))
    ]


def _lines(report: ImportReport) -> Iterator[tuple[int | None, str, Text | str, str]]:
    for problem in report.problems:
        yield problem.row, problem.field, problem.problem, "problem"
    for change in report.updates:
        who = " · ".join(filter(None, (change.number, change.title)))
        for field, old, new in change.fields or (("", "", ""),):
            text = f"{who}: {old or '–'} → {new or '–'}" if field else who
            yield change.row, field, text, "change"
    for warning in report.warnings:
        yield None, "", warning, "note"
    for added in report.additions:
        yield added.row, "", " · ".join(filter(None, (added.number, added.title))), "new"


def counts(report: ImportReport) -> Text:
    """Return in one sentence what an import does, or did."""
    return Text(
        "{rows} rows: {added} new, {updated} changed, {skipped} as before, {problems} not usable.",
        rows=report.rows,
        added=report.added,
        updated=report.updated,
        skipped=report.skipped,
        problems=len({problem.row for problem in report.problems}),
    )
