"""A backup of a whole home, brought back elsewhere, over newer work, and over a longer ledger."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from kipp_desktop.errors import KippError
from kipp_desktop.services import (
    backups,
    catalogues,
    importing,
    judging,
    keeping,
    naming,
    new_competition,
    paper,
    setup,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home

JUDGES = "nama;peran\nJuri 1;juri\nJuri 2;juri\n"
ENTRIES = "nomor;judul;instansi\n1;Rumah Data;Bappeda\n2;Kelas Hijau;Dinas Pendidikan\n"


def a_desk(folder: Path) -> Home:
    home = Home(
        Context(folder / "home", clock=lambda: datetime.fromisoformat("2021-03-16T09:00:00+07:00"))
    )
    table = {
        **catalogues.preset_table("kota"),
        "name": "KIPP Uji",
        "organiser": "Setda",
        "year": 2021,
    }
    listed = new_competition.create_competition(home, table)
    (folder / "orang.csv").write_text(JUDGES, "utf-8")
    (folder / "inovasi.csv").write_text(ENTRIES, "utf-8")
    with home.open(listed) as panel:
        importing.import_people(home, panel, folder / "orang.csv")
        importing.import_entries(home, panel, folder / "inovasi.csv")
        setup.publish_plan(home, panel, folder / "paket.kipp")
    return home


def type_sheet(home: Home, number: str, mark: int) -> int:
    """Type and sign one paper sheet; return how long the clerk's ledger is then."""
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "clerk")
        marker = paper.paper_marker(panel, card, "Juri 1")
        entry = naming.entry_of(panel, number)
        for leaf in judging.rubric_of(panel, marker.stage).leaves:
            judging.set_mark(home, panel, marker, entry, leaf.id, Fraction(mark))
        judging.submit(home, panel, marker, home.unlock(card), {entry})
        return panel.ledgers.size(card.fingerprint)


def clerk_ledger(home: Home) -> bytes:
    with home.open(home.choose()) as panel:
        held = panel.ledgers.read(home.card(panel.competition, "clerk").fingerprint)
    assert held is not None
    return held[0]


def test_a_backup_brings_a_home_back_on_another_laptop(tmp_path: Path) -> None:
    home = a_desk(tmp_path)
    type_sheet(home, "1", 7)

    backups.back_up(home, tmp_path / "b.kippbackup")
    elsewhere = Home(Context(tmp_path / "other"))
    restored = backups.restore(elsewhere, [tmp_path / "b.kippbackup"])

    assert (restored.competitions, restored.kept) == (1, 0)
    assert clerk_ledger(elsewhere) == clerk_ledger(home)
    with elsewhere.open(elsewhere.choose()) as panel:
        assert all(finding.ok for finding in keeping.check(elsewhere, panel))


def test_restoring_an_older_backup_shortens_no_ledger(tmp_path: Path) -> None:
    home = a_desk(tmp_path)
    type_sheet(home, "1", 7)
    backups.back_up(home, tmp_path / "b.kippbackup")
    type_sheet(home, "2", 9)
    before = clerk_ledger(home)

    restored = backups.restore(home, [tmp_path / "b.kippbackup"])

    assert restored.kept == 1
    assert clerk_ledger(home) == before
    with home.open(home.choose()) as panel:
        assert all(finding.ok for finding in keeping.check(home, panel))
        typed = paper.typings(panel, naming.person_of(panel, "Juri 1"), "presentasi")
        assert len(typed) == 2


def test_restoring_brings_drafts_back_and_keeps_the_newer_database_aside(tmp_path: Path) -> None:
    home = a_desk(tmp_path)
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "clerk")
        marker = paper.paper_marker(panel, card, "Juri 2")
        entry = naming.entry_of(panel, "1")
        judging.set_mark(home, panel, marker, entry, "efektif", Fraction(4))
    backups.back_up(home, tmp_path / "b.kippbackup")
    with home.open(home.choose()) as panel:
        judging.set_mark(home, panel, marker, entry, "efektif", Fraction(9))

    backups.restore(home, [tmp_path / "b.kippbackup"])

    with home.open(home.choose()) as panel:
        view = judging.sheet(panel, marker, entry)
        assert judging.unpack(judging.rubric_of(panel, marker.stage), view.marks) == {
            "efektif": "4"
        }
    assert len(list(home.choose().folder.glob("panel-*.sqlite"))) == 1


def test_a_changed_byte_in_a_backup_is_refused_and_nothing_is_restored(tmp_path: Path) -> None:
    home = a_desk(tmp_path)
    backups.back_up(home, tmp_path / "b.kippbackup")
    data = bytearray((tmp_path / "b.kippbackup").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "b.kippbackup").write_bytes(data)
    elsewhere = Home(Context(tmp_path / "other"))

    with pytest.raises(KippError) as refused:
        backups.restore(elsewhere, [tmp_path / "b.kippbackup"])

    assert refused.value.code == "bad-file"
    assert elsewhere.competitions() == []
