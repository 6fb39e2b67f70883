"""Assignments and the agenda on the command line, and on a judge's laptop."""

import json
import zipfile
from datetime import datetime

import pytest

from kipp_desktop.domain.agenda_blob import read_agenda
from kipp_desktop.domain.assigning import balanced
from kipp_desktop.services import agenda, assigning
from kipp_desktop.services.audit import trail
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.judging import marker_of
from kipp_desktop.services.setup import judges_left, next_setup
from kipp_desktop.services.sheetbook import read_sheetbook
from tests.flow.kipp import Competition, done, kipp, table

DAY = ["--day", "2021-03-16", "--start", "08.30", "--end", "12.00"]


@pytest.fixture
def larger(tmp_path):
    """Twelve entries of a dinas, a unit below it and Bappeda; Juri 1 has a conflict."""
    made = Competition(tmp_path)
    done(made.desk, "init", "--name", "KIPP Uji", "--organiser", "Bagian Organisasi", "--year",
         "2021", "--no-passphrase", "--key-copy", tmp_path / "stik")  # fmt: skip
    agencies = [("Dinas Kesehatan", ""), ("Puskesmas Dinoyo", "Dinas Kesehatan"), ("Bappeda", "")]
    done(made.desk, "organisations", "import",
         table(tmp_path / "unit.csv", ("Nama", "Induk"), agencies))  # fmt: skip
    rows = [(str(n), f"Inovasi {n}", agencies[n % 3][0]) for n in range(1, 13)]
    done(made.desk, "entries", "import",
         table(tmp_path / "inovasi.csv", ("No.", "Judul", "Instansi"), rows))  # fmt: skip
    people = [(f"Juri {n}", "juri", "Dinas Kesehatan" if n == 1 else "") for n in range(1, 5)]
    made.people_table(people)
    done(made.desk, "people", "import", tmp_path / "panel.csv")
    return made


def publish(made):
    made.words = done(made.desk, "plan", "publish", "--out", made.package)["words"]


def signed_blob(made):
    """Return the blob that the last agenda record in the package cites."""
    with zipfile.ZipFile(made.package) as package:
        ledger = next(n for n in package.namelist() if n.endswith(".ndjson"))
        lines = [json.loads(line) for line in package.read(ledger).splitlines()]
        cited = [line["body"]["agenda"] for line in lines if line["kind"] == "agenda"]
        return package.read(f"blobs/{cited[-1]}")


def test_a_conflict_with_a_dinas_covers_the_units_below_it(larger):
    shown = done(larger.desk, "assign", "show", "presentasi")

    by_number = {item["number"]: item["judges"] for item in shown["entries"]}
    assert shown["method"] == "all"
    assert [len(by_number[n]) for n in ("1", "2", "3")] == [3, 4, 3]
    assert "Juri 1" not in by_number["1"] + by_number["3"]


def test_anybody_can_repeat_the_draw_from_the_package(larger):
    shown = done(larger.desk, "assign", "random", "presentasi", "--per-entry", "2")
    publish(larger)

    lot = read_agenda(signed_blob(larger)).draws[0]
    home = Home(Context(larger.desk))
    with home.open(home.choose()) as panel:
        assert any(lot.seed in str(line.said) for line in trail(panel))
        setup = panel.setup
        barred = {a.person: a.excluded for a in setup.assignments}
        barred |= {
            person.id: [e.id for e in setup.entries if e.organisation in _health(setup)]
            for person in setup.persons
            if person.conflicts
        }
        again = balanced(lot.entries, lot.judges, barred, lot.per_entry, lot.seed)
        written = {a.person: set(a.entries) for a in setup.assignments}
        assert judges_left(setup, "presentasi") == dict.fromkeys(setup.entry_by_id, 2)

    assert lot.seed == shown["seed"]
    assert {judge: set(own) for judge, own in again.items()} == written
    # Juri 1 may mark four entries only; the others share the rest evenly.
    assert sorted(item["entries"] for item in shown["judges"]) == [4, 6, 7, 7]


def _health(setup):
    return {item.id for item in setup.organisations if item.name != "Bappeda"}


def test_the_same_seed_draws_the_same(larger):
    seed = "00112233445566778899aabbccddeeff"

    first = done(larger.desk, "assign", "random", "presentasi", "--per-entry", "2", "--seed", seed)
    done(larger.desk, "assign", "all", "presentasi")
    again = done(larger.desk, "assign", "random", "presentasi", "--per-entry", "2", "--seed", seed)

    assert first == again


