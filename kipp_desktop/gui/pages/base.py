"""What a page is, and what the house gives it.

    class PeoplePage(Page):
        form = "people.ui"
        shows = frozenset({"people"})
        people_table: QTableView

        def build(self) -> None: ...   # once: models, connections, actions
        def load(self) -> None: ...    # ask for data; again after changes of what it shows
        def say_all(self) -> None: ... # texts that are not the form's

A page asks services through :meth:`House.run` only; what they return as ``Changes`` reaches every
page by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from kipp_desktop.gui import forms, icons, theme
from kipp_desktop.gui.refresh import Watch
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QObject

    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.refresh import ChangesBus
    from kipp_desktop.gui.tasks import Task, TaskContext, Tasks
    from kipp_desktop.settings import Settings

T = TypeVar("T")

BUTTON: Final = 34
"""Height of a main button without its border, at 100 % text."""


@dataclass(frozen=True)
class Session:
    """Who works on what: decides which pages are there.

    ``roles`` is matched with :attr:`PageInfo.roles`; ``context`` is what services want as their
    first argument, used in the database thread only.
    """

    roles: frozenset[str]
    competition: str = ""
    person: str = ""
    context: Any = None


NOBODY = Session(frozenset({"start"}))
"""Before anything is open: only pages with the role ``start``."""


@dataclass(frozen=True)
class PageInfo:
    """A page's entry in the sidebar.

    ``factory`` is the page's class, or ``"module:Class"``, which is imported at the first visit and
    keeps the start fast. A page with ``in_sidebar`` false is reached only by ``House.go_to``.
    """

    key: str
    title: Text
    icon: str
    roles: frozenset[str]
    factory: Callable[[House, PageInfo], Page] | str
    in_sidebar: bool = True

    def make(self, house: House) -> Page:
        """Return the page, importing its module if need be."""
        if isinstance(self.factory, str):
            module, _, name = self.factory.partition(":")
            made: Page = getattr(import_module(module), name)(house, self)
            return made
        return self.factory(house, self)


class Shell(Protocol):
    """What the main window does for pages."""

    def show_message(self, text: Text, kind: str = "good") -> None:
        """Show a message above the page; ``kind`` is calm, good, wait or bad."""

    def show_error(self, error: KippError) -> None:
        """Show what happened and what to do next."""

    def go_to(self, key: str) -> Page | None:
        """Show a page; ``None`` when this session has no such page."""

    def set_session(self, session: Session) -> None:
        """Open another session: other pages, other names in the sidebar."""

    def apply_settings(self) -> None:
        """Take over language, theme and text size from the settings."""


@dataclass
class House:
    """Everything that a page may ask for, besides services and the domain."""

    tasks: Tasks
    changes: ChangesBus
    settings: Settings
    shell: Shell
    home: Path | None = None
    session: Session = field(default=NOBODY)

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
        """Do work off the window's thread, as :meth:`kipp_desktop.gui.tasks.Tasks.run`.

        When the result is a ``Changes`` or has ``.changes``, it is published before ``done``.
        """

        def publish_and_tell(result: T) -> None:
            self.changes.publish_result(result)
            if done is not None:
                done(result)

        return self.tasks.run(work, publish_and_tell, failed, owner=owner, title=title, pure=pure)

    def show_message(self, text: Text, kind: str = "good") -> None:
        """Show a message above the page; ``kind`` is calm, good, wait or bad."""
        self.shell.show_message(text, kind)

    def show_error(self, error: KippError) -> None:
        """Show what happened and what to do next."""
        self.shell.show_error(error)

    def go_to(self, key: str) -> Page | None:
        """Show a page; ``None`` when this session has no such page."""
        return self.shell.go_to(key)

    def set_session(self, session: Session) -> None:
        """Open another session: other pages, other names in the sidebar."""
        self.shell.set_session(session)


class Page(QWidget):
    """A page of the window: header (title, subtitle, actions at the right) and a form."""

    form: ClassVar[str | Path] = ""
    """File of the form in ``ui/``, or its path; "" when :meth:`build` fills :attr:`body`."""
    shows: ClassVar[frozenset[str]] = frozenset()
    """Kinds of :class:`kipp_desktop.domain.changes.Changes` after which :meth:`load` is called."""
    with_header: ClassVar[bool] = True

    def __init__(self, house: House, info: PageInfo) -> None:
        super().__init__()
        self.house, self.info = house, info
        self.setProperty("page", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions: list[tuple[QPushButton, Text]] = []
        self._subtitle: Text | None = None
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(18, 14, 18, 14)
        self.body.setSpacing(10)
        self._build_header()
        if self.form:
            forms.fill(self, self.form, self.body)
        self.build()
        self._say_header()
        self.say_all()
        self.watch = Watch(self, house.changes, self.shows, self.load)

    # --- what a page overrides ---

    def build(self) -> None:
        """Set up models, connections and actions; called once, after the form is there."""

    def load(self) -> None:
        """Ask for what the page shows; called when first seen and after changes."""

    def say_all(self) -> None:
        """Say every text that is not the form's; called again when the language changes."""

    def keys(self) -> list[tuple[str, Text]]:
        """Return the page's own keys for F1: ("Ctrl+Enter", what it does)."""
        return []

    # --- what a page uses ---

    def run(
        self,
        work: Callable[[TaskContext], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[KippError], None] | None = None,
        *,
        title: Text | None = None,
        pure: bool = False,
    ) -> Task[T]:
        """Do work off the window's thread; nobody is told when the page is gone by then."""
        return self.house.run(work, done, failed, owner=self, title=title, pure=pure)

    def set_subtitle(self, text: Text | None) -> None:
        """Say in one line what the page shows now."""
        self._subtitle = text
        self._say_header()

    def add_action(
        self,
        text: Text,
        act: Callable[[], object],
        *,
        main: bool = False,
        icon: str = "",
        name: str = "",
    ) -> QPushButton:
        """Add a button at the right of the header; the one ``main`` button stands last."""
        button = QPushButton()
        button.setObjectName(name)
        if main:
            button.setProperty("look", "main")
        button.setText(say(text))
        if icon:
            icons.wear(button, icon, "on_accent" if main else "text")
        button.clicked.connect(lambda _on=False: act())
        self._actions.append((button, text))
        self._header_row.addWidget(button)
        return button

    # --- inside ---

    def _build_header(self) -> None:
        self.header = QWidget()
        if not self.with_header:
            # Never setVisible(True) before it has a parent: Qt would open a window for it.
            self.header.hide()
        self._header_row = QHBoxLayout(self.header)
        self._header_row.setContentsMargins(0, 0, 0, 0)
        self._header_row.setSpacing(10)
        self.title_label = QLabel()
        self.title_label.setProperty("look", "title")
        self.subtitle_label = ElidedLabel()
        self.subtitle_label.setProperty("look", "muted")
        self._header_row.addWidget(self.title_label)
        self._header_row.addWidget(self.subtitle_label, 1)
        self._fit_header()
        self.header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.addWidget(self.header)

    def _say_header(self) -> None:
        self.title_label.setText(say(self.info.title))
        self.subtitle_label.say("" if self._subtitle is None else say(self._subtitle))
        self.setAccessibleName(say(self.info.title))
        for button, text in self._actions:
            button.setText(say(text))

    def _fit_header(self) -> None:
        # As high as a button, so that titles stand level on pages with and without one.
        self.header.setMinimumHeight(theme.px(BUTTON) + 4)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the text size."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say_header()
            self.say_all()
        elif event.type() == QEvent.Type.StyleChange:
            self._fit_header()
        super().changeEvent(event)
