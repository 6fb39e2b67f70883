"""What a printed score sheet says, as plain values, and the code that names it.

Services build a :class:`PaperForm`; documents turn it into pages and spreadsheets. Numbers are
decimal strings with a point, as in :mod:`kipp_desktop.domain.report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kipp_desktop.domain.report import Letterhead

FORM_SHEET = "kipp"
"""Name of the hidden sheet of a spreadsheet form, which holds ids alone."""
FORM_FORMAT = "kipp-form"
"""What stands in the first cell of that sheet."""
CODE_PREFIX = "KIPP1"


@dataclass(frozen=True)
class FormCriterion:
    """A criterion as it is printed, in the rubric's order.

    ``number`` is ``2`` or ``2.1``; ``depth`` 0 at the top. A leaf has its scale and ``factor``: the
    total gets ``factor`` times the mark (an exact decimal, or rounded where there is none).
    ``by_panel`` is a leaf that judges do not mark. ``levels`` are (marks, what they mean).
    """

    id: str
    number: str
    name: str
    depth: int
    leaf: bool
    by_panel: bool = False
    description: str = ""
    weight: str = ""
    low: str = ""
    high: str = ""
    step: str = ""
    factor: str = ""
    levels: tuple[tuple[str, str], ...] = ()

    @property
    def marked(self) -> bool:
        """Whether a judge writes a mark here."""
        return self.leaf and not self.by_panel


@dataclass(frozen=True)
class FormSheet:
    """One judge's sheet for one entry; empty names leave room to write them by hand.

    ``marks`` by criterion id, ``total`` what they make and ``written`` what stands on paper are
    printed on a filled sheet. ``typed`` says who typed it, ``record`` is the id of the signed
    typing.
    """

    judge: str
    judge_name: str
    entry: str
    number: str
    title: str
    organisation: str
    code: str
    marks: tuple[tuple[str, str], ...] = ()
    total: str = ""
    written: str = ""
    typed: str = ""
    record: str = ""


@dataclass(frozen=True)
class PaperForm:
    """Everything that the score sheets of a stage say, and the sheets themselves."""

    competition_id: str
    competition: str
    organiser: str
    place: str
    letterhead: Letterhead
    paper: str
    stage: str
    stage_name: str
    rubric: str
    rubric_name: str
    maximum: str
    criteria: tuple[FormCriterion, ...]
    sheets: tuple[FormSheet, ...]
    printed_at: datetime

    @property
    def marked(self) -> tuple[FormCriterion, ...]:
        """The criteria that a judge marks, in the order of the sheet."""
        return tuple(criterion for criterion in self.criteria if criterion.marked)


def sheet_code(competition: str, stage: str, entry: str, judge: str, rubric: str) -> str:
    """Return the text of a sheet's QR code; ``entry`` and ``judge`` are empty on a spare sheet.

    Capitals, digits and colons alone: ids have no capitals, so nothing is lost, and such a text
    makes a coarser code that a cheap reader still reads.
    """
    return f"{CODE_PREFIX}:{competition}:{stage}:{entry}:{judge}:{rubric}".upper()
