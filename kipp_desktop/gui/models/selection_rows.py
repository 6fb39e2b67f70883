"""The administrative selection as rows: the entry, a column a condition, the outcome."""

from __future__ import annotations

from functools import partial
from typing import Final

from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say
from kipp_desktop.services.selection import SelectionLine
from kipp_desktop.texts import Text

PASSED: Final = {True: Text("passed"), False: Text("not passed"), None: Text("open")}
_OUTCOME_TONES: Final = {True: "good", False: "bad", None: "wait"}
_FIRST: Final = (
    Column[SelectionLine](
        Text("No."), lambda line: line.entry.number, lambda line: line.entry.position, right=True,
        width=3,
    ),
    Column[SelectionLine](
        Text("Innovation"), lambda line: line.entry.title, stretch=True, bold=True
    ),
)  # fmt: skip
_LAST: Final = (
    Column[SelectionLine](
        Text("Outcome"),
        lambda line: say(PASSED[line.passed]),
        tone=lambda line: _OUTCOME_TONES[line.passed],
        width=10,
    ),
)


def _sign(number: int, line: SelectionLine) -> str:
    """Return ✓ or ✗ as found; with a question mark as proposed; ? where nobody can say yet."""
    state = line.items[number]
    found = {True: "✓", False: "✗"}
    if state.passed is not None:
        return found[state.passed]
    return found.get(state.proposal.passed, "") + "?" if state.proposal.passed is not None else "?"


def _tone(number: int, line: SelectionLine) -> str:
    state = line.items[number]
    if state.passed is not None:
        return "good" if state.passed else "bad"
    return "wait" if state.proposal.passed is False else "neutral"


def columns_for(items: int) -> tuple[Column[SelectionLine], ...]:
    """Return the columns of the table: the entry, a column a condition, the outcome."""
    found = [
        Column[SelectionLine](
            Text("{number}", number=number + 1),
            partial(_sign, number),
            tone=partial(_tone, number),
            width=3,
        )
        for number in range(items)
    ]
    return (*_FIRST, *found, *_LAST)
