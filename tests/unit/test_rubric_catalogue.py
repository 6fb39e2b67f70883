"""Every rubric that comes with the program: its facts, and what it says of its source."""

import tomllib
from fractions import Fraction

import pytest

from kipp_desktop.assets import asset
from kipp_desktop.domain.rubric import read_rubric

FOLDER = asset("resources", "rubrics")
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name):
    return read_rubric(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))


def weights(rubric):
    return [criterion.weight for criterion in rubric.criteria]


def test_the_catalogue_has_the_rubrics_that_are_known():
    assert NAMES == [
        "iga-presentasi-2023",
        "kipp-proposal-2023",
        "kovablik-presentasi",
        "malang-2021",
        "metro",
        "sulsel-2019",
        "sulsel-2022",
        "verifikasi-lapangan",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_loads_under_its_file_name_without_a_warning_and_says_what_is_ours(name):
    rubric = load(name)

    assert rubric.id == name
    assert rubric.warnings() == []
    assert any(word in rubric.source for word in ("kami", "disusun oleh KIPP Desktop"))


def test_the_published_weights_are_those_of_their_sources():
    assert weights(load("kipp-proposal-2023")) == [0, 10, 15, 5, 30, 20, 5, 15]
    assert weights(load("kovablik-presentasi")) == [30, 50, 10, 10]
    assert weights(load("sulsel-2019")) == [30, 70]
    assert weights(load("sulsel-2022")) == [30, 70]
    assert weights(load("iga-presentasi-2023")) == [30, 25, 15, 20, 10]
    assert weights(load("metro")) == [5, 5, 4, 3, 2, 2]


def test_the_attendance_of_the_head_is_marked_by_the_panel():
    rubric = load("kovablik-presentasi")

    assert [leaf.id for leaf in rubric.by_panel.leaves] == ["kehadiran"]
    assert rubric.maximum == 100


def test_metro_sums_anchored_marks_from_one_to_three_to_at_most_63():
    rubric = load("metro")

    assert (rubric.total, rubric.maximum) == ("sum", 63)
    for leaf in rubric.leaves:
        assert [leaf.criterion.level_of(Fraction(mark)) is not None for mark in (1, 2, 3)] == [
            True,
            True,
            True,
        ]


def test_the_parts_of_the_substance_share_its_seventy_percent():
    rubric = load("sulsel-2022")

    assert [leaf.coefficient * 100 for leaf in rubric.leaves] == [30, 14, 14, 14, 14, 14]
