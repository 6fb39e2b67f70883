"""Work off the window's thread: one database thread, and two threads for work without a database.

The database belongs to one thread; every service call goes there, in order. Work is a function of a
:class:`TaskContext`, through which it tells its progress and learns that it is to stop; it never
touches a widget. Its result comes back as a call in the window's thread.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from kipp_desktop.errors import KippError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.texts import Text

T = TypeVar("T")
PURE_THREADS: Final = 2


class Cancelled(Exception):  # noqa: N818 (no error: the user asked for it)
    """The user stopped the work; raised inside it by :meth:`TaskContext.progress`."""


class TaskContext:
    """What work may say and ask while it runs; safe to use from its thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self.fraction = 0.0
        self.text: Text | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next :meth:`progress`."""
        self._cancelled.set()

    def progress(self, fraction: float, text: Text | None = None) -> None:
        """Say how much is done (0 to 1) and what is being done.

        :raises Cancelled: when the user asked to stop. Let it pass: transactions roll back on it.
        """
        self.fraction, self.text = fraction, text or self.text
        if self.cancelled:
            raise Cancelled


class Task(Generic[T]):
    """One piece of work, from the queue to its result."""

    def __init__(
        self,
        work: Callable[[TaskContext], T],
        done: Callable[[T], None] | None,
        failed: Callable[[KippError], None] | None,
        owner: QObject | None,
        title: Text | None,
    ) -> None:
        self.work, self.done, self.failed = work, done, failed
        self.owner, self.title = owner, title
        self.context = TaskContext()
        self.result: T | None = None
        self.error: BaseException | None = None

    def cancel(self) -> None:
        """Ask the work to stop; if it has not begun, it never will."""
        self.context.cancel()

    def carry_out(self) -> None:
        """Do the work, in whatever thread this is; never raises."""
        try:
            if self.context.cancelled:
                raise Cancelled
            self.result = self.work(self.context)
        except BaseException as error:  # noqa: BLE001 (judged in the window's thread)
            self.error = error


class _Line:
    """A queue and the threads that work it off; the threads start with the first task."""

    def __init__(self, name: str, threads: int, finished: Callable[[Task[Any]], None]) -> None:
        self._queue: SimpleQueue[Task[Any] | None] = SimpleQueue()
        self._finished = finished
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{i + 1}", daemon=True)
            for i in range(threads)
        ]
        self._started = False

    def put(self, task: Task[Any]) -> None:
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        self._queue.put(task)

    def stop(self) -> None:
        if self._started:
            for _ in self._threads:
                self._queue.put(None)
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        while (task := self._queue.get()) is not None:
            task.carry_out()
            self._finished(task)


class Tasks(QObject):
    """The window's workers. Make one in the window's thread; :meth:`stop` it at the end."""

    begun = Signal(object)
    """A :class:`Task` was put into its queue."""
    ended = Signal(object)
    """A :class:`Task` is over, and its callbacks have run."""
    _came_back = Signal(object)

    def __init__(
        self,
        show_error: Callable[[KippError], None],
        show_stopped: Callable[[], None],
        crash: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._show_error, self._show_stopped, self._crash = show_error, show_stopped, crash
        self._database = _Line("database", 1, self._came_back.emit)
        self._pure = _Line("pure", PURE_THREADS, self._came_back.emit)
        self._came_back.connect(self._deliver)
        self.running: list[Task[Any]] = []

    def run(
        self,
        work: Callable[[TaskContext], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[KippError], None] | None = None,
        *,
        owner: QObject | None = None,
        title: Text | None = None,
        pure: bool = False,
    ) -> Task[T]:
        """Do ``work`` in the database thread and call ``done`` with its result in the window's.

        A ``KippError`` goes to ``failed``, or to the window's message bar; anything else that is
        raised is our fault and goes to the crash dialog. When ``owner`` is gone by then, nobody is
        called. ``title`` is shown while the work lasts. ``pure`` work uses no database and may run
        beside it.
        """
        task = Task(work, done, failed, owner, title)
        self.running.append(task)
        self.begun.emit(task)
        (self._pure if pure else self._database).put(task)
        return task

    @property
    def busy(self) -> bool:
        """Whether anything is waiting or running."""
        return bool(self.running)

    def stop(self) -> None:
        """Wait for everything that was put in, then end the threads."""
        self._database.stop()
        self._pure.stop()

    @Slot(object)
    def _deliver(self, task: Task[Any]) -> None:
        self.running.remove(task)
        try:
            if task.owner is None or shiboken6.isValid(task.owner):
                self._tell(task)
        finally:
            self.ended.emit(task)

    def _tell(self, task: Task[Any]) -> None:
        error = task.error
        if error is None:
            if task.done is not None:
                task.done(task.result)
        elif isinstance(error, Cancelled):
            self._show_stopped()
        elif isinstance(error, KippError):
            (task.failed or self._show_error)(error)
        else:
            self._crash(error)
