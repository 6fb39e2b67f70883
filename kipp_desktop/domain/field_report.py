"""What the documents of the field say, as plain values; services fill them, documents set them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kipp_desktop.domain.report import Decree, Letterhead, Signatory
from kipp_desktop.texts import Text


@dataclass(frozen=True)
class FieldHead:
    """What stands on every document of the field."""

    letterhead: Letterhead
    paper: str
    competition: str
    organiser: str
    place: str
    stage: str
    printed_at: datetime
    decrees: tuple[Decree, ...] = ()
    signatories: tuple[Signatory, ...] = ()


@dataclass(frozen=True)
class PhotoLine:
    """A photo or document: ``image`` is a JPEG, ``None`` where it is private or not here."""

    caption: str
    sha256: str
    image: bytes | None
    private: bool
    document: bool


@dataclass(frozen=True)
class FindingLine:
    """A claim and what one verifier found; ``photos`` are numbers in the grid."""

    claim: str
    criterion: str
    status: Text
    note: str
    photos: tuple[int, ...]


@dataclass(frozen=True)
class ObservationLine:
    """What one verifier saw; ``record`` is the beginning of the record's id."""

    verifier: str
    title: str
    record: str
    started: datetime
    ended: datetime
    place: str
    mode: Text
    met: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    photos: tuple[PhotoLine, ...]
    conclusion: Text
    reason: str
    approvals: tuple[Text, ...] = ()


@dataclass(frozen=True)
class VisitedEntry:
    """An entry with its observations, where they differ, and what the panel decided on them."""

    number: str
    title: str
    agency: str
    observations: tuple[ObservationLine, ...]
    differences: tuple[Text, ...] = ()
    decisions: tuple[Text, ...] = ()


@dataclass(frozen=True)
class PlannedVisit:
    """An entry to be visited, and the claims to check: (claim, criterion)."""

    number: str
    title: str
    agency: str
    claims: tuple[tuple[str, str], ...]
    on: date | None = None
