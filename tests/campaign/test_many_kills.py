"""The kills of ``tests/crash``, a thousand times."""

from tests.crash.kills import kill_many
from tests.flow.kipp import Competition


def test_a_thousand_kills_lose_nothing(tmp_path):
    competition = Competition(tmp_path).create()
    competition.join("Juri 1")

    toll = kill_many(competition.home("Juri 1"), 1000)

    assert toll.kills == 1000
    assert toll.missing == []
    assert toll.unsound == []
