"""Beranda: the seven steps of a competition, what is missing in each, and the next one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.forms import chain_tabs
from kipp_desktop.gui.pages.base import NOBODY, Page
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.workplace import leave
from kipp_desktop.services.overview import HOW_MARKED_TEXTS, overview
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.overview import Overview, Step

STEP_TEXTS: Final = {
    "created": Text("Setting up the competition"),
    "entries": Text("Loading the innovations"),
    "panel": Text("Panel and rubric"),
    "package": Text("Publishing the package"),
    "marks": Text("Collecting the marks"),
    "decisions": Text("Plenary and decisions"),
    "results": Text("Results and minutes"),
}
ACTION_TEXTS: Final = {
    "entries": Text("Load the innovations"),
    "panel": Text("Complete the panel"),
    "package": Text("Publish the package"),
    "decisions": Text("To the plenary"),
    "results": Text("Make the minutes"),
}
MARK_TEXTS: Final = {
    "paper": Text("Type the paper sheets"),
    "turns": Text("Hand over to a judge"),
    "laptops": Text("Open the judges' files"),
    "mixed": Text("Open the judges' files"),
}
ALL_DONE: Final = Text("All seven steps are done.")
PAGES: Final = {
    "entries": "entries",
    "panel": "people",
    "package": "people",
    "decisions": "plenary",
    "results": "results",
}
SHOWN_MISSING: Final = 3


class StepRow(QWidget):
    """One step: a tick or its number, what it is, what is there, what is missing."""

    def __init__(self, number: int, key: str, go: Callable[[], None]) -> None:
        super().__init__()
        self.number, self.key = number, key
        self.mark, self.title, self.detail = QLabel(), QLabel(), QLabel()
        self.missing = QLabel()
        self.title.setProperty("look", "heading")
        self.detail.setProperty("look", "muted")
        self.button = QPushButton()
        self.button.setObjectName(f"open_{key}")
        self.button.setProperty("look", "link")
        self.button.clicked.connect(go)
        for label in (self.detail, self.missing):
            label.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self.title, self.detail, self.missing):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 7, 0, 7)
        row.setSpacing(14)
        row.addWidget(self.mark)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def show_step(self, step: Step) -> None:
        """Show how far the step is."""
        title = say(STEP_TEXTS[self.key])
        self.title.setText(f"{self.number}. {title}")
        self.detail.setText(say(step.detail))
        shown = [say(text).removesuffix(".") for text in step.missing[:SHOWN_MISSING]]
        if len(step.missing) > SHOWN_MISSING:
            more = len(step.missing) - SHOWN_MISSING
            shown.append(say(Text("and {count} more", count=more)))
        self.missing.setText("\N{NO-BREAK SPACE}· ".join(shown))
        self.missing.setVisible(bool(shown))
        name, colour = ("circle-check", "accent") if step.done else ("minus", "muted")
        if step.missing:
            name, colour = "circle-alert", "on_wait" if not step.done else "muted"
        self.mark.setPixmap(icons.pixmap(name, colour, 22, self.devicePixelRatioF()))
        state = say(Text("done") if step.done else Text("open"))
        self.mark.setAccessibleName(state)
        self.button.setText(say(Text("Open")))
        self.button.setAccessibleName(f"{say(Text('Open'))}: {title}, {state}")


class OverviewPage(Page):
    """What to do next, at a glance."""

    form = "overview.ui"
    shows = frozenset(
        {"competition", "entries", "people", "plan", "ledgers", "decisions", "results", "drafts"}
    )

    next_card: QFrame
    next_small: QLabel
    next_heading: QLabel
    next_label: QLabel
    next_button: QPushButton
    steps_card: QFrame

    def build(self) -> None:
        """Lay out the seven rows."""
        self._found: Overview | None = None
        self.rows: list[StepRow] = []
        layout = self.steps_card.layout()
        assert layout is not None
        for number, key in enumerate(STEP_TEXTS, 1):
            if number > 1:
                line = QFrame()
                line.setProperty("rule", True)
                layout.addWidget(line)
            row = StepRow(number, key, partial(self._go, key))
            row.button.setVisible(key != "created")
            layout.addWidget(row)
            self.rows.append(row)
        self.next_button.clicked.connect(self._go_next)
        self.add_action(
            Text("Rules and letterhead"),
            lambda: self.house.go_to("rules"),
            icon="list-checks",
            name="rules_button",
        )
        icons.wear(self.next_button, "arrow-right", "on_accent")
        self.next_card.hide()
        self.steps_card.hide()

    def load(self) -> None:
        """Compute the steps in the database thread."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: overview(workplace.panel), self._show)

    def say_all(self) -> None:
        """Say the steps again."""
        if self._found is not None:
            self._show(self._found)

    def _show(self, found: Overview) -> None:
        first = self._found is None
        self._found = found
        for row, step in zip(self.rows, found.steps, strict=True):
            row.show_step(step)
        done = sum(step.done for step in found.steps)
        how = HOW_MARKED_TEXTS[found.how_marked]
        self.set_subtitle(Text("{done} of {total} steps · {how}", done=done, total=7, how=how))
        self.steps_card.show()
        self.next_card.show()
        following = next((s for s in found.steps if s.key == found.next_step), None)
        self.next_small.setVisible(following is not None)
        self.next_button.setVisible(following is not None)
        if following is None:
            self.next_heading.setText(say(ALL_DONE))
            self.next_label.setText(say(found.steps[-1].detail))
        else:
            self.next_heading.setText(say(STEP_TEXTS[following.key]))
            text = following.missing[0] if following.missing else following.detail
            self.next_label.setText(say(text))
            self.next_button.setText(say(self._action(following.key)))
        if first:
            chain_tabs(self)
            if self.window().focusWidget() is None:
                self.next_button.setFocus()

    def _action(self, key: str) -> Text:
        if key == "marks" and self._found is not None:
            return MARK_TEXTS[self._found.how_marked]
        return ACTION_TEXTS[key]

    def _go_next(self) -> None:
        if self._found is not None:
            self._go(self._found.next_step)

    def _go(self, key: str) -> None:
        if key != "marks":
            self.house.go_to(PAGES[key])
            return
        how = self._found.how_marked if self._found is not None else "paper"
        if how == "turns":
            leave(self.house)
            self.house.set_session(NOBODY)
        else:
            self.house.go_to("paper" if how == "paper" else "inbox")

    def changeEvent(self, event: object) -> None:
        """Draw the ticks again in another theme."""
        super().changeEvent(event)  # type: ignore[arg-type]
        if getattr(self, "_drawn_in", theme.colours()) is not theme.colours():
            self.say_all()
        self._drawn_in = theme.colours()
