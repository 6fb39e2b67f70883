"""Backups that come by themselves, and putting one back."""

import shutil
import sqlite3
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from kipp_desktop.domain.sheet import unpack
from kipp_desktop.errors import KippError
from kipp_desktop.services import judging, keeping, rolling
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.kipp import Competition

START = datetime.fromisoformat("2021-03-16T08:00:00+07:00")


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The home of a judge who has signed every sheet. Copy it before you write to it."""
    competition = Competition(tmp_path_factory.mktemp("judged")).create()
    competition.join("Juri 1")
    competition.score("Juri 1")
    return competition.home("Juri 1")


@pytest.fixture
def folder(judged, tmp_path):
    return shutil.copytree(judged, tmp_path / "home")


def mark(folder, value, minutes):
    """Set a mark so many minutes after the start, and make a backup; return the mark before."""
    home = Home(Context(folder, lambda: START + timedelta(minutes=minutes)))
    with home.open(home.choose()) as panel:
        marker = judging.marker_of(panel, home.card(panel.competition, "member"))
        entry = panel.setup.entries[0].id
        view = judging.set_mark(home, panel, marker, entry, "kebaruan", Fraction(value))
        rolling.keep(home, panel)
        return unpack(judging.rubric_of(panel, marker.stage), view.marks)["kebaruan"]


def marked(folder):
    home = Home(Context(folder))
    with home.open(home.choose()) as panel:
        assert all(item.ok for item in keeping.check(home, panel))
        marker = judging.marker_of(panel, home.card(panel.competition, "member"))
        view = judging.sheet(panel, marker, panel.setup.entries[0].id)
        return unpack(judging.rubric_of(panel, marker.stage), view.marks)["kebaruan"]


def backups(folder):
    return rolling.backups_of(Home(Context(folder)).choose())


def test_a_backup_put_back_brings_its_drafts_and_shortens_no_ledger(folder):
    mark(folder, 4, 0)
    mark(folder, 7, 30)
    home = Home(Context(folder, lambda: START + timedelta(minutes=40)))
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        marker = judging.marker_of(panel, card)
        judging.submit(home, panel, marker, home.unlock(card), None, "Diperbaiki")
        signed = panel.ledgers.read(card.fingerprint)

    rolling.put_back(home, home.choose(), backups(folder)[1].path)

    with home.open(home.choose()) as panel:
        assert panel.ledgers.read(card.fingerprint) == signed
    assert marked(folder) == "4"


def test_what_stood_before_a_backup_was_put_back_is_a_backup_too(folder):
    mark(folder, 4, 0)
    mark(folder, 7, 30)
    home = Home(Context(folder, lambda: START + timedelta(minutes=40)))
    rolling.put_back(home, home.choose(), backups(folder)[1].path)

    rolling.put_back(home, home.choose(), backups(folder)[0].path)

    assert marked(folder) == "7"


def test_nothing_new_makes_no_backup(folder):
    mark(folder, 4, 0)
    home = Home(Context(folder, lambda: START + timedelta(minutes=30)))

    with home.open(home.choose()) as panel:
        again = rolling.keep(home, panel)

    assert again is None
    assert [item.drafts for item in backups(folder)] == [1]


def test_the_newest_twenty_stay_and_the_last_of_each_earlier_day(folder):
    for number in range(26):
        mark(folder, 1 + number % 10, 30 * number)
    for day in (1, 2):
        mark(folder, 9 + day % 2, 24 * 60 * day)

    kept = [item.at.isoformat() for item in backups(folder)]

    assert len(kept) == 20
    assert kept[:2] == ["2021-03-18T08:00:00", "2021-03-17T08:00:00"]
    assert kept[-1] == "2021-03-16T12:00:00"


def test_the_last_backup_of_an_earlier_day_outlives_twenty_newer_ones(folder):
    mark(folder, 3, -3 * 24 * 60)
    mark(folder, 4, -3 * 24 * 60 + 30)
    for number in range(21):
        mark(folder, 1 + number % 10, 30 * number)

    kept = [item.at.isoformat() for item in backups(folder)]

    assert len(kept) == 21
    assert kept[-1] == "2021-03-13T08:30:00"


def test_a_damaged_database_is_put_aside_and_the_backup_takes_its_place(folder):
    mark(folder, 4, 0)
    home = Home(Context(folder, lambda: START + timedelta(minutes=40)))
    listed = home.choose()
    database = listed.folder / "panel.sqlite"
    database.write_bytes(b"not a database" * 1000)

    rolling.put_back(home, listed, backups(folder)[0].path)

    assert marked(folder) == "4"
    assert [p.read_bytes()[:3] for p in listed.folder.glob("panel-*.sqlite")] == [b"not"]


def test_a_competition_that_is_open_is_not_put_back(folder):
    mark(folder, 4, 0)
    home = Home(Context(folder))
    listed = home.choose()

    with home.open(listed), pytest.raises(KippError) as refused:
        rolling.put_back(home, listed, backups(folder)[0].path)

    assert refused.value.code == "in-use"


def test_a_backup_holds_no_signed_marks(folder):
    mark(folder, 4, 0)

    copy = sqlite3.connect(backups(folder)[0].path)
    found = [copy.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("sheet", "draft")]
    copy.close()

    assert found == [0, 1]
