"""Numbers, days and times as people type them on a command line."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from kipp_desktop.errors import UsageError
from kipp_desktop.exchange.tables import parse_cell_decimal
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from fractions import Fraction

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\Z", re.ASCII)


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


def day_of(text: str) -> date:
    """Return a day typed as 2021-03-16; :class:`UsageError` where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "usage",
            Text("“{value}” is not a date.", value=text[:40]),
            Text("Write year, month and day, for example 2021-02-28."),
        ) from None


def minute_of(text: str) -> int:
    """Return the minute of the day of a time typed as 08.30 or 08:30; :class:`UsageError`."""
    found = _TIME.match(text)
    if found is None:
        raise UsageError(
            "usage",
            Text("“{value}” is not a time of the day.", value=text[:40]),
            Text("Write hours and minutes, for example 08.30."),
        )
    return int(found[1]) * 60 + int(found[2])
