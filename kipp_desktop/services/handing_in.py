"""Handing in: what a member's file will carry, how it is called, and a copy of what is unsigned."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.competition import slug
from kipp_desktop.domain.sheet import unpack
from kipp_desktop.exchange.words import words_of
from kipp_desktop.files import write_whole
from kipp_desktop.services.agenda_times import recorded_slots
from kipp_desktop.services.carrying import cited
from kipp_desktop.services.judging import rubric_of, sheets

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from kipp_desktop.exchange.keys import Card
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel

MONTHS: Final = "jan feb mar apr mei jun jul agu sep okt nov des".split()


@dataclass(frozen=True)
class HandIn:
    """What the file of a member carries now.

    ``words`` are the member's own six; ``admitted`` whether the desk's ledger, as last seen here,
    says that this key is that person, and whether it was ``revoked`` since or is ``second``, void
    until another of that person is revoked. ``sheets`` are signed and stand; ``abstentions`` are
    records; ``receipted`` of the key's ``signed`` records have arrived, as the desk's receipts say.
    ``ready`` sheets are complete and not signed, ``drafts`` not complete, ``expected`` of all.
    ``approvals`` of results, or dissents, are signed; ``visits`` are entries of which an
    observation is, and ``photos`` the copies that travel with them; ``slots`` those of which a
    moderator's times travel, unsigned.
    """

    words: str
    admitted: bool
    sheets: int
    abstentions: int
    ready: int
    drafts: int
    expected: int
    signed: int
    receipted: int
    revoked: bool
    second: bool
    approvals: int = 0
    visits: int = 0
    photos: int = 0
    slots: int = 0


def overview(panel: Panel, card: Card, marker: Marker | None) -> HandIn:
    """Return what a hand-in of this member would carry, and what it would not.

    ``marker`` is ``None`` for somebody who marks nowhere.
    """
    views = [] if marker is None else sheets(panel, marker)
    states = Counter(view.state for view in views if view.due)
    key = card.fingerprint
    known = panel.key_of(key)
    ledger, head = panel.projection.ledger(key), panel.state.receipts.get(key)
    kinds = Counter(row.kind for row in panel.projection.records(card.fingerprint))
    return HandIn(
        words=words_of(card.fingerprint),
        admitted=known is not None,
        sheets=sum(view.signed is not None for view in views),
        abstentions=kinds["abstention"],
        ready=states["complete"],
        drafts=states["draft"],
        expected=sum(states.values()),
        approvals=kinds["approval"],
        visits=len({str(record.body["entry"]) for record in panel.records(key, "observation")}),
        photos=len(cited(panel, card)),
        slots=recorded_slots(panel, card),
        signed=ledger.seq if ledger else 0,
        revoked=known is not None and known.revoked,
        second=any(item.key == key for item in panel.state.waiting),
        receipted=(panel.seq_of(key, head) or 0) if head else 0,
    )


def file_name(name: str, at: datetime) -> str:
    """Return how a member's file is called: ``juri-1_16-mar_1530.kipp``."""
    return f"{slug(name)}_{at.day}-{MONTHS[at.month - 1]}_{at:%H%M}.kipp"


def write_drafts(panel: Panel, marker: Marker, out: Path) -> int:
    """Write the marks that are not signed as a table that the import of marks reads.

    Returns the number of sheets in it. Raises :class:`KippError` with code ``cannot-write``.
    """
    data, count = drafts_table(panel, marker)
    write_whole(out, data)
    return count


def drafts_table(panel: Panel, marker: Marker) -> tuple[bytes, int]:
    """Return the marks that are not signed as the bytes of a CSV table, and how many sheets."""
    rubric = rubric_of(panel, marker.stage)
    criteria = [leaf.id for leaf in rubric.judged.leaves]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["nomor", *criteria, "catatan"])
    unsigned = [view for view in sheets(panel, marker) if view.state in {"draft", "complete"}]
    for view in unsigned:
        marks = unpack(rubric, view.marks)
        writer.writerow(
            [view.entry.number, *(marks.get(name, "") for name in criteria), view.notes.feedback]
        )
    # With a byte order mark, so that spreadsheets read the letters right.
    return text.getvalue().encode("utf-8-sig"), len(unsigned)
