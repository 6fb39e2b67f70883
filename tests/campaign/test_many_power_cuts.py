"""The power cuts of ``tests/crash``, until 750 disks were examined."""

import pytest

from tests.crash.power import cut_power
from tests.flow.kipp import Competition


@pytest.fixture
def judge(tmp_path):
    competition = Competition(tmp_path).create()
    competition.join("Juri 1")
    competition.score("Juri 1")
    return competition.home("Juri 1")


def test_750_power_cuts_lose_nothing(judge):
    toll = cut_power(judge, 750)

    assert toll.kills == 750
    assert toll.missing == []
    assert toll.unsound == []
