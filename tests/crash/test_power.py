"""The power goes on a judge's laptop: nothing that was acknowledged is missing."""

import shutil

import pytest

from tests.crash.power import cut_power


@pytest.fixture
def judge(judges_marked_home, tmp_path):
    """A fresh copy of a judge's home in which every sheet is signed: each act corrects one."""
    return shutil.copytree(judges_marked_home, tmp_path / "home")


def test_sixty_power_cuts_lose_no_acknowledged_mark_and_no_signed_record(judge):
    toll = cut_power(judge, 60)

    assert toll.kills == 60
    assert toll.missing == []
    assert toll.unsound == []
    assert toll.marks > 0
    assert toll.records > 0


@pytest.mark.parametrize("weakness", ["--sync-seldom", "--acknowledge-first"])
def test_the_same_cuts_catch_a_program_that_promises_too_early(judge, weakness):
    toll = cut_power(judge, 60, weakness)

    assert toll.missing != []
    assert toll.unsound == []
