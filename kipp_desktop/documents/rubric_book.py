"""A rubric as a spreadsheet that can be edited and read back (``exchange/rubric_sheet``)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from kipp_desktop.domain.canonical import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.rubric import Criterion, Rubric, Scale

_HEADINGS = ("id", "kriteria", "induk", "bobot", "penilai", "minimum", "maksimum", "langkah",
             "uraian")  # fmt: skip
_WIDTHS = (18, 36, 18, 8, 9, 10, 10, 9, 60)
_LEVEL_WIDTH = 40
_LINE_HEIGHT = 15.5
_MARKERS = {"judge": "juri", "panel": "panel"}
_TOTALS = {"percent": "persen", "sum": "jumlah"}


def render_rubric_book(rubric: Rubric) -> bytes:
    """Return the workbook; all cells are text, so that no program changes a decimal."""
    rows = list(_rows(rubric.criteria, ""))
    levels = max((len(criterion.levels) for criterion, _ in rows), default=0)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = workbook.add_format({"num_format": "@", "bold": True, "valign": "top"})
        shaded = workbook.add_format(
            {"num_format": "@", "bold": True, "bg_color": "#E4E7EC", "border": 1}
        )
        sheet = workbook.add_worksheet("Rubrik")
        head: list[tuple[str, ...]] = [
            ("id rubrik", rubric.id),
            ("nama rubrik", rubric.name),
            ("sumber", rubric.source),
            ("cara menjumlahkan", _TOTALS[rubric.total]),
        ]
        if rubric.scale is not None:
            head.append(("skala", *_scale(rubric.scale)))
        for line, (key, *values) in enumerate(head):
            sheet.write_string(line, 0, key, bold)
            if len(values) == 1:
                sheet.merge_range(line, 1, line, len(_WIDTHS) - 1, "", text)
                sheet.write_string(line, 1, _one_line(values[0]), text)
                sheet.set_row(line, _LINE_HEIGHT * _lines(values[0], sum(_WIDTHS[1:])))
                continue
            for column, value in enumerate(values, start=1):
                sheet.write_string(line, column, value, text)
        start = len(head) + 1
        headings = [*_HEADINGS, *(f"deskriptor {n}" for n in range(1, levels + 1))]
        for column, heading in enumerate(headings):
            sheet.write_string(start, column, heading, shaded)
            width = _WIDTHS[column] if column < len(_WIDTHS) else _LEVEL_WIDTH
            sheet.set_column(column, column, width, text)
        for line, (criterion, parent) in enumerate(rows, start=start + 1):
            cells = _cells(criterion, parent)
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, _one_line(cell), text)
            widths = [*_WIDTHS, *([_LEVEL_WIDTH] * levels)]
            sheet.set_row(line, _LINE_HEIGHT * max(map(_lines, cells, widths)))
        sheet.freeze_panes(start + 1, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return buffer.getvalue()


def _rows(criteria: tuple[Criterion, ...], parent: str) -> Iterator[tuple[Criterion, str]]:
    for criterion in criteria:
        yield criterion, parent
        yield from _rows(criterion.children, criterion.id)


def _cells(criterion: Criterion, parent: str) -> list[str]:
    scale = ("", "", "") if criterion.scale is None else _scale(criterion.scale)
    return [
        criterion.id,
        criterion.name,
        parent,
        format_decimal(criterion.weight),
        _MARKERS[criterion.marked_by],
        *scale,
        criterion.description,
        *(f"{format_decimal(v.start)}–{format_decimal(v.end)}: {v.text}" for v in criterion.levels),
    ]


def _scale(scale: Scale) -> tuple[str, str, str]:
    return format_decimal(scale.minimum), format_decimal(scale.maximum), format_decimal(scale.step)


def _lines(cell: str, width: int) -> int:
    """Return how many lines a wrapped text takes, at least one."""
    return max(1, -(-len(cell) // max(1, width - 1)))


def _one_line(text: str) -> str:
    """Return a text without line breaks; a cell is read back without them."""
    return " ".join(text.split())
