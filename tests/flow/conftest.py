"""Competitions that several tests start from; each gets a copy of its own."""

import pytest

from tests.flow.kipp import Competition, clean_environment

clean_environment()


@pytest.fixture(scope="session")
def _planned(tmp_path_factory):
    return Competition(tmp_path_factory.mktemp("planned")).create()


@pytest.fixture(scope="session")
def _scored(_planned, tmp_path_factory):
    """Both judges have joined, were admitted, and have handed in; nothing of it is merged."""
    scored = _planned.copy(tmp_path_factory.mktemp("scored"))
    scored.admitted("Juri 1")
    scored.admitted("Juri 2")
    return scored


@pytest.fixture(scope="session")
def _published(_scored, tmp_path_factory):
    published = _scored.copy(tmp_path_factory.mktemp("published"))
    published.merge(published.file("Juri 1"), published.file("Juri 2"))
    from tests.flow.kipp import done

    published.results = done(published.desk, "publish", "--out", published.folder / "hasil")
    return published


@pytest.fixture
def planned(_planned, tmp_path):
    return _planned.copy(tmp_path)


@pytest.fixture
def scored(_scored, tmp_path):
    return _scored.copy(tmp_path)


@pytest.fixture
def published(_published, tmp_path):
    copy = _published.copy(tmp_path)
    copy.results = _published.results
    return copy
