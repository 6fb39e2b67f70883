import tomllib
from datetime import date

import pytest

from kipp_desktop.assets import read_text
from kipp_desktop.domain.selection import (
    Candidate,
    Item,
    Winner,
    checklist_json,
    passes,
    propose,
    read_checklist,
    read_date,
)
from kipp_desktop.errors import KippError

AGE = Item("umur", "Umur", "age", ("tanggal mulai", "tahun mulai"), 1)
CLOSES = date(2021, 2, 28)


def proposed(item, columns=None, title="Sumur Resapan", twins=(), winners=()):
    found = propose(item, Candidate(title, columns or {}, twins), CLOSES, winners)
    return found.passed


@pytest.mark.parametrize("name", ["kipp", "kipp-2021"])
def test_a_checklist_of_the_catalogue_is_kept_as_it_is_read(name):
    checklist = read_checklist(tomllib.loads(read_text("resources", "checklists", f"{name}.toml")))

    assert checklist.id == name
    assert read_checklist(checklist_json(checklist)) == checklist
    assert checklist.source


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"id": "x", "name": "X"}, "no item"),
        ({"id": "x", "item": [{"id": "a", "name": "A"}]}, "“name” is missing"),
        ({"id": "x", "name": "X", "item": [{"id": "a", "name": "A"}] * 2}, "the same id"),
        ({"id": "x", "name": "X", "item": [{"id": "a", "name": "A", "check": "z"}]}, "“z”"),
        ({"id": "x", "name": "X", "item": [{"id": "a", "name": "A", "colums": []}]}, "colums"),
        ({"id": "x", "name": "X", "item": "a"}, "list of tables"),
        ({"name": "X", "item": [{"id": "a", "name": "A"}]}, "id"),
    ],
)
def test_a_bad_checklist_is_refused_with_one_sentence(table, problem):
    with pytest.raises(KippError) as refused:
        read_checklist(table)

    assert refused.value.code == "bad-checklist"
    assert problem in str(refused.value.what)


@pytest.mark.parametrize(
    ("value", "passed"),
    [
        ("2020-02-28", True),
        ("2020-02-29", False),
        ("Januari 2020", True),
        ("12/03/2019", True),
        ("1 Maret 2020", False),
        ("2019", True),
        ("2020", None),
        ("2021", False),
        ("sejak lama", None),
        ("", None),
    ],
)
def test_a_year_is_counted_back_from_the_closing_date(value, passed):
    assert proposed(AGE, {"tanggalmulai": value}) is passed


@pytest.mark.parametrize("value", ["31 Februari 2020", "99/99/2020", "2020-13-40", "13 Bulan 2020"])
def test_a_day_that_does_not_exist_is_not_guessed(value):
    found = read_date(value)

    assert found is None or found[0].year == 2020


def test_what_columns_titles_and_winners_say_is_proposed():
    filled = Item("lengkap", "Lengkap", "filled", ("judul", "ringkasan"))
    any_filled = Item("tpb", "TPB", "any-filled", ("tpb", "sdgs"))
    yes = Item("benar", "Benar", "yes", ("pernyataan",))
    once, winner = Item("judul", "Judul", "title-once"), Item("w", "W", "not-earlier-winner")
    top = (Winner("Sumur Resapan (Sumur Resap Air Hujan)", "Dinas PU", "2019", "Top 6"),)

    assert proposed(filled, {"judul": "a", "ringkasan": "b"}) is True
    assert proposed(filled, {"judul": "a", "ringkasan": ""}) is False
    assert proposed(any_filled, {"sdgs": "SDG 3"}) is True
    assert proposed(any_filled, {"sdgs": "tidak"}) is False
    assert proposed(any_filled) is None
    assert [proposed(yes, {"pernyataan": v}) for v in ("Ya", "tidak", "", "mungkin")] == [
        True, False, False, None]  # fmt: skip
    assert proposed(once) is True
    assert proposed(once, twins=("07",)) is False
    assert proposed(winner) is None
    assert proposed(winner, winners=top) is False
    assert proposed(winner, title="Pasar Bersih", winners=top) is True


def test_an_entry_passes_when_every_item_does_and_fails_with_one():
    checklist = read_checklist(
        {"id": "x", "name": "X", "item": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]}
    )

    assert passes(checklist, {}) is None
    assert passes(checklist, {"a": (True, "")}) is None
    assert passes(checklist, {"a": (False, "x")}) is False
    assert passes(checklist, {"a": (True, ""), "b": (True, "")}) is True
