"""A rubric read from a spreadsheet: one row a criterion, the rubric's own values above them.

The columns are those that ``documents/rubric_book`` writes; a table that somebody typed needs only
the criteria and their weights. What is wrong with a value is left to the rubric's own reader: the
draft carries it as it stands in the cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kipp_desktop.domain.rubric_draft import LevelDraft, NodeDraft, RubricDraft, ScaleDraft
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.tables import Field, normalise
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kipp_desktop.exchange.spreadsheet import Sheet, Workbook

COLUMNS = (
    Field("id", "id", "kode"),
    Field("name", "kriteria", "aspek; indikator; unsur; butir; nama; criterion; name"),
    Field("parent", "induk", "kelompok kriteria; parent"),
    Field("weight", "bobot", "bobot (%); weight"),
    Field("marked_by", "penilai", "dinilai oleh; marked by"),
    Field("min", "minimum", "min; nilai terendah"),
    Field("max", "maksimum", "maks; max; nilai tertinggi"),
    Field("step", "langkah", "step"),
    Field("description", "uraian", "keterangan; penjelasan; description"),
)

#: The rubric's own values: what stands in the first cell of their rows.
HEADS = (
    Field("id", "id rubrik", "id; rubric id"),
    Field("name", "nama rubrik", "nama; rubrik; name"),
    Field("source", "sumber", "source"),
    Field("total", "cara menjumlahkan", "total; jumlah"),
    Field("scale", "skala", "scale"),
)

LEVEL = "deskriptor"

_HEADER_ROWS = 30
_TOTALS = {"persen": "percent", "percent": "percent", "jumlah": "sum", "sum": "sum"}
_MARKERS = {"juri": "judge", "judge": "judge", "panel": "panel", "": "judge"}
_LEVEL_CELL = re.compile(
    r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(?:(?:-|–|—|s\.?\s?d\.?)\s*([0-9]+(?:[.,][0-9]+)?))?\s*:\s*(.*)",
    re.ASCII | re.DOTALL,
)


@dataclass
class _Node:
    """A row on its way into the tree."""

    draft: NodeDraft
    children: list[_Node] = field(default_factory=list)

    def whole(self) -> NodeDraft:
        return replace(self.draft, children=tuple(child.whole() for child in self.children))


def rubric_of_workbook(workbook: Workbook, name: str) -> RubricDraft:
    """Return the draft in the first sheet that has the columns of criteria and weights.

    ``name`` is the rubric's where the sheet does not say one. Raises :class:`KippError` with code
    ``bad-rubric-table``.
    """
    for sheet in workbook.sheets:
        header = _header(sheet)
        if header is not None:
            return _draft(sheet, header, name)
    raise _bad(
        Text("No sheet has a row of headings with the criteria and their weights."),
    )


def _header(sheet: Sheet) -> int | None:
    for position, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        fields = {_column(cell) for cell in row}
        if {"name", "weight"} <= fields:
            return position
    return None


def _column(cell: str) -> str:
    wanted = normalise(cell)
    if wanted.rstrip("0123456789") == LEVEL:
        return LEVEL
    return next((item.id for item in COLUMNS if wanted and wanted in item.names), "")


def _draft(sheet: Sheet, header: int, name: str) -> RubricDraft:
    draft = RubricDraft(name=name, scale=None)
    for row in sheet.rows[:header]:
        draft = _with_head(draft, row)
    columns = [_column(cell) for cell in sheet.rows[header]]
    roots: list[_Node] = []
    known: dict[str, _Node] = {}
    for number, row in _rows(sheet, header):
        values = {key: cell for key, cell in zip(columns, row, strict=False) if key}
        if not any(values.values()):
            continue
        node = _Node(_node(columns, row, values))
        parent = normalise(values.get("parent", ""))
        if parent and parent not in known:
            raise _bad(
                Text(
                    "Row {row}: there is no criterion “{parent}” above it.",
                    row=number,
                    parent=values["parent"][:80],
                )
            )
        (known[parent].children if parent else roots).append(node)
        for word in (node.draft.id, node.draft.name):
            known.setdefault(normalise(word), node)
    return replace(draft, criteria=tuple(node.whole() for node in roots))


def _rows(sheet: Sheet, header: int) -> Iterator[tuple[int, list[str]]]:
    for position in range(header + 1, len(sheet.rows)):
        yield sheet.first_row + position, sheet.rows[position]


def _with_head(draft: RubricDraft, row: Sequence[str]) -> RubricDraft:
    cells = [*row, *[""] * 4]
    wanted = normalise(cells[0])
    key = next((item.id for item in HEADS if wanted and wanted in item.names), "")
    if not key or not cells[1]:
        return draft
    if key == "scale":
        return replace(draft, scale=ScaleDraft(cells[1], cells[2], cells[3] or "1"))
    if key == "total":
        return replace(draft, total=_TOTALS.get(normalise(cells[1]), cells[1]))
    if key == "source":
        return replace(draft, source=cells[1])
    return replace(draft, id=cells[1]) if key == "id" else replace(draft, name=cells[1])


def _node(columns: Sequence[str], row: Sequence[str], values: dict[str, str]) -> NodeDraft:
    scale = None
    if values.get("min") or values.get("max"):
        scale = ScaleDraft(
            values.get("min", ""), values.get("max", ""), values.get("step", "") or "1"
        )
    levels = [
        _level(cell) for key, cell in zip(columns, row, strict=False) if key == LEVEL and cell
    ]
    marker = values.get("marked_by", "")
    return NodeDraft(
        id=values.get("id", ""),
        name=values.get("name", ""),
        weight=values.get("weight", "").removesuffix("%").strip(),
        description=values.get("description", ""),
        marked_by=_MARKERS.get(normalise(marker), marker),
        scale=scale,
        levels=tuple(levels),
    )


def _level(cell: str) -> LevelDraft:
    found = _LEVEL_CELL.fullmatch(cell)
    if found is None:
        return LevelDraft(text=cell)
    return LevelDraft(found[1], found[2] or found[1], found[3].strip())


def _bad(what: Text) -> KippError:
    return KippError(
        "bad-rubric-table",
        what,
        Text("Write a rubric of the catalogue as a spreadsheet and use it as the pattern."),
    )
