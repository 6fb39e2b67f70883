"""What goes wrong on judging days: a sentence for the user, and nothing acknowledged is lost."""

import os
import random
import shutil
import sqlite3
import subprocess
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from kipp_desktop.domain.sheet import unpack
from kipp_desktop.errors import KippError
from kipp_desktop.files import whole_file, write_whole
from kipp_desktop.services import judging, keeping
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.kipp import Competition, done, kipp

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a small file system"
)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of three megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def judge(judges_marked_home, tmp_path):
    """A judge's home."""
    return shutil.copytree(judges_marked_home, tmp_path / "home")


def open_judge(folder, clock=None):
    """Return home, panel, marker and identity of the judge."""
    home = Home(Context(folder) if clock is None else Context(folder, clock))
    panel = home.open(home.choose())
    card = home.card(panel.competition, "member")
    return home, panel, judging.marker_of(panel, card), home.unlock(card)


def marks_of(panel, marker):
    """Return every mark of the judge by entry."""
    rubric = judging.rubric_of(panel, marker.stage)
    return {view.entry.id: unpack(rubric, view.marks) for view in judging.sheets(panel, marker)}


def fill(disk):
    """Write until the disk is full; return the file that does it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler


@needs_root
def test_a_full_disk_is_told_and_the_same_window_goes_on_when_there_is_room(judge, small_disk):
    folder = shutil.copytree(judge, small_disk / "home")
    home, panel, marker, identity = open_judge(folder)
    with panel:
        entry = panel.setup.entries[0].id
        filler = fill(small_disk)
        acknowledged = ["9"]

        def mark_on():
            for number in range(4000):
                mark = Fraction(1 + number % 10)
                judging.set_mark(home, panel, marker, entry, "kebaruan", mark)
                acknowledged.append(str(mark))

        with pytest.raises(KippError) as full:
            mark_on()
        kept_when_full = marks_of(panel, marker)[entry]["kebaruan"]
        filler.unlink()
        judging.set_mark(home, panel, marker, entry, "kebaruan", Fraction(3))
        judging.submit(home, panel, marker, identity, None, "Diperbaiki")

        assert full.value.code == "disk"
        assert kept_when_full == acknowledged[-1]
        assert marks_of(panel, marker)[entry]["kebaruan"] == "3"
        assert all(item.ok for item in keeping.check(home, panel))


@needs_root
def test_signing_on_a_full_disk_signs_nothing_and_can_be_done_again(judge, small_disk):
    folder = shutil.copytree(judge, small_disk / "home")
    home, panel, marker, identity = open_judge(folder)
    with panel:
        entry = panel.setup.entries[0].id
        judging.set_mark(home, panel, marker, entry, "kebaruan", Fraction(2))
        before = panel.ledgers.read(marker.author)
        filler = fill(small_disk)

        with pytest.raises(KippError) as full:
            judging.submit(home, panel, marker, identity, None, "Diperbaiki")

        after = panel.ledgers.read(marker.author)
        filler.unlink()
        again = judging.submit(home, panel, marker, identity, None, "Diperbaiki")
        assert full.value.code in {"cannot-write", "disk"}
        assert after is not None
        assert before is not None
        assert after[1] == before[1]
        assert again.submitted == [panel.setup.entries[0].number]
        assert all(item.ok for item in keeping.check(home, panel))


@needs_root
def test_handing_in_to_a_full_stick_leaves_the_file_that_was_there(judge, small_disk):
    target = small_disk / "nilai.kipp"
    done(judge, "hand-in", "--out", target)
    before = target.read_bytes()
    fill(small_disk)

    answer = kipp(judge, "hand-in", "--out", target)

    assert answer.status == 1
    assert answer.code == "cannot-write"
    assert target.read_bytes() == before
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "nilai.kipp"]


@needs_root
def test_a_write_protected_stick_is_told(judge, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    answer = kipp(judge, "hand-in", "--out", small_disk / "nilai.kipp")

    assert answer.code == "cannot-write"
    assert "tulis" in answer.err
    assert list(small_disk.iterdir()) == []


@needs_root
def test_a_home_on_a_read_only_disk_is_told_and_left_as_it_was(judge, small_disk):
    folder = shutil.copytree(judge, small_disk / "home")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    answer = kipp(folder, "scores", "submit", "--all")

    assert answer.status == 1
    assert answer.code in {"disk", "cannot-write"}


def test_a_folder_that_may_not_be_written_is_told(judge, tmp_path):
    folder = tmp_path / "terkunci"
    folder.mkdir()
    folder.chmod(0o555)
    child = os.fork()
    if child == 0:
        # To root every folder is open.
        if os.geteuid() == 0:
            os.setegid(65534)
            os.seteuid(65534)
        try:
            write_whole(folder / "nilai.kipp", b"x")
        except KippError as error:
            os._exit(7 if error.code == "cannot-write" else 8)
        os._exit(9)

    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 7
    assert list(folder.iterdir()) == []


def test_a_stick_pulled_out_while_writing_is_told_and_the_next_one_is_whole(judge, tmp_path):
    stick = tmp_path / "stik"
    stick.mkdir()

    def write_and_pull():
        with whole_file(stick / "nilai.kipp") as file:
            file.write(bytes(100_000))
            shutil.rmtree(stick)

    with pytest.raises(KippError) as pulled:
        write_and_pull()

    answer = done(judge, "hand-in", "--out", stick / "nilai.kipp")
    assert pulled.value.code == "cannot-write"
    assert answer["records"] == 4
    assert [path.name for path in stick.iterdir()] == ["nilai.kipp"]


def test_a_clock_set_back_two_hours_changes_no_order(judge):
    then = datetime.fromisoformat("2021-03-16T09:30:00+07:00")
    home, panel, marker, identity = open_judge(judge, lambda: then - timedelta(hours=2))
    with panel:
        entry = panel.setup.entries[0].id

        judging.set_mark(home, panel, marker, entry, "kebaruan", Fraction(2))
        judging.submit(home, panel, marker, identity, None, "Diperbaiki")

        assert marks_of(panel, marker)[entry]["kebaruan"] == "2"
        assert all(item.ok for item in keeping.check(home, panel))


def test_a_database_cut_short_is_told_and_what_was_signed_is_whole(judge):
    database = next(judge.glob("competitions/*/panel.sqlite"))
    ledger = {path.name: path.read_bytes() for path in judge.glob("competitions/*/ledgers/*")}
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 3])

    answer = kipp(judge, "scores", "submit", "--all")

    assert answer.status == 1
    assert answer.code == "damaged-database"
    assert ledger == {
        path.name: path.read_bytes() for path in judge.glob("competitions/*/ledgers/*")
    }


def test_three_hundred_flipped_bits_that_change_a_mark_are_all_found(judge, tmp_path):
    home, panel, marker, _ = open_judge(judge)
    with panel:
        for entry in panel.setup.entries:
            judging.set_mark(home, panel, marker, entry.id, "kebaruan", Fraction(4))
        panel.copy_database(tmp_path / "whole.sqlite")
    database = next(judge.glob("competitions/*/panel.sqlite"))
    whole = (tmp_path / "whole.sqlite").read_bytes()
    said = _marks(tmp_path / "whole.sqlite")
    # Only where sheets stand: elsewhere few flips would change a mark.
    names = [entry.id.encode() for entry in panel.setup.entries]
    pages = [
        start
        for start in range(0, len(whole), 4096)
        if any(name in whole[start : start + 4096] for name in names)
    ]
    choices = random.Random(9)
    changed, missed = 0, []

    while changed < 300:
        bit = 8 * (choices.choice(pages) + choices.randrange(4096)) + choices.randrange(8)
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        (tmp_path / "flipped.sqlite").write_bytes(flipped)
        if _marks(tmp_path / "flipped.sqlite") in {said, None}:
            continue
        changed += 1
        database.write_bytes(flipped)
        try:
            home = Home(Context(judge))
            with home.open(home.choose()) as panel:
                found = any(not item.ok for item in keeping.check(home, panel))
        except KippError:
            found = True
        if not found:
            missed.append(bit)

    assert missed == []


def _marks(path):
    """Return the marks as SQLite reads them, or None where it sees the fault by itself."""
    database = sqlite3.connect(path)
    try:
        return tuple(
            tuple(database.execute(f"SELECT * FROM {table}").fetchall())
            for table in ("draft", "sheet", "counted")
        )
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
    finally:
        database.close()


def test_an_old_package_after_a_new_one_changes_nothing(tmp_path):
    competition = Competition(tmp_path).create()
    competition.join("Juri 1")
    old = shutil.copy(competition.package, tmp_path / "lama.kipp")
    done(competition.desk, "entry-status", "02", "withdrawn", "--reason", "Surat")
    newer = tmp_path / "baru.kipp"
    done(competition.desk, "plan", "publish", "--out", newer)
    home = competition.home("Juri 1")
    done(home, "merge", newer)

    answer = done(home, "merge", old)

    assert [item["outcome"] for item in answer["files"]] == ["nothing-new"]
    assert done(home, "status")
