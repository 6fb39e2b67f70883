"""Pleno: what waits for the panel with its facts, what it decides, and what it has decided."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from kipp_desktop.gui import forms, theme
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.panel_marks import PanelMarksDialog
from kipp_desktop.gui.dialogs.resolve import Answer, Matter, ResolveDialog
from kipp_desktop.gui.dialogs.select import SelectDialog
from kipp_desktop.gui.dialogs.which_sheet import WhichSheetDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.recording import decide_question, record
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.case_card import CaseCard
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.services import (
    case_facts,
    choices,
    deciding,
    desk,
    panel_marks,
    plenary,
    sheet_decisions,
)
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QFrame, QLayout

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.dialogs.select import Selected
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.case_facts import Case
    from kipp_desktop.services.choices import Selection
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.panel_marks import PanelMarks
    from kipp_desktop.services.plenary import PlenaryView, StageState
    from kipp_desktop.services.sheet_decisions import JudgeSheets, SheetCase, SheetLine

KINDS: Final = {
    "fork": Text("Two versions"),
    "few-judges": Text("Too few sheets"),
    "advance": Text("Who goes on"),
    "line": Text("Award line"),
    "late": Text("Late sheet"),
    "correct": Text("Field correction"),
    "disqualify": Text("Disqualification"),
    "tie": Text("Shared place"),
}
ACTIONS: Final = {
    "fork": Text("To the incoming files"),
    "few-judges": Text("To the innovation"),
}
DECIDE: Final = Text("Decide…")
EMPTY_HEIGHT: Final = 190


class PlenaryPage(Page):
    """Cards that wait, the stages, and the sentences of the minutes."""

    form = "plenary.ui"
    shows = frozenset({"ledgers", "people", "plan", "decisions", "entries", "results"})

    stages_card: QFrame
    waiting_heading: QLabel
    cases: QWidget
    empty_card: QFrame
    empty_place: QWidget
    resolved_heading: QLabel
    resolved_card: QFrame

    def build(self) -> None:
        """Set up the menu of further decisions and the empty state."""
        self._view: PlenaryView | None = None
        self._no_plan = False
        self.empty = EmptyState("gavel")
        self.empty.on_click(lambda: self.house.go_to("people"))
        place(self.empty, self.empty_place)
        self._fit()
        self.field_button = self.add_action(
            Text("Field verification"),
            lambda: self.house.go_to("field"),
            icon="map-pin",
            name="field_button",
        )
        self.field_button.hide()
        self.more_button = self.add_action(
            Text("Another decision…"), self._open_menu, icon="gavel", name="more_button"
        )
        for widget in (self.waiting_heading, self.empty_card, self.stages_card):
            widget.hide()
        self.resolved_heading.hide()
        self.resolved_card.hide()

    def load(self) -> None:
        """Read what waits and what was decided."""
        workplace: Workplace = self.house.session.context
        self.run(
            lambda _task: plenary.plenary_view(workplace.panel), self.show_view, self._show_none
        )

    def say_all(self) -> None:
        """Say everything again."""
        if self._view is not None:
            self.show_view(self._view)
        elif self._no_plan:
            self._say_none()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.empty.setMinimumHeight(theme.px(EMPTY_HEIGHT))

    # --- showing ---

    def _show_none(self, error: KippError) -> None:
        """Say why there is nothing to decide yet, where that is no fault."""
        if error.code != "no-plan":
            self.house.show_error(error)
            return
        self._no_plan = True
        self.more_button.hide()
        self.empty_card.show()
        self._say_none()

    def _say_none(self) -> None:
        self.empty.say(
            say(Text("There is nothing to decide yet")),
            say(Text("The panel decides once the package is published and judges have marked.")),
            say(Text("To panel and rubric")),
        )

    def show_view(self, view: PlenaryView) -> None:
        """Show what waits, the stages, and what was decided."""
        self._view = view
        count = len(view.cases)
        self.set_subtitle(
            Text("{count} waiting · {done} decided", count=count, done=len(view.resolved))
        )
        self.more_button.show()
        self.field_button.setVisible(any(stage.in_field for stage in view.stages))
        self.stages_card.show()
        self._fill(self.stages_card, [self._stage_row(stage) for stage in view.stages])
        self._fill(self.cases, [self._case(case) for case in view.cases])
        self.waiting_heading.setVisible(bool(count))
        self.cases.setVisible(bool(count))
        self.empty_card.setVisible(not count)
        self.empty.say(
            say(Text("Nothing waits for the panel")),
            say(
                Text(
                    "Shared places and who goes on appear here as soon as a stage is closed, or "
                    "the ranking was opened."
                )
                if view.hidden
                else Text(
                    "No place, line, late sheet or correction is open. The results can go on."
                )
            ),
        )
        self._show_resolved(view)
        forms.chain_tabs(self)

    @staticmethod
    def _fill(box: QWidget, widgets: list[QWidget]) -> None:
        layout = box.layout()
        assert layout is not None
        _empty(layout)
        for widget in widgets:
            layout.addWidget(widget)

    def _stage_row(self, stage: StageState) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        open_now = not stage.closed_at
        state = Text("Still open") if open_now else Text("Closed")
        row.addWidget(Chip(say(state), "calm" if open_now else "good"))
        name = QLabel(stage.name)
        name.setProperty("look", "strong")
        row.addWidget(name)
        if stage.closed_at:
            state = Text("closed on {at}", at=datetime.fromisoformat(stage.closed_at))
        elif stage.missing:
            state = Text("{count} sheets are missing", count=stage.missing)
        elif stage.counted:
            state = Text("nothing is missing")
        else:
            state = Text("without a score of its own")
        detail = QLabel(say(state))
        detail.setProperty("look", "muted")
        detail.setWordWrap(True)
        row.addWidget(detail, 1)
        if stage.by_panel:
            marks = QPushButton(say(Text("Marks of the panel…")))
            marks.setAccessibleDescription(stage.name)
            marks.clicked.connect(partial(self._mark, stage.id))
            row.addWidget(marks)
        button = QPushButton(say(Text("Close…") if open_now else Text("Reopen…")))
        button.setAccessibleDescription(stage.name)
        button.clicked.connect(partial(self._close if open_now else self._reopen, stage))
        row.addWidget(button)
        return line

    def _case(self, case: Case) -> QWidget:
        about = case.waiting.about
        return CaseCard(
            KINDS[about],
            case.urgent,
            case.waiting.text,
            case.facts,
            ACTIONS.get(about, DECIDE),
            partial(self.decide, case),
        )

    def _show_resolved(self, view: PlenaryView) -> None:
        grid = self.resolved_card.layout()
        assert isinstance(grid, QGridLayout)
        _empty(grid)
        grid.setColumnStretch(1, 1)
        for line, item in enumerate(view.resolved):
            when = QLabel(say_value(datetime.fromisoformat(item.at)))
            when.setProperty("look", "small")
            text = QLabel(say(item.text))
            text.setWordWrap(True)
            grid.addWidget(when, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, line, 1)
        for widget in (self.resolved_heading, self.resolved_card):
            widget.setVisible(bool(view.resolved))

    # --- deciding ---

    def decide(self, case: Case) -> None:
        """Do the one thing about a case: ask and record, or go where it is settled."""
        one = case.waiting
        match one.about:
            case "line" | "tie" if case.question is not None:
                decide_question(self, case.question)
            case "advance":
                self._choose(
                    "advance", lambda found: (found.scope, found.group) == (one.stage, one.group)
                )
            case "late":
                self._settle_late(case)
            case "correct":
                self._settle_correction(case)
            case "disqualify":
                self._settle_disqualification(case)
            case "few-judges":
                page: Any = self.house.go_to("entries")
                if page is not None:
                    page.finder.setText(one.numbers[0])
            case _:
                self.house.go_to("inbox")

    def _settle_late(self, case: Case) -> None:
        one, one_sheet = case.waiting, len(case.records) == 1
        self._ask(
            Matter(
                title=KINDS["late"],
                what=one.text,
                button=Text("Record the decision"),
                facts=case.facts,
                yes=Text("It &counts") if one_sheet else Text("They &count"),
                no=Text("It does &not count") if one_sheet else Text("They do &not count"),
            ),
            lambda answer, home, panel: deciding.accept_sheets(
                home,
                panel,
                one.stage,
                case.records,
                answer.accepted,
                answer.reason,
                answer.votes,
            ),
        )

    def _settle_correction(self, case: Case) -> None:
        one = case.waiting

        def act(answer: Answer, home: Home, panel: Panel) -> Changes:
            return deciding.decide_correct(
                home,
                panel,
                one.stage,
                one.numbers[0],
                one.criterion,
                case_facts.proposed_mark(one) if answer.accepted else None,
                answer.reason,
                answer.votes,
                one.record,
            )

        self._ask(
            Matter(
                title=KINDS["correct"],
                what=one.text,
                button=Text("Record the decision"),
                facts=case.facts,
                yes=Text("The correction is &accepted"),
                no=Text("The correction is &not accepted"),
            ),
            act,
        )

    def _settle_disqualification(self, case: Case) -> None:
        one = case.waiting
        self._ask(
            Matter(
                title=KINDS["disqualify"],
                what=one.text,
                button=Text("Record the decision"),
                facts=case.facts,
                yes=Text("The innovation is &disqualified"),
                no=Text("The innovation stays in the &competition"),
            ),
            lambda answer, home, panel: deciding.decide_disqualify(
                home,
                panel,
                one.numbers[0],
                answer.accepted,
                answer.reason,
                answer.votes,
                one.record,
            ),
        )

    def _ask(self, matter: Matter, act: Callable[[Answer, Home, Panel], Changes]) -> None:
        dialog = ResolveDialog(matter, self.window())

        def accepted() -> None:
            answer = dialog.answer
            if answer is not None:
                record(self, lambda home, panel: act(answer, home, panel))

        dialog.accepted.connect(accepted)
        dialog.open()

    # --- decisions about several entries ---

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            (Text("Who goes &on…"), partial(self._choose, "advance")),
            (Text("Who gets an &award…"), partial(self._choose, "award")),
            (Text("The panel's own &order…"), partial(self._choose, "deviate")),
            (Text("A judge's &sheet…"), self._choose_sheet),
            (Text("S&tatus of an innovation…"), partial(self.house.go_to, "entries")),
        ):
            menu.addAction(say(text)).triggered.connect(lambda _on=False, act=act: act())
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _choose(self, about: str, wanted: Callable[[Selection], bool] | None = None) -> None:
        workplace: Workplace = self.house.session.context

        def ask(found: list[Selection]) -> None:
            fitting = [
                one for one in found if one.about == about and (wanted is None or wanted(one))
            ]
            if not fitting:
                self.house.show_message(
                    Text("There is nothing to choose from yet: close the stage first."), "calm"
                )
                return
            dialog = SelectDialog(fitting, self.window())
            dialog.accepted.connect(lambda: self._record_selected(dialog.selected))
            dialog.open()

        self.run(lambda _task: choices.selections(workplace.panel), ask)

    def _record_selected(self, selected: Selected | None) -> None:
        if selected is None:
            return
        one, numbers = selected.selection, selected.numbers
        reason, votes = selected.reason, selected.votes

        def act(home: Home, panel: Panel) -> Changes:
            if one.about == "advance":
                return deciding.decide_advance(
                    home, panel, one.scope, one.group, numbers, reason, votes
                )
            if one.about == "award":
                return deciding.decide_award(
                    home, panel, one.group, one.scope, numbers, reason, votes
                )
            return deciding.decide_deviate(home, panel, one.group, numbers, reason, votes)

        record(self, act)

    # --- one sheet ---

    def _choose_sheet(self) -> None:
        workplace: Workplace = self.house.session.context

        def ask(found: list[JudgeSheets]) -> None:
            if not found:
                self.house.show_message(Text("No sheet counts yet."), "calm")
                return
            dialog = WhichSheetDialog(found, self.window())
            dialog.accepted.connect(lambda: look(*dialog.answer()))
            dialog.open()

        def look(judge: JudgeSheets, sheet: SheetLine) -> None:
            self.run(
                lambda _task: sheet_decisions.sheet_case(workplace.panel, judge, sheet),
                self._decide_sheet,
            )

        self.run(lambda _task: sheet_decisions.sheets_to_decide(workplace.panel), ask)

    def _decide_sheet(self, case: SheetCase) -> None:
        """Ask why the panel leaves a sheet out, or takes it back in, and record it."""
        self._ask(
            sheet_matter(case),
            lambda answer, home, panel: deciding.accept_sheets(
                home,
                panel,
                case.stage,
                [case.record],
                not case.counts,
                answer.reason,
                answer.votes,
            ),
        )

    # --- stages ---

    def _close(self, stage: StageState, _on: bool = False) -> None:
        if stage.missing:
            then = Text(
                "{count} sheets are missing: {first}. Once it is closed, later ones count only if "
                "the panel accepts them.",
                count=stage.missing,
                first=stage.first
                if len(stage.first) == stage.missing
                else (*stage.first, Text("others")),
            )
        else:
            then = Text(
                "What counts is fixed. Sheets that come later wait here for the panel's decision."
            )
        dialog = ConfirmDialog(
            Text("Close the stage {stage}?", stage=stage.name),
            then,
            Text("Close the stage"),
            self.window(),
        )
        dialog.accepted.connect(
            lambda: record(
                self,
                lambda home, panel: desk.close_stage(home, panel, stage.id),
                Text("The stage {stage} is closed.", stage=stage.name),
            )
        )
        dialog.open()

    def _reopen(self, stage: StageState, _on: bool = False) -> None:
        self._ask(
            Matter(
                title=Text("Reopen a stage"),
                what=Text("The panel reopens the stage {stage}.", stage=stage.name),
                button=Text("Reopen the stage"),
                facts=(
                    Text("Every sheet that is here, and that still comes, counts again."),
                    Text("What was published stays; new results supersede it."),
                ),
            ),
            lambda answer, home, panel: deciding.decide_reopen(
                home, panel, stage.id, answer.reason, answer.votes
            ),
        )

    def _mark(self, stage: str, _on: bool = False) -> None:
        workplace: Workplace = self.house.session.context

        def ask(marks: PanelMarks) -> None:
            dialog = PanelMarksDialog(marks, self.window())
            dialog.accepted.connect(
                lambda: self._record_marks(stage, dialog.changed(), dialog.reason_text())
            )
            dialog.open()

        self.run(lambda _task: panel_marks.panel_marks(workplace.panel, stage), ask)

    def _record_marks(
        self, stage: str, marks: list[tuple[str, str, Fraction | None]], reason: str
    ) -> None:
        record(
            self,
            lambda home, panel: deciding.panel_marks(home, panel, stage, marks, reason),
            Text("{count} marks of the panel are signed.", count=len(marks)),
        )


def sheet_matter(case: SheetCase) -> Matter:
    """Return the question whether a sheet goes on counting, or counts again."""
    return Matter(
        title=WhichSheetDialog.title,
        what=case.what,
        button=Text("Leave it out") if case.counts else Text("Take it back in"),
        facts=case.facts,
    )


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
