"""Breaks and parts of a session, as they are typed into one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kipp_desktop.domain.agenda import Break
from kipp_desktop.domain.agenda_clashes import time_of_day
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_BREAK = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\s+([0-9]{1,3})\s+(\S.*)\Z", re.ASCII)
_PART = re.compile(r"(.*?)\s*([0-9]{1,3})\Z", re.ASCII)


def break_words(breaks: Sequence[Break]) -> str:
    """Return breaks as a line: ``12.00 60 Ishoma; 15.00 15 Rehat``."""
    return "; ".join(f"{time_of_day(b.start)} {b.minutes} {b.title}" for b in breaks)


def read_breaks(words: str) -> tuple[Break, ...]:
    """Return the breaks of a line (start, minutes and name, with a semicolon between).

    Raises :class:`KippError` with code ``bad-session``.
    """
    found = []
    for words_of_one in _ones(words):
        match = _BREAK.match(words_of_one)
        if match is None or not int(match[3]):
            raise KippError(
                "bad-session",
                Text("“{words}” is not a break.", words=words_of_one),
                Text("Type the start, the minutes and a name, for example: 12.00 60 Ishoma"),
            )
        found.append(Break(int(match[1]) * 60 + int(match[2]), int(match[3]), match[4].strip()))
    return tuple(found)


def part_words(parts: Sequence[tuple[str, int]]) -> str:
    """Return the parts of a slot as a line: ``paparan 10; wawancara 20``."""
    return "; ".join(f"{part} {minutes}".strip() for part, minutes in parts)


def read_parts(words: str) -> tuple[tuple[str, int], ...]:
    """Return the parts of a line (name and minutes, with a semicolon between).

    Raises :class:`KippError` with code ``bad-session``.
    """
    found = []
    for words_of_one in _ones(words):
        match = _PART.match(words_of_one)
        if match is None or not int(match[2]):
            raise KippError(
                "bad-session",
                Text("“{words}” is not a part of a slot.", words=words_of_one),
                Text("Type a name and its minutes, for example: paparan 10; wawancara 20"),
            )
        found.append((match[1], int(match[2])))
    return tuple(found)


def _ones(words: str) -> list[str]:
    return [one.strip() for one in words.split(";") if one.strip()]