def test_too_many_judges_an_entry_are_refused_and_nothing_changes(larger):
    answer = kipp(larger.desk, "assign", "random", "presentasi", "--per-entry", "4")

    assert answer.status == 1
    assert answer.code == "bad-assignment"
    assert done(larger.desk, "assign", "show", "presentasi")["method"] == "all"


def test_an_entry_that_came_after_the_draw_is_told(larger):
    done(larger.desk, "assign", "random", "presentasi", "--per-entry", "2")
    more = table(larger.folder / "susulan.csv", ("No.", "Judul", "Instansi"),
                 [("13", "Inovasi 13", "Bappeda")])  # fmt: skip
    done(larger.desk, "entries", "import", more)

    home = Home(Context(larger.desk))
    with home.open(home.choose()) as panel:
        _, warnings = next_setup(panel)

    assert any("13" in str(warning) and "fewer than 2" in str(warning) for warning in warnings)


def test_a_conflict_that_is_declared_after_the_draw_is_taken_off_and_told(larger):
    done(larger.desk, "assign", "random", "presentasi", "--per-entry", "2")
    before = done(larger.desk, "assign", "show", "presentasi")["judges"]
    people = [(f"Juri {n}", "juri", "Dinas Kesehatan" if n < 3 else "") for n in range(1, 5)]
    done(larger.desk, "people", "import", larger.people_table(people))

    home = Home(Context(larger.desk))
    with home.open(home.choose()) as panel:
        setup, warnings = next_setup(panel)
        view = assigning.assignment_view(panel, "presentasi")

    health = _health(setup)
    second = next(load for load in view.loads if load.name == "Juri 2")
    assert second.entries < next(item["entries"] for item in before if item["name"] == "Juri 2")
    for item in view.entries:
        if setup.entry_by_id[item.entry].organisation in health:
            assert not {"Juri 1", "Juri 2"} & set(item.judges)
    assert any("fewer than 2" in str(warning) for warning in warnings)


def rooms(made):
    for room, judges in (("A", ("Juri 1", "Juri 2")), ("B", ("Juri 3", "Juri 4"))):
        named = [word for judge in judges for word in ("--judge", judge)]
        done(made.desk, "agenda", "add", "presentasi", *DAY, "--room", room, *named,
             "--break", "10.00+15=Rehat")  # fmt: skip


def test_judges_of_parallel_rooms_mark_what_is_presented_there(larger):
    rooms(larger)
    filled = done(larger.desk, "agenda", "fill", "presentasi", "--order", "lot")

    shown = done(larger.desk, "assign", "rooms", "presentasi")

    by_room = {
        session["room"]: {line["number"] for line in session["lines"] if line["number"]}
        for session in done(larger.desk, "agenda", "show")["sessions"]
    }
    assert filled["left"] == []
    assert {len(numbers) for numbers in by_room.values()} == {6}
    for item in shown["entries"]:
        room = "A" if item["number"] in by_room["A"] else "B"
        assert set(item["judges"]) <= {"A": {"Juri 1", "Juri 2"}, "B": {"Juri 3", "Juri 4"}}[room]


def test_a_judge_sees_the_list_in_the_order_of_the_agenda(larger):
    rooms(larger)
    done(larger.desk, "agenda", "fill", "presentasi", "--order", "lot")
    publish(larger)
    larger.join("Juri 3")

    clock = datetime.fromisoformat("2021-03-16T08:45:00+07:00")
    home = Home(Context(larger.home("Juri 3"), clock=lambda: clock))
    with home.open(home.choose()) as panel:
        card = home.card(panel.competition, "member")
        book = read_sheetbook(panel, marker_of(panel, card))
        turns = agenda.turns(panel, "presentasi", card.person)
        now = agenda.now(home, panel)

    order = [view.entry.id for view in book.views]
    assert len(turns) == 6
    assert order[:6] == [turn.entry for turn in turns]
    assert {turn.room for turn in turns} == {"B"}
    assert book.turns[order[0]].start == 510
    assert now[1].session.room == "B"
    assert now[1].entry.id == order[0]
    assert now[1].next.id == order[1]


