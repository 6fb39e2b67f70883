"""What the printed and the spreadsheet documents say, as plain values.

Services build a :class:`Report` from the ledgers' state; documents turn it into pages. Nothing here
is computed: every number arrives as it is to be printed (a decimal string with a point; the
documents show it with a comma in Indonesian).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kipp_desktop.texts import Text


@dataclass(frozen=True)
class Letterhead:
    """The kop: bold lines, an address line, and the bytes of a PNG or JPEG logo."""

    lines: tuple[str, ...]
    address: str = ""
    logo: bytes | None = None


@dataclass(frozen=True)
class Signatory:
    """A signature block: title above, name and NIP below; an empty name leaves dots."""

    title: str
    name: str = ""
    nip: str = ""


@dataclass(frozen=True)
class Decree:
    """A decree on which the panel works."""

    number: str
    date: date | None
    about: str


@dataclass(frozen=True)
class CriterionLine:
    """A criterion of the rubric: its name, depth in the tree (0 = top), share in percent, scale."""

    id: str
    name: str
    depth: int
    leaf: bool
    weight: str
    scale: str


@dataclass(frozen=True)
class JudgeLine:
    """A member of the panel and how the marks came.

    ``how`` is one of ``laptop`` (signed on the judge's own key), ``paper-twice`` (typed twice
    blind), ``paper-checked`` (typed once, printed back, initialled), ``form-twice`` and
    ``form-checked`` (the same, but read from the judge's spreadsheet form), ``none``; ``how_many``
    sheets came each way.
    """

    person: str
    name: str
    title: str
    institution: str
    nip: str
    chair: bool
    how: tuple[str, ...]
    counted: int
    expected: int
    words: str
    how_many: tuple[int, ...] = ()


@dataclass(frozen=True)
class AbstentionLine:
    """A judge who gave no marks to an entry (or to all: ``entry`` is empty), and why."""

    judge: str
    entry: str
    why: str
    reason: str


@dataclass(frozen=True)
class RankRow:
    """One entry in the ranking: place ``None`` where it has none, with ``status`` saying why.

    ``judge_totals`` stand in the order of :attr:`Report.judges`; ``None`` where a judge has no
    counted sheet. ``shared`` marks a place that others have too. ``decided_by`` names the step of
    the ladder that split a tie.
    """

    place: int | None
    number: str
    title: str
    organisation: str
    score: str | None
    sheets: int
    judge_totals: tuple[str | None, ...]
    award: str | None = None
    shared: bool = False
    decided_by: Text | None = None
    status: str = "present"
    reason: str = ""
    reached: str = ""


@dataclass(frozen=True)
class AwardLine:
    """A tier and the entries that get it, in the order of their places (numbers of entries)."""

    tier: str
    size: int
    rows: tuple[RankRow, ...]


@dataclass(frozen=True)
class GroupReport:
    """One group, ranked apart; ``name`` is shown only when there are several."""

    id: str
    name: str
    rows: tuple[RankRow, ...]
    awards: tuple[AwardLine, ...]


@dataclass(frozen=True)
class SheetLine:
    """One counted sheet, for the recap: marks by criterion id as decimal strings."""

    judge: int
    number: str
    marks: tuple[tuple[str, str], ...]
    total: str
    source: str
    signed_at: str


@dataclass(frozen=True)
class StageReport:
    """A counted stage: its rubric and how the judges' totals become a score."""

    id: str
    name: str
    rubric_name: str
    rubric_source: str
    criteria: tuple[CriterionLine, ...]
    method: Text
    maximum: str


@dataclass(frozen=True)
class Report:
    """Everything that the berita acara and the recap say of one results record."""

    competition: str
    organiser: str
    year: int
    theme: str
    place: str
    panel_name: str
    legal_basis: str
    decrees: tuple[Decree, ...]
    letterhead: Letterhead
    signatories: tuple[Signatory, ...]
    paper: str
    number: str
    held_on: datetime
    printed_at: datetime
    entries_total: int
    entries_present: int
    stages: tuple[StageReport, ...]
    judges: tuple[JudgeLine, ...]
    abstentions: tuple[AbstentionLine, ...]
    absences: tuple[RankRow, ...]
    groups: tuple[GroupReport, ...]
    method: tuple[Text, ...]
    remarks: tuple[Text, ...]
    sheets: tuple[SheetLine, ...]
    attachments: tuple[Text, ...]
    desk_fingerprint: str
    desk_words: str
    results_id: str
    draft: bool = False
