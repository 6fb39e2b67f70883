"""The documents of the field, filled from the observations that are here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.competition import slug
from kipp_desktop.domain.field_report import (
    FieldHead,
    FindingLine,
    ObservationLine,
    PhotoLine,
    PlannedVisit,
    VisitedEntry,
)
from kipp_desktop.domain.report import Decree, Letterhead, Signatory
from kipp_desktop.domain.visit import MODE_TEXTS, STATUS_TEXTS, conclusion_text
from kipp_desktop.errors import KippError
from kipp_desktop.files import write_whole
from kipp_desktop.services import evidence, fieldwork, observations
from kipp_desktop.services.resolutions import sentence
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.domain.setup import Entry
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.observations import Observed
    from kipp_desktop.services.panel import Panel

SUMMARY = "ringkasan-verifikasi.pdf"
MINUTES = "berita-acara-verifikasi.pdf"
LETTER = "surat-pemberitahuan-kunjungan.pdf"


@dataclass(frozen=True)
class Written:
    """The documents that were written."""

    files: tuple[Path, ...]


def write_reports(home: Home, panel: Panel, out: Path, stage: str | None = None) -> Written:
    """Write a report per visited entry, the plenary's summary, and the minutes of verification.

    Raises :class:`KippError` ``no-observation`` where nothing was seen yet, or ``cancelled``.
    """
    found = fieldwork.field_stage(panel, stage)
    head = _head(home, panel, found.name)
    seen = observations.observed(panel, found.id)
    entries = [entry for entry in panel.setup.entries if any(o.entry == entry.id for o in seen)]
    if not entries:
        raise KippError(
            "no-observation",
            Text("Nobody has signed a visit that is here yet."),
            Text("Open the files of the verifiers first."),
        )
    # Heavy, and needed only here.
    from kipp_desktop.documents.field_report import (
        render_field_minutes,
        render_field_summary,
        render_visit_report,
    )

    catalogue = Catalogue.load("id")
    files, visited = [], []
    for number, entry in enumerate(entries):
        home.context.step(
            number / len(entries), Text("Writing the report of number {n}", n=entry.number)
        )
        line = _entry(panel, entry, [one for one in seen if one.entry == entry.id], pictures=True)
        files.append(out / f"laporan-verifikasi-{slug(entry.number)}.pdf")
        write_whole(files[-1], render_visit_report(head, line, catalogue))
        visited.append(_entry(panel, entry, [o for o in seen if o.entry == entry.id]))
    for name, render in ((SUMMARY, render_field_summary), (MINUTES, render_field_minutes)):
        files.append(out / name)
        write_whole(files[-1], render(head, visited, catalogue))
    home.context.progress(1.0, Text("Done"))
    return Written(tuple(files))


def write_sheets(home: Home, panel: Panel, out: Path, stage: str | None = None) -> Written:
    """Write the letter that announces the visits, and a visit sheet per entry to fill by hand."""
    found = fieldwork.field_stage(panel, stage)
    head = _head(home, panel, found.name)
    names = {leaf.id: leaf.criterion.name for r in panel.setup.rubrics for leaf in r.leaves}
    alive = fieldwork.alive_in(panel, found.id)
    planned = [
        PlannedVisit(
            entry.number,
            entry.title,
            panel.setup.organisation_name(entry),
            tuple(
                (one.claim, names.get(one.criterion or "", ""))
                for one in fieldwork.planned(panel, entry.id)
            ),
        )
        for entry in panel.setup.entries
        if entry.id in alive
    ]
    if not planned:
        raise KippError(
            "no-visits",
            Text("No innovation has come to the field yet."),
            Text("Let the panel decide who goes on first (kipp decide advance …)."),
        )
    # Heavy, and needed only here.
    from kipp_desktop.documents.field_sheets import render_notice, render_visit_sheet

    catalogue = Catalogue.load("id")
    files = [out / LETTER]
    write_whole(files[0], render_notice(head, planned, catalogue))
    for one in planned:
        files.append(out / f"lembar-kunjungan-{slug(one.number)}.pdf")
        write_whole(files[-1], render_visit_sheet(head, one, catalogue))
    return Written(tuple(files))


def _head(home: Home, panel: Panel, stage: str) -> FieldHead:
    setup = panel.setup
    competition = setup.competition
    logo = str(panel.workbench.document("logo") or "")
    nips = {s["title"]: s["nip"] for s in panel.workbench.document("signatories") or []}
    return FieldHead(
        Letterhead(competition.letterhead, competition.address, bytes.fromhex(logo) or None),
        competition.paper,
        competition.name,
        competition.organiser,
        competition.place,
        stage,
        home.context.clock(),
        tuple(
            Decree(d.number, datetime.fromisoformat(d.on).date() if d.on else None, d.about)
            for d in competition.decrees
        ),
        tuple(Signatory(s.title, s.name, nips.get(s.title, "")) for s in setup.signatories),
    )


def _entry(
    panel: Panel, entry: Entry, seen: Sequence[Observed], *, pictures: bool = False
) -> VisitedEntry:
    setup = panel.setup
    names = {leaf.id: leaf.criterion.name for r in setup.rubrics for leaf in r.leaves}
    images = (
        evidence.images(
            panel.blobs,
            [
                item.copy
                for one in seen
                for _, item in one.visit.evidence
                if item.copy and not item.private
            ],
        )
        if pictures
        else {}
    )
    records = {one.record.id for one in seen}
    return VisitedEntry(
        entry.number,
        entry.title,
        setup.organisation_name(entry),
        tuple(_observation(panel, one, names, images) for one in seen),
        tuple(observations.differing(seen, names)),
        tuple(
            sentence(panel, setup, record)
            for record in panel.state.decisions
            if record.body["record"] in records
        ),
    )


def _observation(
    panel: Panel, one: Observed, names: dict[str, str], images: object
) -> ObservationLine:
    assert isinstance(images, dict)
    setup, said = panel.setup, one.visit
    person = setup.person_by_id.get(one.person)
    photos: list[PhotoLine] = []
    findings = []
    for finding in said.findings:
        numbers = []
        for item in finding.evidence:
            if item.original is None:
                continue
            photos.append(
                PhotoLine(
                    item.caption or finding.claim,
                    item.original,
                    None if item.private else images.get(item.copy),
                    item.private,
                    item.kind == "document",
                )
            )
            numbers.append(len(photos))
        findings.append(
            FindingLine(
                finding.claim,
                names.get(finding.criterion or "", ""),
                STATUS_TEXTS[finding.status],
                finding.note,
                tuple(numbers),
            )
        )
    return ObservationLine(
        setup.name_of(one.person),
        ", ".join(filter(None, (person.title, person.institution))) if person else "",
        one.record.id[:16],
        datetime.fromisoformat(said.started),
        datetime.fromisoformat(said.ended),
        said.place,
        MODE_TEXTS[said.mode],
        tuple(met.role for met in said.met),
        tuple(findings),
        tuple(photos),
        conclusion_text(said.conclusion, names),
        said.conclusion.reason,
        tuple(
            Text("{name} agrees with this observation.", name=setup.name_of(word.person))
            if word.dissent is None
            else Text(
                "{name} dissents: {reason}", name=setup.name_of(word.person), reason=word.dissent
            )
            for word in one.approved
        ),
    )
