from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kipp_desktop.assets import read_bytes, read_text

LEAVES = ["kebaruan", "efektif", "bermanfaat", "transfer", "berkelanjutan"]
ABSENT = "44"
SOUNDS_ALIKE = (
    ("sy", "s"),
    ("kh", "h"),
    ("v", "p"),
    ("f", "p"),
    ("z", "j"),
    ("q", "k"),
    ("x", "ks"),
)


def toml(*names: str) -> dict[str, Any]:
    return tomllib.loads(read_text("resources", *names))


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_text("resources", "sample", name)), strict=True))


def words() -> list[str]:
    return read_text("resources", "words", "id.txt").split("\n")[:-1]


def sound(word: str) -> str:
    for written, heard in SOUNDS_ALIKE:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", word)


def one_slip_away(word: str) -> set[str]:
    """Every string that shares a slip with ``word``: it with one letter less, or two swapped.

    Two words that are one letter added, dropped or changed apart share a string with a gap
    ("_" stands for the letter that was changed).
    """
    gaps = {word[:i] + "_" + word[i + 1 :] for i in range(len(word))}
    shorter = {word[:i] + word[i + 1 :] for i in range(len(word))}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return gaps | shorter | swapped | {word}


def clashes(strings: list[str]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    found = []
    for string in strings:
        gaps = {near for near in one_slip_away(string) if "_" in near}
        found += [(seen[near], string) for near in gaps if near in seen]
        seen.update(dict.fromkeys(gaps, string))
    whole = Counter(strings)
    found += [(string, string) for string, times in whole.items() if times > 1]
    for string in strings:
        near = {other for other in one_slip_away(string) if "_" not in other} - {string}
        found += [(string, other) for other in near if other in whole]
    return found


def test_the_word_list_is_that_of_format_1() -> None:
    digest = hashlib.sha256(read_bytes("resources", "words", "id.txt")).hexdigest()

    assert digest == "325075c3d644313c204175e18a40bde2ab98d71d79abcf8455be59a75b2c587d"
    decision = Path(__file__).parents[2] / "docs" / "decisions" / "0003-word-list.md"
    assert digest in decision.read_text("utf-8")


def test_the_word_list_holds_2048_sorted_words_of_four_to_eight_letters() -> None:
    listed = words()

    assert len(listed) == 2048
    assert listed == sorted(set(listed))
    assert all(re.fullmatch(r"[a-z]{4,8}", word) for word in listed)


@pytest.mark.parametrize(
    ("one", "other"), [("batu", "bata"), ("batu", "bat"), ("batu", "abtu"), ("batu", "batu")]
)
def test_one_slip_is_seen(one: str, other: str) -> None:
    assert clashes([one, other])


def test_two_slips_are_no_clash() -> None:
    assert clashes(["batu", "bulu", "tuba", "batuan"]) == []


def test_no_slip_turns_a_word_into_another() -> None:
    assert clashes(words()) == []


def test_no_slip_turns_the_sound_of_a_word_into_that_of_another() -> None:
    assert clashes([sound(word) for word in words()]) == []


def test_five_letters_tell_a_word_and_none_begins_another() -> None:
    listed = words()

    assert len({word[:5] for word in listed}) == len(listed)
    assert not [pair for pair in pairwise(listed) if pair[1].startswith(pair[0])]


@pytest.mark.parametrize("style", ["Regular", "Bold", "SemiBold", "Italic"])
def test_the_fonts_are_truetype_and_carry_their_licence(style: str) -> None:
    font = read_bytes("resources", "fonts", f"SourceSans3-{style}.ttf")

    assert font.startswith(b"\x00\x01\x00\x00")
    assert "SIL OPEN FONT LICENSE" in read_text("resources", "fonts", "OFL.txt")


def test_the_malang_rubric_has_its_five_leaves_of_equal_weight() -> None:
    rubric = toml("rubrics", "malang-2021.toml")

    assert set(rubric) == {"id", "name", "source", "total", "scale", "criterion"}
    assert (rubric["id"], rubric["total"]) == ("malang-2021", "percent")
    assert rubric["scale"] == {"min": "1", "max": "10", "step": "1"}
    assert [leaf["id"] for leaf in rubric["criterion"]] == LEAVES
    for leaf in rubric["criterion"]:
        assert set(leaf) == {"id", "name", "weight", "description", "marked_by", "levels"}
        assert (leaf["weight"], leaf["marked_by"]) == ("20", "judge")


def test_the_levels_of_every_criterion_cover_the_scale_without_overlap() -> None:
    for leaf in toml("rubrics", "malang-2021.toml")["criterion"]:
        covered = [
            mark
            for level in leaf["levels"]
            for mark in range(int(level["from"]), int(level["to"]) + 1)
        ]

        assert covered == list(range(1, 11))
        assert len({level["text"] for level in leaf["levels"]}) == 4


def test_the_preset_leaves_only_the_naming_to_the_secretariat() -> None:
    preset = toml("presets", "kota.toml")

    rules = {"groups", "ties", "rounding", "stage", "award", "checklist"}
    assert set(preset) == rules | {"panel_name", "paper"}
    assert preset["checklist"] == "kipp"
    assert preset["ties"] == ["criterion:efektif", "plenary", "lot"]
    assert preset["rounding"] == {"digits": 2, "when": "print"}
    presentation, field = preset["stage"]
    assert presentation == {
        "id": "presentasi",
        "kind": "presentation",
        "rubric": "malang-2021",
        "between_judges": "mean",
        "missing": "block",
        "min_judges": 1,
        "combine": "weighted",
        "weight": "100",
        "slot": [
            {"part": "video", "minutes": 3},
            {"part": "paparan", "minutes": 7},
            {"part": "wawancara", "minutes": 20},
        ],
    }
    assert field == {"id": "verifikasi", "kind": "field", "combine": "confirm"}
    assert [(award["tier"], award["size"]) for award in preset["award"]] == [
        ("Top 6", 6),
        ("Top 3", 3),
    ]


@pytest.mark.parametrize("names", [("templates", "kompetisi.toml"), ("sample", "kompetisi.toml")])
def test_a_competition_file_is_the_preset_with_its_own_names(names: tuple[str, str]) -> None:
    competition = toml(*names)
    preset = toml("presets", "kota.toml")

    own = {"name", "organiser", "year", "place", "legal_basis", "decrees", "signatories"}
    assert set(competition) - {"person", "registration_closes"} == set(preset) | own | {
        "letterhead"
    }
    assert {key: competition[key] for key in preset} == preset
    assert "contoh" in competition["name"].lower()
    assert [signatory["name"] for signatory in competition["signatories"]] == [""]


def test_the_sample_holds_46_entries_with_their_sources() -> None:
    entries = table("entries.csv")

    assert [entry["no"] for entry in entries] == [str(number) for number in range(1, 47)]
    assert len({entry["judul_inovasi"].casefold() for entry in entries}) == 46
    assert all(entry["instansi"] and entry["sumber"] for entry in entries)
    assert max(len(entry["judul_inovasi"]) for entry in entries) > 100


def test_the_people_of_the_sample_are_nobody() -> None:
    people = table("people.csv")

    roles = Counter(role for person in people for role in person["peran"].split("; "))
    assert roles == {"juri": 5, "ketua": 1, "sekretaris": 1, "petugas": 2, "verifikator": 1}
    assert all(re.fullmatch(r"(Juri|Petugas|Verifikator) \d|Sekretaris", p["nama"]) for p in people)
    assert not any(person["nip"] or person["telepon"] for person in people)


def test_every_judge_marked_every_entry_that_was_there_but_the_one_of_the_conflict() -> None:
    entries, people, marks = table("entries.csv"), table("people.csv"), table("marks.csv")
    agency_of = {entry["no"]: entry["instansi"] for entry in entries}
    conflicts = {(p["nama"], p["benturan"]) for p in people if p["benturan"]}

    expected = [
        (person["nama"], entry["no"])
        for person in people
        for entry in entries
        if "juri" in person["peran"]
        and entry["no"] != ABSENT
        and (person["nama"], entry["instansi"]) not in conflicts
    ]
    assert [(sheet["judge"], sheet["nomor"]) for sheet in marks] == expected
    assert len(expected) == 44 * 5 + 4
    assert {agency for _, agency in conflicts} <= set(agency_of.values())


def test_every_mark_of_the_sample_is_on_the_scale() -> None:
    marks = table("marks.csv")

    assert list(marks[0]) == ["judge", "nomor", *LEAVES, "catatan"]
    assert {sheet[leaf] for sheet in marks for leaf in LEAVES} <= {str(n) for n in range(1, 11)}


def test_the_sample_ranks_as_its_readme_says_and_effectiveness_splits_every_tie() -> None:
    sheets: dict[str, list[dict[str, str]]] = {}
    for sheet in table("marks.csv"):
        sheets.setdefault(sheet["nomor"], []).append(sheet)

    ranked = sorted(
        (
            (
                Fraction(sum(2 * int(s[leaf]) for s in own for leaf in LEAVES), len(own)),
                Fraction(sum(int(s["efektif"]) for s in own), len(own)),
                number,
            )
            for number, own in sheets.items()
        ),
        reverse=True,
    )

    assert [number for _, _, number in ranked[:9]] == "15 26 21 16 6 40 23 11 3".split()
    assert len({score for score, _, _ in ranked[:7]}) == 7
    assert ranked[7][0] == ranked[8][0]
    assert len({(score, effective) for score, effective, _ in ranked}) == len(ranked) == 45
    readme = re.findall(
        r"^\| (\d) \| (\d+) \| .* \| (\d+),(\d\d) \|$", sample_readme(), re.MULTILINE
    )
    assert readme == [
        (str(place), number, *f"{float(score):.2f}".split("."))
        for place, (score, _, number) in enumerate(ranked[:7], 1)
    ]


def sample_readme() -> str:
    return read_text("resources", "sample", "README.md")
