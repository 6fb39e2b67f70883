"""Merging: any order and any number of times, a projection made anew, a database from yesterday."""

import itertools
import random
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.words import words_of
from kipp_desktop.services import admission, desk, inbox, joining, keeping, setup, standing
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.flow.kipp import CRITERIA, MARKS, done, marks_table

JUDGES = tuple(MARKS)


class Pool:
    """A desk that has merged nothing, and every file that the judges ever handed in."""

    def __init__(self, competition):
        self.desk = competition.desk
        self.files = []
        for name in JUDGES:
            self._judge(competition, name)
        typist = competition.copy(competition.folder.with_name("typist"))
        done(typist.desk, "join", typist.package, "--as", "Petugas 2", "--no-passphrase",
             "--out", typist.folder / "p.kipp")  # fmt: skip
        source = marks_table(typist.folder / "k.csv", {"02": (4,) * 5, "03": (9,) * 5})
        who = ("--person", "Petugas 2")
        done(typist.desk, "scores", "import", source, "--as", "Juri 1", *who)
        done(typist.desk, "scores", "submit", "--all", "--as", "Juri 1", *who)
        self._hand_in(typist.desk, competition, *who)
        done(typist.desk, "paper", "check", "--as", "Juri 1", "--all", *who)
        self._hand_in(typist.desk, competition, *who)

    def _judge(self, competition, name):
        competition.join(name)
        home = competition.home(name)
        self._hand_in(home, competition)
        for turn, numbers in enumerate((["01"], ["01", "02", "03"], ["02"])):
            given = {n: [max(1, m - turn) for m in MARKS[name][n]] for n in numbers}
            table = marks_table(competition.folder / "n.csv", given)
            done(home, "scores", "import", table)
            done(home, "scores", "submit", "--all", "--reason", "Diperbaiki")
            self._hand_in(home, competition)
        done(home, "abstain", "--entry", "03", "--why", "conflict", "--reason", "Keluarga")
        self._hand_in(home, competition)

    def _hand_in(self, home, competition, *who):
        path = competition.folder / f"berkas-{len(self.files):02}.kipp"
        done(home, "hand-in", "--out", path, *who)
        self.files.append(path)


@pytest.fixture(scope="module")
def pool(_planned, tmp_path_factory):
    return Pool(_planned.copy(tmp_path_factory.mktemp("pool") / "x"))


def open_home(folder):
    """A home whose clock ticks a second a look, and whose randomness is always the same."""
    ticks = itertools.count()
    start = datetime(2021, 3, 16, 8, tzinfo=UTC)
    return Home(
        Context(
            folder,
            clock=lambda: start + timedelta(seconds=next(ticks)),
            randomness=random.Random(7).randbytes,
        )
    )


def admit_all(home, panel):
    for key, _ in inbox.waiting_keys(panel):
        admission.admit(home, panel, key, words_of(key))


def state(panel):
    """What the members' records have become; the desk's own receipts depend on the order."""
    rows = {
        table: [row for row in found if panel.desk not in row]
        for table, found in panel.projection.dump().items()
    }
    return rows, standing.standing(panel), standing.status(panel)


def run(pool, folder, order, admit_after):
    """Merge files (by position) in an order; admit whoever waits after so many of them."""
    shutil.copytree(pool.desk, folder)
    home = open_home(folder)
    with home.open(home.choose()) as panel:
        for number, position in enumerate(order):
            if number in admit_after:
                admit_all(home, panel)
            merged = inbox.merge(home, panel, [pool.files[position]])
            assert not merged.refused
        admit_all(home, panel)
        return home, state(panel)


