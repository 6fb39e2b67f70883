"""Numbers as people type them on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.errors import UsageError
from kipp_desktop.exchange.tables import parse_cell_decimal
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction


def mark_of(text: str) -> Fraction:
    """Return a mark typed with a point or a comma; :class:`UsageError` where it is none."""
    mark = parse_cell_decimal(text)
    if mark is None:
        raise UsageError(
            "usage",
            Text("“{text}” is not a mark.", text=text[:40]),
            Text("Write a number such as 8 or 7.5."),
        )
    return mark
