"""A judge's laptop dies at any moment: nothing that was acknowledged is missing."""

import peewee as pw
import pytest

from kipp_desktop.storage.database import open_database, require_durable
from tests.crash.kills import kill_many
from tests.flow.kipp import Competition


@pytest.fixture(scope="module")
def judges_home(tmp_path_factory):
    competition = Competition(tmp_path_factory.mktemp("kills")).create()
    competition.join("Juri 1")
    return competition.home("Juri 1")


def test_a_hundred_kills_lose_no_acknowledged_mark_and_no_signed_record(judges_home):
    toll = kill_many(judges_home, 100)

    assert toll.kills == 100
    assert toll.missing == []
    assert toll.unsound == []
    assert toll.marks >= 100
    assert toll.records > 0


def test_the_same_kills_catch_a_program_that_acknowledges_before_it_commits(judges_home):
    toll = kill_many(judges_home, 100, "--acknowledge-first", seed=2)

    assert toll.missing != []
    assert toll.unsound == []


@pytest.mark.parametrize(
    "pragma", [("synchronous", "normal"), ("journal_mode", "delete"), ("locking_mode", "normal")]
)
def test_a_connection_that_would_lose_marks_at_a_power_cut_is_refused(tmp_path, pragma):
    database = open_database(tmp_path / "panel.sqlite")
    database.close()
    pragmas = {"locking_mode": "exclusive", "journal_mode": "wal", "synchronous": "full"}
    weak = pw.SqliteDatabase(
        str(tmp_path / "panel.sqlite"), pragmas={**pragmas, pragma[0]: pragma[1]}
    )
    weak.connect()

    with pytest.raises(RuntimeError, match="lose acknowledged marks"):
        require_durable(weak)

    weak.close()