@pytest.fixture(scope="module")
def expected(pool, tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected") / "x"
    found = run(pool, folder, range(len(pool.files)), ())[1]
    rows = found[0]
    assert len(rows["sheet"]) == 12
    assert len(rows["counted"]) == 4
    return found


orders = st.builds(
    lambda more, last, cut: [*more, *last][:cut] + last,
    st.lists(st.integers(0, 11), max_size=6),
    st.permutations(range(12)),
    st.integers(0, 18),
)
slow = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def test_the_pool_is_what_the_orders_are_about(pool):
    assert len(pool.files) == 12


@slow
@given(order=orders, admit_after=st.sets(st.integers(0, 20), max_size=3))
def test_any_order_and_repetition_of_merges_gives_the_same_state(
    pool, expected, tmp_path_factory, order, admit_after
):
    _, found = run(pool, tmp_path_factory.mktemp("order") / "x", order, admit_after)

    assert found == expected


@slow
@given(order=orders, admit_after=st.sets(st.integers(0, 20), max_size=2))
def test_the_projection_is_what_a_rebuild_makes(pool, tmp_path_factory, order, admit_after):
    home, _ = run(pool, tmp_path_factory.mktemp("rebuild") / "x", order, admit_after)
    with home.open(home.choose()) as panel:
        before = panel.projection.dump()

        panel.rebuild()

        assert panel.projection.dump() == before
        assert all(item.ok for item in keeping.check(home, panel))


@slow
@given(order=st.permutations(range(12)), cut=st.integers(0, 11))
def test_a_database_from_yesterday_loses_nothing_that_was_signed(
    pool, tmp_path_factory, order, cut
):
    folder = tmp_path_factory.mktemp("yesterday") / "x"
    shutil.copytree(pool.desk, folder)
    home = open_home(folder)
    listed = home.choose()
    with home.open(listed) as panel:
        inbox.merge(home, panel, [pool.files[position] for position in order[:cut]])
    database = listed.folder / "panel.sqlite"
    old = database.read_bytes()
    with home.open(listed) as panel:
        inbox.merge(home, panel, [pool.files[position] for position in order[cut:]])
        admit_all(home, panel)
        signed = panel.projection.dump()

    database.write_bytes(old)

    with home.open(listed) as panel:
        assert panel.projection.dump() == signed
        assert all(item.ok for item in keeping.check(home, panel))


def test_a_sheet_that_cites_the_rubric_of_a_later_plan_is_read_when_that_plan_comes(planned):
    words = planned.join("Juri 1")["words"]
    done(planned.desk, "admit", planned.file("Juri 1", "kunci"), "--words", words)
    at_desk, at_judge = open_home(planned.desk), open_home(planned.home("Juri 1"))
    with at_desk.open(at_desk.choose()) as panel:
        table = {**panel.setup.rubrics[0].as_json(), "name": "Rubrik kedua"}
        later, entry = read_rubric(table), panel.setup.entries[0].id
    body = {
        "check": None,
        "comments": {},
        "entry": entry,
        "feedback": "",
        "marks": dict.fromkeys(CRITERIA, "7"),
        "reason": None,
        "rubric": later.fingerprint,
        "stage": "presentasi",
        "supersedes": None,
    }
    with at_judge.open(at_judge.choose()) as panel:
        card = at_judge.card(panel.competition, "member")
        panel.sign(at_judge.unlock(card), "2021-03-16T09:00:00+07:00", [("score-sheet", body)])
        joining.write_hand_in(panel, card, planned.file("Juri 1"))

    with at_desk.open(at_desk.choose()) as panel:
        inbox.merge(at_desk, panel, [planned.file("Juri 1")])
        assert panel.projection.counted("presentasi") == []
        rules = panel.workbench.document("rules")
        rules["stages"][0]["rubric"] = later.fingerprint
        panel.workbench.set_document("rules", rules)
        panel.workbench.set_document("rubrics", [table])
        setup.publish_plan(at_desk, panel, planned.package)

        assert len(panel.projection.counted("presentasi")) == 1
        assert all(item.ok for item in keeping.check(at_desk, panel))


def test_a_ledger_that_the_disk_changed_is_not_signed_again(planned):
    home = open_home(planned.desk)
    with home.open(home.choose()) as panel:
        path = panel.folder / "ledgers" / f"{panel.desk}.ndjson"
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

        with pytest.raises(KippError) as refused:
            desk.record_status(home, panel, "01", "absent", "Tidak hadir")

    assert refused.value.code == "damaged-ledger"
    assert path.read_bytes() == data
