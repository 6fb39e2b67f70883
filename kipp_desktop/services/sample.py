"""The sample to try everything on: real entries, a published plan, half-finished marks.

Juri 1 has joined on this laptop (some sheets signed, some drafts), Juri 2 and Juri 4 wrote on
paper, Juri 3's file has come from a laptop of its own and waits to be compared, and Juri 5 has
handed in nothing yet. Nothing has a passphrase.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.assets import asset
from kipp_desktop.domain.sheet import Notes, empty_marks, with_mark
from kipp_desktop.exchange.tables import number_key, parse_cell_decimal
from kipp_desktop.exchange.words import words_of
from kipp_desktop.services import (
    admission,
    catalogues,
    desk,
    importing,
    inbox,
    joining,
    judging,
    new_competition,
    paper,
    setup,
)
from kipp_desktop.services.home import Home
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.services.home import Listed
    from kipp_desktop.services.judging import Marker
    from kipp_desktop.services.panel import Panel

HERE, PAPER, APART, HALF_PAPER = "Juri 1", "Juri 2", "Juri 3", "Juri 4"
SIGNED_HERE, DRAFTS_HERE = 12, 6
SENT_APART = 30
TYPED_HALF, CHECKED_HALF, DRAFTS_HALF = 20, 12, 3
ABSENT = "44"

Row = dict[str, str]


def find_sample(home: Home) -> Listed | None:
    """Return the sample if it is on this laptop already."""
    name = _table()["name"]
    for listed in home.competitions():
        if listed.name == name and any(c.role == "desk" for c in home.identities(listed.id)):
            return listed
    return None


def create_sample(home: Home) -> Listed:
    """Return the sample of this home, made now unless it is here already.

    Raises :class:`KippError` where it cannot be written.
    """
    found = find_sample(home)
    if found is not None:
        return found
    context = home.context
    quiet = Home(replace(context, progress=_silent))
    folder = asset("resources", "sample")
    context.step(0.0, Text("The secretariat creates the competition"))
    listed = new_competition.create_competition(quiet, _table(), beside=folder)
    rows = _marks()
    with tempfile.TemporaryDirectory(prefix="kipp-") as name:
        stick = Path(name)
        package = stick / "paket.kipp"
        with quiet.open(listed) as panel:
            importing.import_entries(quiet, panel, folder / "entries.csv")
            importing.import_people(quiet, panel, folder / "people.csv")
            panel.workbench.set_document("how_marked", "mixed")
            setup.publish_plan(quiet, panel, package)
            desk.record_status(
                quiet, panel, ABSENT, "absent", "Tim tidak hadir saat dipanggil (contoh)"
            )
        context.step(0.3, Text("Juri 3 marks on a laptop of their own"))
        apart = Home(replace(quiet.context, home=stick / "laptop"))
        file = _judge_apart(apart, package, listed.desk, rows[APART], stick)
        context.step(0.6, Text("Juri 1 marks on this laptop"))
        joined = joining.join(quiet, package, HERE, stick / "juri-1.kipp", words_of(listed.desk))
        with quiet.open(listed) as panel:
            admission.admit(quiet, panel, joined.fingerprint, joined.words)
            _judge_here(quiet, panel, rows[HERE])
            context.step(0.75, Text("Paper sheets are typed"))
            _type(quiet, panel, PAPER, rows[PAPER], len(rows[PAPER]), 0)
            _type(quiet, panel, HALF_PAPER, rows[HALF_PAPER], CHECKED_HALF, DRAFTS_HALF)
            inbox.merge(quiet, panel, [file])
    context.progress(1.0, Text("Done"))
    return listed


def _table() -> dict[str, object]:
    return catalogues.load_toml(asset("resources", "sample") / "kompetisi.toml")


def _silent(_share: float, _text: Text) -> None:
    """Say nothing: the steps are the sample's own."""


def _marks() -> dict[str, list[Row]]:
    """Return the sample's marks by judge, without the entry whose team did not come."""
    found: dict[str, list[Row]] = defaultdict(list)
    text = asset("resources", "sample", "marks.csv").read_text("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        found[row["judge"]].append(row)
    return found


def _draft(home: Home, panel: Panel, marker: Marker, rows: Sequence[Row], leaves: int = 99) -> None:
    """Set the first ``leaves`` marks of each row as a draft."""
    rubric = judging.rubric_of(panel, marker.stage)
    ids = {number_key(entry.number): entry.id for entry in panel.setup.entries}
    for row in rows:
        marks = _packed(rubric, row, leaves)
        notes = Notes(feedback=row["catatan"])
        judging.set_sheet(home, panel, marker, ids[number_key(row["nomor"])], marks, notes)


def _packed(rubric: Rubric, row: Row, leaves: int) -> bytes:
    marks = empty_marks(rubric)
    for leaf in rubric.judged.leaves[:leaves]:
        marks = with_mark(rubric, marks, leaf.id, parse_cell_decimal(row[leaf.id]))
    return marks


def _judge_apart(
    home: Home, package: Path, desk_key: str, rows: Sequence[Row], stick: Path
) -> Path:
    joined = joining.join(home, package, APART, stick / "kunci.kipp", words_of(desk_key))
    file = stick / "juri-3.kipp"
    with home.open(joined.listed) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        _draft(home, panel, marker, rows[:SENT_APART])
        judging.submit(home, panel, marker, home.unlock(card))
        joining.write_hand_in(panel, card, file)
    return file


def _judge_here(home: Home, panel: Panel, rows: Sequence[Row]) -> None:
    card = home.card(panel.competition, "member")
    marker = judging.marker_of(panel, card)
    _draft(home, panel, marker, rows[:SIGNED_HERE])
    judging.submit(home, panel, marker, home.unlock(card))
    drafts = rows[SIGNED_HERE : SIGNED_HERE + DRAFTS_HERE]
    _draft(home, panel, marker, drafts[:-2])
    _draft(home, panel, marker, drafts[-2:], leaves=3)


def _type(  # noqa: PLR0917 - one judge's pile of paper
    home: Home, panel: Panel, name: str, rows: Sequence[Row], checked: int, drafts: int
) -> None:
    card = home.card(panel.competition, "clerk")
    identity = home.unlock(card)
    marker = paper.paper_marker(panel, card, name)
    _draft(home, panel, marker, rows[:checked])
    judging.submit(home, panel, marker, identity)
    paper.check(home, panel, marker, identity)
    rest = rows[checked : checked + (TYPED_HALF - CHECKED_HALF)]
    _draft(home, panel, marker, rest)
    judging.submit(home, panel, marker, identity)
    _draft(home, panel, marker, rows[checked + len(rest) :][:drafts], leaves=4)
