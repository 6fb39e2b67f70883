"""Visits from a table: a row a claim, what is of the whole visit once, photos by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import format_decimal, normalise
from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.competition import name_key
from kipp_desktop.domain.visit import Conclusion, Evidence, Finding, Met, Visit
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.photos import in_folder
from kipp_desktop.exchange.tables import number_key, parse_cell_decimal
from kipp_desktop.services.claims import criterion_of
from kipp_desktop.services.evidence import Brought, Shelf, attach, bring
from kipp_desktop.services.fieldwork import VisitView, new_claim, save, visits
from kipp_desktop.services.importing import AS_GUESSED, Layout, Problem, read_table
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kipp_desktop.exchange.tables import TableRow
    from kipp_desktop.services.fieldwork import Visitor
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

#: How findings, conclusions and means may be written, besides their names in the format.
STATUS_WORDS = {
    "as-claimed": "sesuai; ya; benar; as claimed",
    "partly": "sesuai sebagian; sebagian; sebagian sesuai; partly",
    "not-as-claimed": "tidak sesuai; tidak; not as claimed",
    "unverifiable": "tidak dapat diverifikasi; tidak bisa diverifikasi; belum dapat diverifikasi; "
    "tdd; cannot be verified",
}
EFFECT_WORDS = {
    "confirm": "mengonfirmasi; mengkonfirmasi; konfirmasi; confirms",
    "correct": "koreksi; koreksi nilai; correction",
    "disqualify": "gugur; rekomendasi gugur; diskualifikasi; disqualification",
}
MODE_WORDS = {"visit": "kunjungan; lapangan; visit", "video": "video; daring; zoom"}
_YES = frozenset({"ya", "y", "yes", "x", "1", "true", "benar"})
_DATED = re.compile(
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})(?:[T ]+(?P<t>.*))?"
    r"|(?P<d2>[0-9]{1,2})[/.-](?P<m2>[0-9]{1,2})[/.-](?P<y2>[0-9]{4})(?:[ ,]+(?P<t2>.*))?"
)
_CLOCK = re.compile(r"(?P<h>[0-9]{1,2})[.:](?P<min>[0-9]{2})(?:[.:](?P<s>[0-9]{2}))?")


@dataclass
class VisitReport:
    """What an import did; ``photos`` are new in their visits, ``unnamed`` stand in no row."""

    rows: int = 0
    visits: list[str] = field(default_factory=list)
    photos: int = 0
    unnamed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    cancelled: bool = False
    changes: Changes = field(default_factory=Changes)


def import_visits(  # noqa: PLR0917 - the words of the command
    home: Home,
    panel: Panel,
    visitor: Visitor,
    path: Path,
    photos: Path | None = None,
    layout: Layout = AS_GUESSED,
) -> VisitReport:
    """Load visits into drafts; photos of a folder go to the claims whose rows name them.

    The rows of an entry replace what its draft said of those claims, and add to its photos. A file
    that a row names and that is not there is a problem of that row. Cancelling keeps what was taken
    by then; the same import again goes on from there.
    """
    table = read_table(path, "visits", layout)
    files = {} if photos is None else _by_name(in_folder(photos))
    report = VisitReport(rows=len(table.rows))
    known = {number_key(view.entry.number): view for view in visits(panel, visitor)}
    rows: dict[str, list[TableRow]] = {}
    last = ""
    for row in table.rows:
        last = number_key(row.values.get("number", "")) or last
        if last in known:
            rows.setdefault(last, []).append(row)
            continue
        report.problems.append(
            Problem(
                row.row,
                "nomor",
                Text(
                    "Number {number} is not among this verifier's entries.",
                    number=row.values.get("number", ""),
                ),
            )
        )
    importer = _Import(home, panel, visitor, files, report)
    for key, of_entry in rows.items():
        importer.take(known[key], of_entry)
        if report.cancelled:
            break
    report.unnamed = sorted(path.name for name, path in files.items() if name not in importer.named)
    if report.visits:
        report.changes = Changes.of("drafts", persons=[visitor.person])
    return report


def _by_name(paths: Sequence[Path]) -> dict[str, Path]:
    return {path.name.casefold(): path for path in paths}


class _Import:
    """One table on its way into the drafts of a verifier."""

    def __init__(
        self,
        home: Home,
        panel: Panel,
        visitor: Visitor,
        files: Mapping[str, Path],
        report: VisitReport,
    ) -> None:
        self._home, self._panel, self._visitor = home, panel, visitor
        self._files, self._report = files, report
        self._shelf = Shelf(panel.originals, panel.blobs)
        self.named: set[str] = set()

    def take(self, view: VisitView, rows: Sequence[TableRow]) -> None:
        new = self._of_visit(view.visit, rows)
        brought: list[tuple[str, TableRow]] = []
        for row in rows:
            new, claim = self._claim(replace(view, visit=new), row)
            if claim is not None:
                brought.append((claim, row))
        try:
            save(self._home, self._panel, self._visitor, view.entry.id, new)
        except KippError as error:
            self._report.problems.append(Problem(rows[0].row, "nomor", error.what))
            return
        self._report.visits.append(view.entry.number)
        for claim, row in brought:
            self._photos(view.entry.id, claim, row)
            if self._report.cancelled:
                return

    def _problem(self, row: TableRow, column: str, text: Text) -> None:
        self._report.problems.append(Problem(row.row, column, text))

    def _of_visit(self, old: Visit, rows: Sequence[TableRow]) -> Visit:
        """Read what is of the whole visit: of the rows that say it, the first."""

        def first(name: str) -> tuple[TableRow, str]:
            for row in rows:
                if row.values.get(name, "").strip():
                    return row, row.values[name].strip()
            return rows[0], ""

        new = old
        row, day = first("started")
        began = self._time(row, "mulai", day, "") if day else old.started
        row, text = first("ended")
        ended = self._time(row, "selesai", text, began) if text else old.ended
        new = replace(new, started=began, ended=ended)
        _, place = first("place")
        row, mode = first("mode")
        _, met = first("met")
        if mode:
            new = replace(new, mode=self._word(row, "cara", MODE_WORDS, mode) or new.mode)
        if met:
            new = replace(new, met=tuple(_met(part) for part in met.split(";") if part.strip()))
        return replace(new, place=place or new.place, conclusion=self._conclusion(new, first))

    def _conclusion(self, old: Visit, first: object) -> Conclusion:
        assert callable(first)
        found = old.conclusion
        row, effect = first("effect")
        if effect:
            found = replace(
                found, effect=self._word(row, "kesimpulan", EFFECT_WORDS, effect) or found.effect
            )
        row, name = first("corrects")
        if name:
            criterion = criterion_of(self._panel.setup.rubrics, name)
            if criterion is None:
                self._problem(
                    row, "kriteria koreksi", Text("No criterion is called “{name}”.", name=name)
                )
            found = replace(found, criterion=criterion)
        row, mark = first("mark")
        if mark:
            value = parse_cell_decimal(mark)
            if value is None:
                self._problem(row, "nilai usulan", Text("“{text}” is not a mark.", text=mark[:40]))
            else:
                found = replace(found, mark=format_decimal(value))
        _, reason = first("reason")
        return replace(found, reason=reason or found.reason)

    def _claim(self, view: VisitView, row: TableRow) -> tuple[Visit, str | None]:
        """Take a row's claim into the visit; return it and the claim's id."""
        text = normalise(row.values.get("claim", "").strip())
        if not text:
            if row.values.get("photos", "").strip() or row.values.get("status", "").strip():
                self._problem(row, "klaim", Text("The claim says nothing."))
            return view.visit, None
        known = {name_key(one.claim): one for one in view.visit.findings}
        one = known.get(name_key(text)) or Finding(new_claim(view.visit), text)
        named = row.values.get("criterion", "").strip()
        if named:
            criterion = criterion_of(self._panel.setup.rubrics, named)
            if criterion is None:
                self._problem(row, "kriteria", Text("No criterion is called “{name}”.", name=named))
            one = replace(one, criterion=criterion or one.criterion)
        status = row.values.get("status", "").strip()
        if status:
            word = self._word(row, "temuan", STATUS_WORDS, status)
            one = replace(one, status=word or one.status)
        note = row.values.get("note", "").strip()
        one = replace(one, note=normalise(note) if note else one.note)
        others = [found for found in view.visit.findings if found.id != one.id]
        position = next(
            (n for n, found in enumerate(view.visit.findings) if found.id == one.id), len(others)
        )
        others.insert(position, one)
        return replace(view.visit, findings=tuple(others)), one.id

    def _photos(self, entry: str, claim: str, row: TableRow) -> None:
        names = [name.strip() for name in row.values.get("photos", "").split(";")]
        captions = [text.strip() for text in row.values.get("captions", "").split(";")]
        private = row.values.get("private", "").strip().casefold() in _YES
        wanted: dict[str, str] = {}
        for number, name in enumerate(name for name in names if name):
            path = self._files.get(name.casefold())
            if path is None:
                self._problem(
                    row, "foto", Text("There is no file “{name}” in the folder.", name=name)
                )
                continue
            self.named.add(name.casefold())
            wanted[path.name] = captions[number] if number < len(captions) else ""
        if not wanted:
            return
        view = next(v for v in visits(self._panel, self._visitor) if v.entry.id == entry)
        known = {
            item.original
            for one in view.visit.findings
            if one.id == claim
            for item in one.evidence
            if item.original is not None
        }
        total = Brought()
        paths = [self._files[name.casefold()] for name in wanted]
        for brought in bring(self._home.context, self._shelf, paths, known):
            total += brought
            evidence = [_captioned(item, wanted, private=private) for item in brought.evidence]
            if evidence:
                new = attach(view.visit, claim, evidence)
                view = save(self._home, self._panel, self._visitor, entry, new)
        self._report.photos += len(total.evidence)
        self._report.cancelled = total.cancelled
        for error in total.problems:
            self._problem(row, "foto", error.what)

    def _word(self, row: TableRow, column: str, words: Mapping[str, str], text: str) -> str | None:
        wanted = name_key(text)
        for name, others in words.items():
            if wanted in {name_key(word) for word in (name, *others.split(";"))}:
                return name
        self._problem(row, column, Text("“{text}” is not one of the words here.", text=text[:40]))
        return None

    def _time(self, row: TableRow, column: str, text: str, day: str) -> str:
        """Return a time as records carry it; an hour alone is of the day of ``day``."""
        zone = self._home.context.clock().tzinfo
        found = moment_in(text, datetime.fromisoformat(day) if day else None)
        if found is None:
            self._problem(row, column, Text("“{text}” is not a date and time.", text=text[:40]))
            return ""
        return found.replace(tzinfo=zone).isoformat(timespec="seconds")


def _captioned(item: Evidence, captions: Mapping[str, str], *, private: bool) -> Evidence:
    return replace(item, caption=normalise(captions.get(item.name, "")), private=private)


def met_of(text: str) -> tuple[Met, ...]:
    """Return who was met, a line each."""
    return tuple(_met(line) for line in text.splitlines() if line.strip())


def met_lines(met: Sequence[Met]) -> str:
    """Return who was met as :func:`met_of` reads it."""
    return "\n".join(
        one.role + (f" ({one.name})" if one.name else "") + ("*" if one.consent else "")
        for one in met
    )


def _met(text: str) -> Met:
    """Return who was met: ``role``, ``role (name)``; a star behind says that they agreed."""
    text = text.strip()
    consent = text.endswith("*")
    text = text.rstrip("* ")
    role, opened, name = text.partition("(")
    return Met(normalise(role.strip()), consent, normalise(name.rstrip(") ")) if opened else "")


def moment_in(text: str, day: datetime | None = None) -> datetime | None:
    """Return the local time that a cell says; with ``day`` an hour alone is enough."""
    text = text.strip()
    found = _DATED.fullmatch(text)
    clock = text if found is None else (found["t"] or found["t2"] or "")
    hour = _CLOCK.match(clock.strip())
    if found is None and (day is None or hour is None):
        return None
    hours, minutes, seconds = 0, 0, 0
    if hour is not None:
        hours, minutes, seconds = int(hour["h"]), int(hour["min"]), int(hour["s"] or 0)
    try:
        if found is None:
            assert day is not None
            return datetime(day.year, day.month, day.day, hours, minutes, seconds)  # noqa: DTZ001
        year, month, date = (
            (found["y"], found["m"], found["d"])
            if found["y"]
            else (found["y2"], found["m2"], found["d2"])
        )
        return datetime(int(year), int(month), int(date), hours, minutes, seconds)  # noqa: DTZ001
    except ValueError:
        return None
