"""Rules of the fold that need a desk with its files: each as a short history, told by hand.

At its end every history is also given to a second desk and compared with the slow fold.
"""

import pytest

from kipp_desktop.exchange.bundle import write_bundle
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.services.panel import Panel
from tests.examples import COMPETITION, DESK, HASH, Author
from tests.flow.test_histories import BLOBS, Histories

SEVEN = ("r", {"c": "7"})


@pytest.fixture
def history():
    made = Histories()
    yield made
    made.teardown()


def score(history, name, mark="7"):
    history.score(name, "presentasi", "e1", ("r", {"c": mark}))
    history.hand_in({name}, at_once=True)


def write(history, name, kind, **fields):
    """Sign a record at a laptop, and bring it to the desk."""
    record = history.authors[name].write(kind, **fields)
    history.hand_in({name}, at_once=True)
    return record


def type_paper(history, name="t1"):
    history.type_paper(name, "e1", SEVEN, "juri-5")
    history.hand_in({name}, at_once=True)
    return history.authors[name].head


def close(history):
    history.close("presentasi", older=False, wait=False, revoked=None)


def accept(history, record, counts):
    history.tell("acceptance", record=record.id, counts=counts)
    history.closed.clear()  # what the desk accepts moves a closed stage


def counts(history):
    """Return whose sheets count, and how they came."""
    rows = history.panel.projection.counted_details("presentasi")
    return {(judge, how) for _, judge, _, _, _, _, how in rows}


def stopped(history):
    rows = history.panel.projection.stopped("presentasi")
    return {(judge, rule) for judge, _, _, _, rule in rows}


def test_a_paper_check_behind_the_closing_counts_only_if_the_desk_accepts_it(history):
    sheet = type_paper(history)
    close(history)
    check = write(history, "t1", "paper-check", judge="juri-5", sheet=sheet)

    late = counts(history)
    accept(history, check, counts=False)
    history.read_without_a_home(history.panel)
    refused = counts(history)
    accept(history, check, counts=True)

    assert late == refused == set()
    assert counts(history) == {("juri-5", "paper-checked")}


def test_a_paper_check_by_no_clerk_or_for_another_judge_is_none(history):
    sheet = type_paper(history)
    write(history, "l3", "paper-check", judge="juri-5", sheet=sheet)
    write(history, "t1", "paper-check", judge="juri-1", sheet=sheet)

    assert stopped(history) == {("juri-5", "typed-once")}


def test_an_abstention_behind_the_closing_counts_only_if_the_desk_accepts_it(history):
    score(history, "l1")
    close(history)
    record = write(history, "l1", "abstention", judge="juri-1", stage="presentasi", entries=["e1"])

    late = counts(history)
    accept(history, record, counts=False)
    refused = counts(history)
    accept(history, record, counts=True)

    assert late == refused == {("juri-1", "laptop")}
    assert stopped(history) == {("juri-1", "abstained")}


def test_a_closing_that_came_before_the_head_it_cites_counts_what_a_key_typed_before_it(history):
    history.type_twice("e1", SEVEN, None, "juri-1")
    history.hand_in({"t1", "t2"}, at_once=True)
    history.type_twice("e1", SEVEN, None, "juri-5")
    history.hand_in({"t1", "t2"}, at_once=True)
    close(history)
    first, last, closing = history.files[-3:]

    with Panel(history.folder / "lain", COMPETITION, DESK) as other:
        for path in (history.files[0], first, closing, last):
            take_bundle(other, path)
        counted = other.projection.counted_details("presentasi")

    assert counts(history) == {("juri-1", "paper-twice"), ("juri-5", "paper-twice")}
    assert counted == history.panel.projection.counted_details("presentasi")


def test_a_sheet_is_of_the_person_for_whom_its_key_was_admitted(history):
    history.tell("revocation", key=history.authors["l4"].id, head=None)
    history.admit("x", "juri-4")  # it says that it is the third judge's
    score(history, "x", "1")
    score(history, "x", "7")

    assert counts(history) == {("juri-4", "laptop")}
    assert stopped(history) == {("juri-4", "replaced")}


@pytest.mark.parametrize("kind", ["receipt", "closing", "results"])
def test_what_the_desk_cites_and_does_not_hold_is_lacking(history, kind):
    key = history.authors["l1"].id
    fields = {"plan": history.panel.state.plan.id} if kind != "receipt" else {}

    history.tell(kind, heads={key: HASH}, **fields)

    assert history.panel.lacking() == [key]


def test_a_fork_counts_to_its_last_shared_record_until_it_is_settled(history):
    score(history, "l1", "1")
    history.restore_an_old_copy("l1", keep=1, entry="e1", mark="9")
    history.hand_in({"l1"}, at_once=True)
    key, branch = history.authors["l1"].id, history.authors["l1"].head

    forked = counts(history)
    history.tell("revocation", key=key, head=branch)

    assert forked == set()
    assert history.panel.state.unsettled == ()
    assert [row[2] for row in history.panel.counted("presentasi")] == [90]


def test_after_two_ledgers_of_the_desk_differ_it_says_nothing_more(history):
    desk = history.desk
    other = Author("desk", lines=list(desk.lines), records=list(desk.records))
    history.tell("entry-status", entry="e1", status="absent")
    other.write("entry-status", entry="e2", status="absent")
    path = history.folder / "lain.kipp"
    write_bundle(path, competition=COMPETITION, purpose="receipt", ledgers=[other.ledger()],
                 blobs=BLOBS)  # fmt: skip
    history.files.append(path)
    history.carried[path] = [list(other.records)]
    history.take(history.panel, path)

    history.tell("entry-status", entry="e3", status="absent")

    assert history.panel.desk_forked == len(other.records) - 1
    assert history.panel.state.statuses == {}
