"""Kunjungan: the form of one visit, on the knees of a verifier.

Every change is kept within :data:`SAVE_MS`. This page reads, keeps and signs; its parts only show,
and say what the verifier wants: time and place (``visit_where``), the claims (``visit_claims``) and
their photos (``visit_photos``), the marks (``visit_marks``), the conclusion (``visit_end``) and
what others signed (``visit_others``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from kipp_desktop.domain.visit import Visit, conclusion_text
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.forms import chain_tabs
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.pages.visit_claims import VisitClaims
from kipp_desktop.gui.pages.visit_end import VisitEnd
from kipp_desktop.gui.pages.visit_marks import VisitMarks
from kipp_desktop.gui.pages.visit_others import VisitOthers
from kipp_desktop.gui.pages.visit_photos import PhotoBringer, told
from kipp_desktop.gui.pages.visit_where import VisitWhere
from kipp_desktop.gui.rolling_backups import keep_backup
from kipp_desktop.gui.signing import ask_and_sign
from kipp_desktop.gui.translation import say
from kipp_desktop.services import fieldwork
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHideEvent
    from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

    from kipp_desktop.domain.rubric import Leaf, Rubric
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.widgets.claim_card import ClaimCard
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.evidence import Brought
    from kipp_desktop.services.fieldwork import Signed, Visitor, VisitView
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.observations import Observed
    from kipp_desktop.services.panel import Panel

SAVE_MS: Final = 300


@dataclass(frozen=True)
class _Read:
    """``names`` are those of persons and criteria, by id; ``place`` degrees north and east."""

    visitor: Visitor
    view: VisitView
    rubric: Rubric | None
    leaves: list[Leaf]
    others: list[Observed]
    names: dict[str, str]
    place: tuple[float, float] | None


class VisitPage(Page):
    """One visit. :meth:`show_entry` says of which entry."""

    form = "visit.ui"
    shows = frozenset({"plan", "decisions"})

    scroller: QScrollArea
    inner: QWidget
    state_label: QLabel
    unlock_button: QPushButton
    sign_button: QPushButton

    def build(self) -> None:
        """Put the parts into the form and connect what saves by itself."""
        self.setProperty("touch", True)
        self._read: _Read | None = None
        self._entry = ""
        self._fresh = False
        self._unlocked = False
        self.where, self.end = VisitWhere(self), VisitEnd(self)
        self.claims, self.photos = VisitClaims(self), PhotoBringer(self)
        self.marks, self.others = VisitMarks(self), VisitOthers(self)
        self.saver = QTimer(self)
        self.saver.setSingleShot(True)
        self.saver.setInterval(SAVE_MS)
        self._connect()
        self.add_action(Text("All visits"), self._back, icon="chevron-left", name="back_button")
        self._fit()

    def _connect(self) -> None:
        self.saver.timeout.connect(self.save)
        for part in (self.where, self.claims, self.end):
            part.changed.connect(self._changed)
        self.claims.claim_button.clicked.connect(self._add_claim)
        self.claims.wanted.connect(self.photos.bring)
        self.claims.folder_wanted.connect(self.photos.bring_folder)
        self.claims.pasted.connect(self.photos.paste)
        self.photos.brought.connect(self._brought)
        self.marks.marked.connect(self._set_mark)
        self.marks.refused.connect(lambda text: self.house.show_message(text, "wait"))
        self.others.approved.connect(self._approve)
        self.unlock_button.clicked.connect(self._unlock)
        self.sign_button.clicked.connect(self._sign)

    def show_entry(self, entry: str) -> None:
        """Show the visit of an entry."""
        self._entry = entry
        self._unlocked = False
        self._fresh = True
        self.load()

    def load(self) -> None:
        """Read the visit, unless it was not said which."""
        if not self._entry:
            return
        workplace: Workplace = self.house.session.context
        panel, card, entry = workplace.panel, workplace.card, self._entry

        def read(_task: TaskContext) -> _Read:
            visitor = fieldwork.visitor_of(panel, card)
            view = fieldwork.visit(panel, visitor, entry)
            persons = {person.id: panel.setup.name_of(person.id) for person in panel.setup.persons}
            return _Read(
                visitor,
                view,
                fieldwork.rubric_of(panel, visitor.stage),
                [leaf for _, leaf in fieldwork.correctable(panel)],
                fieldwork.others_of(panel, visitor, entry),
                persons | fieldwork.criterion_names(panel),
                fieldwork.stated_place(panel, view.entry, view.visit),
            )

        self.run(read, self._show)

    def say_all(self) -> None:
        """Say what is not the form's; cards are made anew in the new language."""
        if self._read is not None:
            self._show(replace(self._read, view=replace(self._read.view, visit=self.visit)))

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [("Ctrl+V", Text("in a claim: take in the photos that were copied"))]

    @property
    def visit(self) -> Visit:
        """What the form says now."""
        said = self.where.said
        return Visit(
            said.started,
            said.ended,
            said.place,
            said.mode,
            said.met,
            self.claims.findings,
            self.end.said,
        )

    # -- from the visit to the form

    def _show(self, read: _Read) -> None:
        self._read = read
        said, view = read.view.visit, read.view
        self.where.show_visit(said)
        self.claims.show_findings(said.findings, read.names)
        self.marks.show_marks(read.rubric, view.marks)
        self.end.show_conclusion(said.conclusion, read.leaves)
        self.others.show_others(read.others, said, read.visitor.person, read.names)
        self.set_subtitle(
            Text("{number} · {title}", number=view.entry.number, title=view.entry.title)
        )
        self._show_state(read)
        self.claims.show_remarks(read.place, said)
        self.claims.show_thumbs()
        chain_tabs(self)
        if self._fresh or not self.isAncestorOf(self.window().focusWidget()):
            self._fresh = False
            locked = view.state == "final" and not self._unlocked
            (self.unlock_button if locked else self.where.started).setFocus()

    def _show_state(self, read: _Read) -> None:
        view = read.view
        final = view.state == "final"
        locked = final and not self._unlocked
        for part in (self.where, self.claims, self.marks, self.end):
            part.set_locked(locked)
        self.unlock_button.setVisible(locked)
        self.sign_button.setVisible(not locked)
        self.sign_button.setEnabled(not view.gaps and not final)
        if final:
            said = Text("Signed. A correction needs a reason.")
        elif view.gaps:
            said = Text(
                "{count} things are missing: {first}", count=len(view.gaps), first=view.gaps[0].text
            )
        else:
            said = Text("Complete and saved; not signed yet.")
        self.state_label.setText(say(said))

    # -- from the form to the visit

    def _changed(self) -> None:
        if self._read is not None:
            self.where.clock_in()
            self.saver.start()

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Keep what the form says."""
        self.saver.stop()
        read = self._read
        if read is None or (read.view.state == "final" and not self._unlocked):
            return
        workplace: Workplace = self.house.session.context
        said, visitor, entry = self.visit, read.visitor, read.view.entry.id

        def keep(task: TaskContext) -> tuple[VisitView, tuple[float, float] | None]:
            panel = workplace.panel
            view = fieldwork.save(workplace.home(task), panel, visitor, entry, said)
            return view, fieldwork.stated_place(panel, view.entry, view.visit)

        def kept(found: tuple[VisitView, tuple[float, float] | None]) -> None:
            view, where = found
            if self._read is not None and view.entry.id == self._entry:
                self._read = replace(self._read, view=view, place=where)
                self._show_state(self._read)
                self.claims.show_remarks(where, view.visit)
            if then is not None:
                then()

        self.run(keep, kept)

    def _set_mark(self, criterion: str, mark: Fraction | None) -> None:
        read = self._read
        if read is None:
            return
        workplace: Workplace = self.house.session.context
        visitor, entry = read.visitor, read.view.entry.id

        def kept(view: VisitView) -> None:
            if self._read is not None:
                self._read = replace(self._read, view=view)
                self.marks.take_marks(self._read.rubric, view.marks)
                self._show_state(self._read)

        self.run(
            lambda task: fieldwork.set_mark(
                workplace.home(task), workplace.panel, visitor, entry, criterion, mark
            ),
            kept,
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Save what was typed last before another page is shown."""
        if self.saver.isActive():
            self.save()
        super().hideEvent(event)

    # -- acts

    def _back(self) -> None:
        self.house.go_to("visits")

    def _add_claim(self) -> None:
        if self._read is not None:
            card = self.claims.add_claim(self.visit)
            QTimer.singleShot(0, card, lambda: self.scroller.ensureWidgetVisible(card))

    def _brought(self, card: ClaimCard, brought: Brought) -> None:
        if card not in self.claims.cards:
            return
        if brought.evidence:
            card.add(brought.evidence)
            self.save()
            self.claims.show_thumbs()
        self.house.show_message(*told(brought))

    def _unlock(self) -> None:
        self._unlocked = True
        if self._read is not None:
            self._show_state(self._read)
        self.sign_button.setEnabled(False)
        self.where.started.setFocus()

    def _sign(self) -> None:
        if self.photos.busy:
            self.house.show_message(Text("Photos are still being taken in."), "wait")
            return
        self.save(self._ask)

    def _ask(self) -> None:
        read = self._read
        if read is None or read.view.gaps:
            return
        view, visitor = read.view, read.visitor
        workplace: Workplace = self.house.session.context
        dialog = SigningDialog(
            Question(
                Text("Sign the visit"),
                Text(
                    "Visit to number {number}, {title}: {conclusion}.",
                    number=view.entry.number,
                    title=view.entry.title,
                    conclusion=conclusion_text(view.visit.conclusion, read.names),
                ),
                Text(
                    "With the signature this is what you saw. Photos are signed by their "
                    "fingerprints; notes and reasons become public with the result."
                ),
                Text("Sign"),
                left=view.question,
                corrects=view.signed is not None,
            ),
            self.window(),
        )

        def decided() -> Callable[[Home, Panel, Identity], Signed]:
            reason = dialog.reason.text()
            return lambda home, panel, identity: fieldwork.sign(
                home, panel, visitor, identity, {view.entry.id}, reason
            )

        ask_and_sign(self.house, dialog, workplace.card, decided, self._signed)

    def _signed(self, signed: Signed) -> None:
        self._unlocked = False
        keep_backup(self.house)
        self.load()
        if signed.signed:
            self.house.show_message(
                Text("The visit to number {number} is signed.", number=signed.signed[0])
            )

    def _approve(self, other: Observed) -> None:
        read = self._read
        if read is None:
            return
        workplace: Workplace = self.house.session.context
        name = read.names.get(other.person, other.person)
        dialog = SigningDialog(
            Question(
                Text("Approve an observation"),
                Text("The observation of {name} is approved under your own key.", name=name),
                Text("Your own observation stays as it is."),
                Text("Approve"),
            ),
            self.window(),
        )
        card = workplace.card
        ask_and_sign(
            self.house,
            dialog,
            card,
            lambda: (
                lambda home, panel, identity: fieldwork.approve(
                    home, panel, card, identity, other.record.id
                )
            ),
            lambda _changes: self.load(),
        )

    def _fit(self) -> None:
        self.where.fit()
        self.end.fit()