def test_a_swap_on_the_day_reaches_the_judge_with_the_next_receipt(larger):
    rooms(larger)
    done(larger.desk, "agenda", "fill", "presentasi")
    publish(larger)
    larger.join("Juri 3")
    file = larger.file("Juri 3", "kunci")
    done(larger.desk, "merge", file)

    done(larger.desk, "agenda", "swap", "presentasi", "1", "12")
    assert done(larger.desk, "agenda", "announce") == {"signed": True}
    assert done(larger.desk, "agenda", "announce") == {"signed": False}
    receipt = larger.folder / "tanda-terima.kipp"
    done(larger.desk, "merge", file, "--receipt", receipt)
    done(larger.home("Juri 3"), "merge", receipt)

    shown = done(larger.home("Juri 3"), "agenda", "show")
    assert shown["sessions"][0]["lines"][0]["number"] == "12"


def test_the_moderator_records_the_day_and_a_restart_keeps_the_clock(larger):
    rooms(larger)
    done(larger.desk, "agenda", "fill", "presentasi")

    done(larger.desk, "agenda", "record", "presentasi", "1", "start")
    done(larger.desk, "agenda", "record", "presentasi", "1", "add", "--minutes", "2")
    now = done(larger.desk, "agenda", "record", "presentasi", "1", "pause")

    room = next(item for item in now["rooms"] if item["room"] == "A")
    assert (room["now"], room["state"], room["part"]) == ("1", "paused", "video")
    assert 290 <= room["remaining"] <= 300
    wrong = kipp(larger.desk, "agenda", "record", "presentasi", "1", "start")
    assert wrong.code == "bad-event"


def test_clashes_and_entries_without_a_time_are_shown(larger):
    done(larger.desk, "agenda", "add", "presentasi", "--day", "2021-03-16", "--room", "A",
         "--start", "08.30", "--end", "10.30")  # fmt: skip
    done(larger.desk, "agenda", "add", "presentasi", "--day", "2021-03-16", "--room", "B",
         "--start", "08.30", "--end", "10.30")  # fmt: skip
    left = done(larger.desk, "agenda", "fill", "presentasi")["left"]

    shown = done(larger.desk, "agenda", "show")

    assert left == ["9", "10", "11", "12"]
    assert shown["unscheduled"] == {"presentasi": left}
    assert {item["kind"] for item in shown["clashes"]} == {"judge"}


def test_the_agenda_is_written_as_pdf_and_spreadsheet(larger):
    rooms(larger)
    done(larger.desk, "agenda", "fill", "presentasi", "--order", "groups-lot")

    for name in ("acara.pdf", "acara.xlsx"):
        done(larger.desk, "agenda", "write", "--out", larger.folder / name)

    import pypdfium2
    import python_calamine

    document = pypdfium2.PdfDocument(larger.folder / "acara.pdf")
    text = document[0].get_textpage().get_text_range()
    assert "08.30–09.00" in text
    assert "Rehat" in text
    assert "Selasa, 16 Maret 2021" in text
    book = python_calamine.CalamineWorkbook.from_path(larger.folder / "acara.xlsx")
    assert book.sheet_names == ["16-03 A", "16-03 B"]
    document.close()


def test_results_with_an_agenda_are_verified_and_only_the_panel_gets_it(scored):
    done(scored.desk, "agenda", "add", "presentasi", *DAY, "--room", "A")
    done(scored.desk, "agenda", "fill", "presentasi", "--order", "lot")
    done(scored.desk, "agenda", "announce")
    scored.merge(scored.file("Juri 1"), scored.file("Juri 2"))
    out = scored.folder / "hasil"
    done(scored.desk, "publish", "--out", out)

    whole, public = (zipfile.ZipFile(out / name) for name in ("hasil.kipp", "hasil-publik.kipp"))
    ledger = whole.read(f"ledgers/{_desk(scored)}.ndjson").splitlines()
    cited = [json.loads(line)["body"]["agenda"] for line in ledger if b'"kind":"agenda"' in line]

    assert len(cited) == 1
    assert f"blobs/{cited[0]}" in whole.namelist()
    assert f"blobs/{cited[0]}" not in public.namelist()
    for name in ("hasil.kipp", "hasil-publik.kipp"):
        assert done(scored.desk, "verify", out / name)["recomputed"]
    assert kipp(scored.desk, "check").status == 0
    whole.close()
    public.close()


def _desk(made):
    home = Home(Context(made.desk))
    return home.choose().desk


def test_the_list_of_judges_left_follows_the_assignment(larger):
    home = Home(Context(larger.desk))
    with home.open(home.choose()) as panel:
        assigning.assign_random(home, panel, "presentasi", 2)
        view = assigning.assignment_view(panel, "presentasi")

    assert view.least == 2
    assert {item.total for item in view.entries} == {4}
    assert sum(load.entries for load in view.loads) == 24
    assert [load.conflicts for load in view.loads] == [8, 0, 0, 0]
