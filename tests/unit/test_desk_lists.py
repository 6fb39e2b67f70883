from __future__ import annotations

from dataclasses import replace

import pytest

from kipp_desktop.errors import KippError
from kipp_desktop.services import creating, desk, entries, importing, overview, people, sample
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.people import PersonLine
from kipp_desktop.services.setup import publish_plan


@pytest.fixture
def home(tmp_path):
    return Home(Context(home=tmp_path / "rumah"))


@pytest.fixture
def panel(home):
    wanted = creating.NewCompetition("KIPP", "Setda", 2026, "Aula", "laptops")
    with home.open(creating.create(home, wanted)) as opened:
        yield opened


@pytest.fixture(scope="module")
def sample_home(tmp_path_factory):
    made = Home(Context(home=tmp_path_factory.mktemp("contoh")))
    sample.create_sample(made)
    return made


def done(panel):
    return [step.key for step in overview.overview(panel).steps if step.done]


def add_entries(home, panel, tmp_path, rows="1;Sumur;Dinas PU\n2;Adminduk;Dinas Dukcapil\n"):
    table = tmp_path / "inovasi.csv"
    table.write_text("nomor;judul;instansi\n" + rows)
    importing.import_entries(home, panel, table)


def test_what_was_answered_at_the_start_is_kept(panel):
    found = overview.overview(panel)

    assert found.name == "KIPP"
    assert found.how_marked == "laptops"
    assert panel.workbench.document("competition")["place"] == "Aula"
    assert found.next_step == "entries"


def test_the_steps_are_done_one_after_the_other(home, panel, tmp_path):
    first = done(panel)
    add_entries(home, panel, tmp_path)
    second = done(panel)
    people.save_person(home, panel, PersonLine(name="Juri 1", roles=("judge",)))
    third = done(panel)
    publish_plan(home, panel, tmp_path / "paket.kipp")
    fourth = done(panel)
    add_entries(home, panel, tmp_path, "3;Pasar Bersih;Dinas Pasar\n")

    assert first == ["created"]
    assert second == ["created", "entries"]
    assert third == ["created", "entries", "panel"]
    assert fourth == ["created", "entries", "panel", "package"]
    assert done(panel) == third
    changed, parts = overview.plan_difference(panel)
    assert changed
    assert dict(parts) == {"entries": 1, "organisations": 1}


def test_an_entry_from_which_all_judges_are_barred_is_missing_in_the_panel(home, panel, tmp_path):
    add_entries(home, panel, tmp_path)

    line = PersonLine(name="Juri 1", roles=("judge",), conflicts="Dinas PU")
    people.save_person(home, panel, line)

    step = overview.overview(panel).steps[2]
    assert not step.done
    assert step.missing[0].values["numbers"] == "1"
    assert [item.left for item in people.panel_view(panel).left] == [0, 1]


@pytest.mark.parametrize(
    "line",
    [
        PersonLine(roles=("judge",)),
        PersonLine(name="Juri 1"),
        PersonLine(name="Juri 1", roles=("king",)),
        PersonLine(name=" SEKRETARIAT", roles=("judge",)),
    ],
)
def test_a_person_that_cannot_be_used_is_refused_and_nothing_is_stored(home, panel, line):
    before = people.people_lines(panel)

    with pytest.raises(KippError) as refused:
        people.save_person(home, panel, line)

    assert refused.value.code == "bad-person"
    assert people.people_lines(panel) == before


def test_a_person_is_changed_in_place_and_keeps_its_id(home, panel):
    people.save_person(home, panel, PersonLine(name="Juri 1", roles=("judge",)))
    people.save_person(home, panel, PersonLine(name="Juri 2", roles=("judge",)))
    line = people.people_lines(panel)[1]

    people.save_person(home, panel, replace(line, name="Juri Satu", nip="1", roles=("chair",)))

    found = people.people_lines(panel)
    assert [item.name for item in found] == ["Sekretariat", "Juri Satu", "Juri 2"]
    assert found[1] == replace(line, name="Juri Satu", nip="1", roles=("chair",))


def test_the_keeper_of_the_key_stays_and_stays_secretary(home, panel):
    keeper = people.people_lines(panel)[0]

    people.save_person(home, panel, replace(keeper, name="Sekretaris", roles=("judge",)))
    with pytest.raises(KippError):
        people.remove_person(panel, keeper.id)

    found = people.people_lines(panel)[0]
    assert found.name == "Sekretaris"
    assert set(found.roles) == {"judge", "secretary"}


def test_the_sample_is_made_once_and_has_something_on_every_page(sample_home):
    again = sample.create_sample(sample_home)

    assert len(sample_home.competitions()) == 1
    assert [card.name for _, card in sample_home.openings()] == ["Sekretariat", "Juri 1"]
    with sample_home.open(again) as panel:
        found = overview.overview(panel)
        lines = entries.entry_lines(panel)
        drafts = {
            row.judge
            for marker in ("member", "clerk")
            for row in _drafts(sample_home, panel, marker)
        }
    assert found.next_step == "marks"
    assert [line.number for line in lines if line.status == "absent"] == ["44"]
    assert all(line.published for line in lines)
    assert len(drafts) == 2


def _drafts(home, panel, role):
    card = home.card(panel.competition, role)
    people_here = [person.id for person in panel.setup.persons]
    return [
        row
        for judge in people_here
        for row in panel.drafts.of(card.fingerprint, judge, "presentasi").values()
    ]


def test_a_withdrawn_entry_says_why(sample_home, tmp_path):
    listed = sample_home.choose()
    with sample_home.open(listed) as panel:
        desk.record_status(sample_home, panel, "2", "withdrawn", "Surat tanggal 1 (contoh)")

        line = next(item for item in entries.entry_lines(panel) if item.number == "2")

    assert (line.status, line.reason) == ("withdrawn", "Surat tanggal 1 (contoh)")
