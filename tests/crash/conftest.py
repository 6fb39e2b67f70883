"""A judge's home to break."""

import pytest

from tests.flow.kipp import Competition


@pytest.fixture(scope="session")
def judges_marked_home(tmp_path_factory):
    """The home of a judge who has signed every sheet. Copy it before you write to it."""
    competition = Competition(tmp_path_factory.mktemp("marked")).create()
    competition.join("Juri 1")
    competition.score("Juri 1")
    return competition.home("Juri 1")
