"""Every signed record is said in words that a person reads."""

import pytest

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.domain.records import DECISIONS, FIELDS
from kipp_desktop.services.audit import KINDS, Names, sentence
from tests.examples import BODIES

NAMES = Names({"e1": "12"}, {"juri-1": "Juri 1"}, {"presentasi": "Presentasi"}, {"umum": "Umum"})


def say(kind, **changes):
    body = {**BODIES[kind], **changes}
    return Catalogue.load("en").say(sentence(kind, body, NAMES))


def test_every_kind_of_record_has_a_name():
    assert set(KINDS) == set(FIELDS)


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_every_kind_of_record_is_a_whole_sentence(kind):
    said = say(kind)

    assert said[0].isupper() or said.startswith("Juri")
    assert "{" not in said


@pytest.mark.parametrize("about", DECISIONS)
@pytest.mark.parametrize("method", ["lot", "plenary", None])
def test_every_decision_gives_its_reason(about, method):
    said = say(
        "decision", about=about, method=method, reason="Dampak lebih luas", stage="presentasi"
    )

    assert "Dampak lebih luas" in said


def test_a_sheet_names_its_entry_and_its_marks_as_the_language_writes_them():
    said = Catalogue.load("id").value(sentence("score-sheet", BODIES["score-sheet"], NAMES))

    assert "12" in said
    assert "7,5" in said
    assert "Presentasi" in said


def test_a_withdrawn_a_corrected_and_a_first_sheet_are_told_apart():
    first = say("score-sheet")
    corrected = say("score-sheet", supersedes="ab" * 32, reason="Salah ketik")
    withdrawn = say("score-sheet", marks=None, supersedes="ab" * 32, reason="Salah inovasi")

    assert len({first, corrected, withdrawn}) == 3
    assert "Salah ketik" in corrected
    assert "Salah inovasi" in withdrawn


def test_a_key_admitted_without_comparing_says_so():
    assert say("admission", compared="none") != say("admission", compared="words")
    assert "without comparing" in say("admission", compared="none")


def test_a_person_who_is_not_in_the_plan_is_shown_by_id():
    said = str(sentence("paper-check", {"judge": "p-unknown", "sheet": "ab" * 32}, NAMES))

    assert "p-unknown" in said
