from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.documents.fonts import SEMIBOLD, register_fonts, text_width
from kipp_desktop.documents.tables import Column, RuledTable

COLUMNS = (Column("No.", 10, "centre"), Column("Judul inovasi", 60), Column("Nilai", 20, "right"))
WIDTH = 400.0
PAGE = 300.0
cells = st.text("ab ", max_size=200)


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    register_fonts()


def words(table: RuledTable) -> list[str]:
    """Return all letters of each column, in order."""
    return [
        "".join("".join(row.cells[column]) for row in table._body).replace(" ", "")
        for column in range(len(COLUMNS))
    ]


def spread(table: RuledTable) -> list[RuledTable]:
    """Put the table on pages of height PAGE, as reportlab does."""
    pages = []
    while table.wrap(WIDTH, PAGE)[1] > PAGE:
        parts = table.split(WIDTH, PAGE)
        assert len(parts) == 2, "a row fits on no page"
        pages.append(parts[0])
        table = parts[1]
    return [*pages, table]


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=60))
def test_no_letter_is_lost_between_pages_and_no_page_overflows(rows):
    table = RuledTable(COLUMNS, rows, WIDTH, PAGE)

    pages = spread(table)

    assert all(page.height <= PAGE for page in pages)
    together = ["".join(parts) for parts in zip(*map(words, pages), strict=True)]
    assert together == ["".join(column).replace(" ", "") for column in zip(*rows, strict=True)]


def test_a_row_that_fits_is_not_cut():
    table = RuledTable(COLUMNS, [("1", "a" * 30, "1")] * 40, WIDTH, PAGE)

    pages = spread(table)

    assert sum(len(page._body) for page in pages) == 40


def test_where_no_row_fits_the_table_asks_for_the_next_page():
    table = RuledTable(COLUMNS, [("1", "a", "1")], WIDTH, PAGE)

    assert table.split(WIDTH, 20) == []


def test_no_heading_breaks_inside_a_word():
    table = RuledTable((Column("Peringkat", 1), Column("Judul inovasi", 200)), [], WIDTH, PAGE)

    assert table._header.cells[0] == ("Peringkat",)
    assert table._widths[0] > text_width("Peringkat", SEMIBOLD, 9)
    assert sum(table._widths) == pytest.approx(WIDTH)
