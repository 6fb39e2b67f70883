"""A moderator's recorded times travel from another laptop to the desk, unsigned."""

import json
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest

from kipp_desktop.domain.agenda_blob import agenda_blob, read_agenda
from kipp_desktop.exchange.bundle import Blob, Bundle, write_bundle
from kipp_desktop.services.agenda_store import agenda_of_panel
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.kipp import Competition, done, kipp

PEOPLE = [("Juri 1", "juri", ""), ("Moderator 1", "moderator", ""), ("Juri 2", "juri", "")]


@pytest.fixture(scope="module")
def _day(tmp_path_factory):
    made = Competition(tmp_path_factory.mktemp("acara"))
    done(made.desk, "init", "--name", "KIPP Uji", "--organiser", "Bagian Organisasi", "--year",
         "2021", "--no-passphrase", "--key-copy", made.folder / "stik")  # fmt: skip
    done(made.desk, "entries", "import", made.entries_table())
    done(made.desk, "people", "import", made.people_table(PEOPLE))
    today = datetime.now().astimezone().date().isoformat()
    done(made.desk, "agenda", "add", "presentasi", "--day", today, "--room", "A",
         "--start", "00.00", "--end", "23.00")  # fmt: skip
    done(made.desk, "agenda", "fill", "presentasi")
    made.words = done(made.desk, "plan", "publish", "--out", made.package)["words"]
    made.join("Moderator 1")
    made.join("Juri 1")
    return made


@pytest.fixture
def day(_day, tmp_path):
    """One room with three entries; a moderator and a judge have joined, nobody is admitted."""
    return _day.copy(tmp_path)


def admit(day, name):
    done(day.desk, "admit", day.file(name, "kunci"), "--yes")


def moderate(day, name="Moderator 1"):
    """Let 01 present, and 02 be absent; return what the hand-in says."""
    for number, what in (("01", "start"), ("01", "next"), ("01", "finish"), ("02", "absent")):
        done(day.home(name), "agenda", "record", "presentasi", number, what)
    return done(day.home(name), "hand-in", "--out", day.file(name))


def states(home):
    """Return the numbers in their order with their states."""
    (session,) = done(home, "agenda", "show")["sessions"]
    return {line["number"]: line["state"] for line in session["lines"]}


def agenda_at(home):
    opened = Home(Context(home))
    with opened.open(opened.choose()) as panel:
        return agenda_of_panel(panel)


def test_times_reach_the_desk_with_the_moderators_file_and_are_published(day):
    admit(day, "Moderator 1")

    handed = moderate(day)
    looked = done(day.desk, "merge", "--dry-run", day.file("Moderator 1"))["files"][0]
    before = states(day.desk)
    taken = done(day.desk, "merge", day.file("Moderator 1"))["files"][0]
    again = done(day.desk, "merge", day.file("Moderator 1"))["files"][0]

    assert handed["slots"] == 2
    assert (looked["outcome"], looked["slots"]) == ("merged", 2)
    assert set(before.values()) == {"waiting"}
    assert (taken["outcome"], taken["records"], taken["slots"]) == ("merged", 0, 2)
    assert again["outcome"] == "nothing-new"
    assert states(day.desk) == {"01": "done", "02": "absent", "03": "waiting"}
    assert agenda_at(day.desk) == agenda_at(day.home("Moderator 1"))
    # Absence on the agenda changes no status: that is the desk's to sign.
    assert done(day.desk, "agenda", "announce") == {"signed": True}
    assert kipp(day.desk, "check").status == 0
    done(day.desk, "rank")


def test_a_file_that_came_before_its_key_was_admitted_brings_its_times_when_it_comes_again(day):
    moderate(day)
    first = done(day.desk, "merge", day.file("Moderator 1"))["files"][0]
    before = states(day.desk)
    admit(day, "Moderator 1")

    taken = done(day.desk, "merge", day.file("Moderator 1"))["files"][0]

    assert (first["outcome"], "slots" in first) == ("waiting-for-key", False)
    assert set(before.values()) == {"waiting"}
    assert (taken["outcome"], taken["slots"]) == ("merged", 2)
    assert states(day.desk)["01"] == "done"


def test_what_the_desk_recorded_itself_stands_and_its_order_too(day):
    admit(day, "Moderator 1")
    done(day.desk, "agenda", "record", "presentasi", "01", "absent")
    done(day.desk, "agenda", "swap", "presentasi", "02", "03")
    done(day.home("Moderator 1"), "agenda", "swap", "presentasi", "01", "02")
    moderate(day)

    taken = done(day.desk, "merge", day.file("Moderator 1"))["files"][0]

    assert taken["slots"] == 1
    assert list(states(day.desk).items()) == [("01", "absent"), ("03", "waiting"), ("02", "absent")]


def test_a_judge_carries_no_times_and_a_file_with_them_brings_none(day):
    admit(day, "Juri 1")
    admit(day, "Moderator 1")

    handed = moderate(day, "Juri 1")
    forged = day.folder / "palsu.kipp"
    moderate(day)
    with Bundle.open(day.file("Juri 1")) as own, Bundle.open(day.file("Moderator 1")) as other:
        write_bundle(
            forged,
            competition=own.competition,
            purpose=own.purpose,
            ledgers=list(own.ledgers()),
            blobs=[_blob(other, name, day.folder) for name in other.blobs()],
        )
    taken = done(day.desk, "merge", forged)["files"][0]

    assert "slots" not in handed
    assert "slots" not in taken
    assert set(states(day.desk).values()) == {"waiting"}


def _blob(bundle, name, folder):
    path = folder / name
    path.write_bytes(bundle.blob(name))
    return Blob(name, path)


def test_nothing_but_what_is_signed_travels_before_anything_was_recorded(day):
    admit(day, "Moderator 1")

    done(day.home("Moderator 1"), "hand-in", "--out", day.file("Moderator 1"))

    with zipfile.ZipFile(day.file("Moderator 1")) as file:
        assert not [name for name in file.namelist() if name.startswith("blobs/")]


def test_the_blob_is_an_agenda_that_no_record_cites(day):
    moderate(day)

    with zipfile.ZipFile(day.file("Moderator 1")) as file:
        (name,) = [name for name in file.namelist() if name.startswith("blobs/")]
        data = file.read(name)
        ledgers = b"".join(file.read(n) for n in file.namelist() if n.endswith(".ndjson"))

    assert name.removeprefix("blobs/").encode() not in ledgers
    assert [event["what"] for event in json.loads(data)["sessions"][0]["slots"][0]["log"]] == [
        *("start", "next", "finish"),
    ]
    agenda = read_agenda(data)
    assert agenda_blob(replace(agenda)) == data
