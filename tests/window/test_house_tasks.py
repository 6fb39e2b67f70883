from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.gui.refresh import ChangesBus
from kipp_desktop.gui.tasks import Cancelled, TaskContext, Tasks
from kipp_desktop.texts import Text


class Heard:
    def __init__(self):
        self.errors, self.stopped, self.crashes = [], 0, []

    def stop(self):
        self.stopped += 1


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def tasks(app, heard):
    made = Tasks(heard.errors.append, heard.stop, heard.crashes.append)
    yield made
    made.stop()


def wait(qtbot, tasks):
    qtbot.waitUntil(lambda: not tasks.busy)


def test_a_result_arrives_in_the_windows_thread(tasks, qtbot):
    seen = []

    tasks.run(
        lambda _context: threading.get_ident(),
        lambda ident: seen.append((ident, threading.get_ident())),
    )
    wait(qtbot, tasks)

    worker, here = seen[0]
    assert here == threading.get_ident()
    assert worker != here


def test_database_work_runs_in_one_thread_and_in_order(tasks, qtbot):
    threads, order = set(), []

    for n in range(50):
        tasks.run(lambda _c, n=n: (order.append(n), threads.add(threading.get_ident())))
    wait(qtbot, tasks)

    assert order == list(range(50))
    assert len(threads) == 1


def test_pure_work_runs_beside_the_database(tasks, qtbot):
    gate = threading.Event()

    tasks.run(lambda _c: gate.wait(10))
    tasks.run(lambda _c: gate.set(), pure=True)
    wait(qtbot, tasks)

    assert gate.is_set()


def test_a_known_failure_goes_to_the_window_unless_the_page_takes_it(tasks, qtbot, heard):
    error = KippError("no-disk", Text("The disk is full."))
    taken = []

    def fail(_context):
        raise error

    tasks.run(fail)
    tasks.run(fail, failed=taken.append)
    wait(qtbot, tasks)

    assert heard.errors == [error]
    assert taken == [error]
    assert heard.crashes == []


def test_our_fault_goes_to_the_crash_dialog(tasks, qtbot, heard):
    def fail(_context):
        raise ZeroDivisionError

    tasks.run(fail, failed=lambda _e: pytest.fail("not the page's business"))
    wait(qtbot, tasks)

    assert [type(e) for e in heard.crashes] == [ZeroDivisionError]


def test_cancelling_stops_work_at_its_next_progress(tasks, qtbot, heard):
    reached, go_on = threading.Event(), threading.Event()
    steps = []

    def work(context: TaskContext) -> None:
        steps.append("first")
        reached.set()
        go_on.wait(10)
        context.progress(0.5)
        steps.append("never")

    task = tasks.run(work, lambda _r: pytest.fail("it was cancelled"))
    reached.wait(10)
    task.cancel()
    go_on.set()
    wait(qtbot, tasks)

    assert steps == ["first"]
    assert heard.stopped == 1


def test_cancelled_before_its_turn_is_never_begun(tasks, qtbot, heard):
    gate = threading.Event()
    done = []

    tasks.run(lambda _c: gate.wait(10))
    tasks.run(done.append).cancel()
    gate.set()
    wait(qtbot, tasks)

    assert done == []
    assert heard.stopped == 1


def test_nobody_is_called_when_the_owner_is_gone(tasks, qtbot):
    owner = QObject()
    gate = threading.Event()
    told = []

    tasks.run(lambda _c: gate.wait(10), told.append, owner=owner)
    from shiboken6 import delete

    delete(owner)
    gate.set()
    wait(qtbot, tasks)

    assert told == []


def test_a_callback_that_fails_does_not_stop_the_next(tasks, qtbot):
    told = []

    def bad(_result):
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        tasks.run(lambda _c: 1, bad)
        tasks.run(lambda _c: 2, told.append)
        wait(qtbot, tasks)

    assert told == [2]
    assert [kind for kind, _e, _t in caught] == [ZeroDivisionError]


def test_stopping_waits_for_what_was_put_in(app, heard):
    tasks = Tasks(heard.errors.append, heard.stop, heard.crashes.append)
    written = []

    for n in range(20):
        tasks.run(lambda _c, n=n: written.append(n))
    tasks.stop()

    assert written == list(range(20))


def test_progress_of_cancelled_work_raises():
    context = TaskContext()
    context.progress(0.25, Text("Reading"))
    context.cancel()

    with pytest.raises(Cancelled):
        context.progress(0.5)
    assert context.text == Text("Reading")


def test_changes_join_and_ids_survive_only_where_both_say_them():
    one = Changes.of("drafts", entries=["e1"], persons=["p1"])
    other = Changes.of("ledgers", entries=["e2"])

    both = one | other

    assert both == Changes.of("drafts", "ledgers", entries=["e1", "e2"])
    assert "drafts" in both
    assert (Changes() | one) == one
    assert one.touches(frozenset({"drafts", "plan"}))
    assert not one.touches(frozenset({"plan"}))


def test_a_misspelt_kind_of_change_is_refused():
    with pytest.raises(ValueError, match="entrys"):
        Changes.of("entrys")


def test_results_that_carry_changes_are_published(app):
    bus, heard = ChangesBus(), []
    bus.published.connect(heard.append)

    class Merged:
        changes = Changes.of("ledgers")

    bus.publish_result(Changes.of("plan"))
    bus.publish_result(Merged())
    bus.publish_result(None)
    bus.publish_result(Changes())

    assert heard == [Changes.of("plan"), Changes.of("ledgers")]
