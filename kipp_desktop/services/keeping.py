"""Keeping what is here: everything is recomputed from the signed lines and compared."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.domain.visit import visit_of
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.ledger_file import read_ledger
from kipp_desktop.services.panel import Panel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.services.home import Home


@dataclass(frozen=True)
class Finding:
    """One thing that was checked on this laptop."""

    name: str
    ok: bool
    detail: Text


def check(home: Home, panel: Panel) -> list[Finding]:
    """Check ledgers, blobs and database, and compare the projection with one made anew.

    SQLite alone misses some silent bit flips; the projection made anew finds them.
    """
    context = home.context
    found: list[Finding] = []
    authors = sorted(panel.ledgers.authors(), key=lambda key: key != panel.desk)
    with (
        tempfile.TemporaryDirectory(prefix="kipp-") as folder,
        Panel(Path(folder) / "panel", panel.competition, panel.desk) as fresh,
    ):
        for name in panel.blobs.all():
            data = panel.blobs.get(name)
            if data is None:
                detail = Text("The attachment {name} was changed.", name=name[:12])
                found.append(Finding("blob", ok=False, detail=detail))
            else:
                fresh.blobs.put(data)
        for name in panel.originals.all():
            context.step(0.0, Text("Checking photo {name}", name=name[:12]))
            if panel.originals.get(name) is None:
                detail = Text("The original of the photo {name} was changed.", name=name[:12])
                found.append(Finding("original", ok=False, detail=detail))
        for name in panel.scans.all():
            if panel.scans.get(name) is None:
                detail = Text("The scan {name} was changed.", name=name[:12])
                found.append(Finding("scan", ok=False, detail=detail))
        for number, author in enumerate(authors):
            context.step(number / len(authors), Text("Checking ledger {key}", key=author[:12]))
            held = panel.ledgers.read(author)
            try:
                file = read_ledger(
                    *(held or (b"", b"")), author=author, competition=panel.competition
                )
                fresh.take(file, None)
            except KippError as error:
                found.append(Finding("ledger", ok=False, detail=error.what))
        same = _rows(fresh) == _rows(panel)
    wanted = set(_own_originals(home, panel))
    missing = sum(not panel.originals.has(name) for name in wanted)
    if missing:
        detail = Text(
            "{missing} of {count} originals of own photos are not on this laptop. Bring the "
            "further files of its backup back.",
            missing=missing,
            count=len(wanted),
        )
        found.append(Finding("original", ok=False, detail=detail))
    intact = panel.integrity() == "ok"
    found.append(
        Finding(
            "database",
            ok=intact,
            detail=Text("The database is intact.") if intact else Text("The database is damaged."),
        )
    )
    damaged = panel.drafts.damaged()
    found.append(
        Finding(
            "drafts",
            ok=not damaged,
            detail=Text("{count} drafts are not what was saved.", count=damaged)
            if damaged
            else Text("All drafts are what was saved."),
        )
    )
    found.append(
        Finding(
            "projection",
            ok=same,
            detail=Text("All rows are what the signed lines say.")
            if same
            else Text("Rows differ from what the signed lines say; they can be made anew."),
        )
    )
    if all(item.ok for item in found):
        detail = Text("{count} ledgers are whole and signed.", count=len(authors))
        found.insert(0, Finding("ledger", ok=True, detail=detail))
    return found


def _own_originals(home: Home, panel: Panel) -> Iterator[str]:
    """Yield the originals that this laptop's keys have signed."""
    for card in home.identities(panel.competition):
        for record in panel.records(card.fingerprint, "observation"):
            for _, item in visit_of(record.body).evidence:
                if item.original is not None:
                    yield item.original


def _rows(panel: Panel) -> dict[str, list[tuple[object, ...]]] | None:
    """Return every row of the projection, or None where the disk has damaged it."""
    try:
        return panel.projection.dump()
    except KippError:
        return None
