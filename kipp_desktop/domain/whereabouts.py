"""Where and when a photo says it was taken, as neutral remarks beside it.

A camera's clock may be wrong and most photos carry no place: neither is held against anybody.
Floats are enough here; nothing official is computed from them.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.visit import Evidence

_EARTH: Final = 6_371_000.0  # metres: the mean radius (IUGG)
_NEAR: Final = 500.0  # metres: what a phone's reading and a large compound explain
_HALF_DAY: Final = 12 * 3600

#: Two decimals with a point, or with a comma and a semicolon between: "-7,95; 112,61".
_COORDINATES = re.compile(
    r"(-?[0-9]{1,2}\.[0-9]{2,})\s*[,; ]\s*(-?[0-9]{1,3}\.[0-9]{2,})"
    r"|(-?[0-9]{1,2},[0-9]{2,})\s*;\s*(-?[0-9]{1,3},[0-9]{2,})"
)


def coordinates_in(text: str) -> tuple[float, float] | None:
    """Return the degrees north and east that stand in a text, ``None`` where none do."""
    for found in _COORDINATES.finditer(text):
        north, east = (part.replace(",", ".") for part in found.groups() if part)
        if abs(float(north)) <= 90 and abs(float(east)) <= 180:
            return float(north), float(east)
    return None


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the metres between two places on a sphere (haversine formula)."""
    north, east = math.radians(one[0]), math.radians(one[1])
    other_north, other_east = math.radians(other[0]), math.radians(other[1])
    half = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


def remarks(
    evidence: Evidence, place: tuple[float, float] | None, started: str, ended: str
) -> Iterator[Text]:
    """Yield what a photo says of itself beside the visit's stated place and time."""
    if evidence.taken:
        yield from _of_time(datetime.fromisoformat(evidence.taken), started, ended)
    if evidence.position is not None and place is not None:
        metres = distance(evidence.position, place)
        if metres <= _NEAR:
            yield Text("at the stated place")
        elif metres < 10_000:
            yield Text("{metres} m from the stated place", metres=round(metres, -1).__int__())
        else:
            yield Text("{kilometres} km from the stated place", kilometres=round(metres / 1000))
    elif evidence.position is not None:
        yield Text("carries its place; the stated place has no coordinates")


def _of_time(taken: datetime, started: str, ended: str) -> Iterator[Text]:
    if not started:
        yield Text("camera clock {at}", at=taken)
        return
    # The camera's clock knows no zone: it is compared with the clock on the wall.
    begin = datetime.fromisoformat(started).replace(tzinfo=None)
    end = datetime.fromisoformat(ended).replace(tzinfo=None) if ended else begin
    early, late = (begin - taken).total_seconds(), (taken - end).total_seconds()
    days = round(max(early, late) / 86_400)
    if max(early, late) < _HALF_DAY:
        yield Text("camera clock {at}", at=taken)
    elif early > late:
        yield Text("camera clock {at}, {days} day(s) before the visit", at=taken, days=max(days, 1))
    else:
        yield Text("camera clock {at}, {days} day(s) after the visit", at=taken, days=max(days, 1))
