"""The form of one visit, on the knees of a verifier: what was claimed, what is there, what follows.

Every change is kept within :data:`SAVE_MS`; photos are decoded off the window's thread and off the
database's, so that typing goes on while they come in.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout

from kipp_desktop.domain.canonical import format_decimal
from kipp_desktop.domain.sheet import unpack
from kipp_desktop.domain.visit import (
    STATUS_TEXTS,
    Conclusion,
    Finding,
    Visit,
    conclusion_text,
    differences,
)
from kipp_desktop.domain.whereabouts import remarks
from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.signing import Question, SigningDialog
from kipp_desktop.gui.forms import chain_tabs
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.rolling_backups import keep_backup
from kipp_desktop.gui.signing import ask_and_sign
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.claim_card import ClaimCard
from kipp_desktop.services import evidence, fieldwork
from kipp_desktop.services.visit_tables import met_lines, met_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHideEvent
    from PySide6.QtWidgets import (
        QComboBox,
        QDateTimeEdit,
        QPlainTextEdit,
        QRadioButton,
        QScrollArea,
        QWidget,
    )

    from kipp_desktop.domain.rubric import Leaf, Rubric
    from kipp_desktop.errors import KippError
    from kipp_desktop.exchange.keys import Identity
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.evidence import Brought
    from kipp_desktop.services.fieldwork import Signed, Visitor, VisitView
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.observations import Observed
    from kipp_desktop.services.panel import Panel

SAVE_MS: Final = 300
PHOTOS: Final = (Text("Photos and documents"), ("*.jpg", "*.jpeg", "*.png", "*.pdf", "*"))
_FORM_TIME: Final = "dd/MM/yyyy HH.mm"
_STAMP: Final = "yyyy-MM-dd'T'HH:mm:00"


@dataclass(frozen=True)
class _Read:
    visitor: Visitor
    view: VisitView
    rubric: Rubric | None
    leaves: list[tuple[str, Leaf]]
    others: list[Observed]
    names: dict[str, str]
    place: tuple[float, float] | None


class VisitPage(Page):
    """One visit. :meth:`show_entry` says of which entry."""

    form = "visit.ui"
    shows = frozenset({"plan", "decisions"})

    scroller: QScrollArea
    inner: QWidget
    started: QDateTimeEdit
    ended: QDateTimeEdit
    visit_button: QRadioButton
    video_button: QRadioButton
    place: QLineEdit
    met: QPlainTextEdit
    claims_place: QWidget
    claim_button: QPushButton
    marks_place: QWidget
    confirm_button: QRadioButton
    correct_button: QRadioButton
    disqualify_button: QRadioButton
    correction: QWidget
    criterion: QComboBox
    mark: QLineEdit
    scale_label: QLabel
    reason: QPlainTextEdit
    others_place: QWidget
    state_label: QLabel
    unlock_button: QPushButton
    sign_button: QPushButton

    def build(self) -> None:
        """Connect what saves by itself."""
        self._read: _Read | None = None
        self._entry = ""
        self._fresh = False
        self._filling = False
        self._unlocked = False
        self._bringing = 0
        self._cards: list[ClaimCard] = []
        self._marks: dict[str, QLineEdit] = {}
        self._timed = {self.started: False, self.ended: False}
        self._end_said = False
        self._effects = {
            "confirm": self.confirm_button,
            "correct": self.correct_button,
            "disqualify": self.disqualify_button,
        }
        for room in (self.claims_place, self.marks_place, self.others_place):
            column = QVBoxLayout(room)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(12)
        self._saver = QTimer(self)
        self._saver.setSingleShot(True)
        self._saver.setInterval(SAVE_MS)
        self._saver.timeout.connect(self.save)
        for edit in (self.started, self.ended):
            edit.setDisplayFormat(_FORM_TIME)
            edit.dateTimeChanged.connect(lambda _when, edit=edit: self._time_changed(edit))
        for line in (self.place, self.mark):
            line.textEdited.connect(lambda _text: self._changed())
        for text in (self.met, self.reason):
            text.textChanged.connect(self._changed)
        for button in (self.visit_button, *self._effects.values()):
            button.toggled.connect(lambda _on: self._changed())
        self.criterion.currentIndexChanged.connect(lambda _row: self._criterion_changed())
        self.claim_button.clicked.connect(self._add_claim)
        self.unlock_button.clicked.connect(self._unlock)
        self.sign_button.clicked.connect(self._sign)
        self.add_action(Text("All visits"), self._back, icon="chevron-left", name="back_button")
        self._fit()

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
            return _Read(
                visitor,
                view,
                fieldwork.rubric_of(panel, visitor.stage),
                fieldwork.correctable(panel),
                fieldwork.others_of(panel, visitor, entry),
                {person.id: panel.setup.name_of(person.id) for person in panel.setup.persons},
                fieldwork.stated_place(panel, view.entry, view.visit),
            )

        self.run(read, self._show)

    def say_all(self) -> None:
        """Say what is not the form's; cards are made anew in the new language."""
        if self._read is not None:
            self._show(replace(self._read, view=replace(self._read.view, visit=self.visit)))

    # -- from the visit to the widgets

    def _show(self, read: _Read) -> None:
        self._read = read
        said, view = read.view.visit, read.view
        self._filling = True
        now = QDateTime.currentDateTime()
        for edit, text in ((self.started, said.started), (self.ended, said.ended)):
            self._timed[edit] = bool(text)
            edit.setDateTime(_clock(text) if text else now)
        self._end_said = bool(said.ended)
        (self.video_button if said.mode == "video" else self.visit_button).setChecked(True)
        self.place.setText(said.place)
        self.met.setPlainText(met_lines(said.met))
        names = {leaf.id: leaf.criterion.name for _, leaf in read.leaves}
        self._clear(self.claims_place)
        self._cards = []
        for finding in said.findings:
            self._add_card(finding, names)
        self._show_marks(read)
        self.criterion.clear()
        for _, leaf in read.leaves:
            self.criterion.addItem(leaf.criterion.name, leaf.id)
        conclusion = said.conclusion
        for effect, button in self._effects.items():
            button.setAutoExclusive(False)
            button.setChecked(conclusion.effect == effect)
            button.setAutoExclusive(True)
        self.criterion.setCurrentIndex(self.criterion.findData(conclusion.criterion))
        self.mark.setText(conclusion.mark)
        self.reason.setPlainText(conclusion.reason)
        self._show_others(read)
        self._filling = False
        self.set_subtitle(
            Text("{number} · {title}", number=view.entry.number, title=view.entry.title)
        )
        self._show_state()
        self._remark()
        self._thumbs()
        chain_tabs(self)
        if self._fresh or not self.isAncestorOf(self.window().focusWidget()):
            self._fresh = False
            locked = view.state == "final" and not self._unlocked
            (self.unlock_button if locked else self.started).setFocus()

    def _add_card(self, finding: Finding, names: Mapping[str, str]) -> ClaimCard:
        own = finding.id.startswith("s")
        named = names.get(finding.criterion or "", finding.criterion or "")
        card = ClaimCard(len(self._cards) + 1, finding, named, own=own)
        card.changed.connect(self._changed)
        card.wanted.connect(lambda paths, card=card: self._bring(card, paths))
        card.folder_wanted.connect(lambda card=card: self._bring_folder(card))
        card.pasted.connect(lambda card=card: self._paste(card))
        layout = self.claims_place.layout()
        assert layout is not None
        layout.addWidget(card)
        self._cards.append(card)
        return card

    def _show_marks(self, read: _Read) -> None:
        self._clear(self.marks_place)
        self._marks = {}
        if read.rubric is None:
            return
        card = Card(say(Text("Marks")))
        set_now = unpack(read.rubric, read.view.marks)
        for leaf in read.rubric.judged.leaves:
            field = QLineEdit(set_now.get(leaf.id, ""))
            field.setObjectName(f"mark_{leaf.id}")
            field.setAccessibleName(leaf.criterion.name)
            field.setPlaceholderText(
                f"{format_decimal(leaf.scale.minimum)}–{format_decimal(leaf.scale.maximum)}"
            )
            field.editingFinished.connect(
                lambda leaf=leaf, field=field: self._mark_changed(leaf, field)
            )
            label = QLabel(leaf.criterion.name)
            label.setBuddy(field)
            card.body.addWidget(label)
            card.body.addWidget(field)
            self._marks[leaf.id] = field
        layout = self.marks_place.layout()
        assert layout is not None
        layout.addWidget(card)

    def _show_others(self, read: _Read) -> None:
        self._clear(self.others_place)
        layout = self.others_place.layout()
        assert layout is not None
        names = {leaf.id: leaf.criterion.name for _, leaf in read.leaves}
        for other in read.others:
            name = read.names.get(other.person, other.person)
            card = Card(say(Text("Seen by {name}", name=name)))
            lines = [
                f"{finding.claim}: {say(STATUS_TEXTS[finding.status])}. {finding.note}"
                for finding in other.visit.findings
            ]
            ending = say(conclusion_text(other.visit.conclusion, names))
            lines.append(f"{ending}. {other.visit.conclusion.reason}")
            lines += ["≠ " + say(text) for text in differences(read.view.visit, other.visit, names)]
            label = QLabel("\n".join(lines))
            label.setWordWrap(True)
            card.body.addWidget(label)
            agreed = any(word.person == read.visitor.person for word in other.approved)
            button = QPushButton(
                say(Text("Approved")) if agreed else say(Text("Approve this observation"))
            )
            button.setObjectName(f"approve_{other.person}")
            button.setEnabled(not agreed)
            button.clicked.connect(
                lambda _on=False, other=other, name=name: self._approve(other, name)
            )
            card.body.addWidget(button)
            layout.addWidget(card)

    def _show_state(self) -> None:
        read = self._read
        if read is None:
            return
        view = read.view
        final = view.state == "final"
        locked = final and not self._unlocked
        for card in self._cards:
            card.set_locked(locked)
        for line in (self.place, self.mark, *self._marks.values()):
            line.setReadOnly(locked)
        for text in (self.met, self.reason):
            text.setReadOnly(locked)
        for widget in (
            self.started,
            self.ended,
            self.visit_button,
            self.video_button,
            self.claim_button,
            self.criterion,
            *self._effects.values(),
        ):
            widget.setEnabled(not locked)
        self.unlock_button.setVisible(locked)
        self.sign_button.setVisible(not locked)
        self.sign_button.setEnabled(not view.gaps and not final)
        self.correction.setVisible(self.correct_button.isChecked())
        if final:
            said = Text("Signed. A correction needs a reason.")
        elif view.gaps:
            said = Text(
                "{count} things are missing: {first}", count=len(view.gaps), first=view.gaps[0].text
            )
        else:
            said = Text("Complete and saved; not signed yet.")
        self.state_label.setText(say(said))

    def _remark(self) -> None:
        read = self._read
        if read is None:
            return
        said = read.view.visit
        for card in self._cards:
            card.show_remarks(
                {
                    row: " · ".join(
                        say(text) for text in remarks(item, read.place, said.started, said.ended)
                    )
                    for row, item in enumerate(card.finding.evidence)
                }
            )

    def _thumbs(self) -> None:
        """Make the small pictures in a thread without database."""
        cards = [card for card in self._cards if card.finding.evidence]
        wanted = [
            item.copy for card in cards for item in card.finding.evidence if item.copy is not None
        ]
        if not wanted:
            return
        workplace: Workplace = self.house.session.context
        copies = workplace.panel.blobs

        def show(found: Mapping[str, bytes]) -> None:
            for card in self._cards:
                card.show_thumbs(found)

        self.run(
            lambda task: evidence.images(
                copies, wanted, evidence.THUMB_SIDE, lambda: task.cancelled
            ),
            show,
            pure=True,
        )

    @staticmethod
    def _clear(room: QWidget) -> None:
        layout = room.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    # -- from the widgets to the visit

    @property
    def visit(self) -> Visit:
        """What the form says now."""
        effect = next((name for name, b in self._effects.items() if b.isChecked()), "")
        correct = effect == "correct"
        return Visit(
            self._stamp(self.started),
            self._stamp(self.ended),
            self.place.text(),
            "video" if self.video_button.isChecked() else "visit",
            met_of(self.met.toPlainText()),
            tuple(card.finding for card in self._cards),
            Conclusion(
                effect,
                self.criterion.currentData() if correct else None,
                self.mark.text().strip().replace(",", ".") if correct else "",
                self.reason.toPlainText(),
            ),
        )

    def _stamp(self, edit: QDateTimeEdit) -> str:
        if not self._timed[edit]:
            return ""
        naive = datetime.fromisoformat(edit.dateTime().toString(_STAMP))
        return naive.astimezone().isoformat(timespec="seconds")

    def _time_changed(self, edit: QDateTimeEdit) -> None:
        if not self._filling:
            self._timed[edit] = True
            if edit is self.ended:
                self._end_said = True
            self._changed()

    def _clock_in(self) -> None:
        """Begin the visit at its first note; until it is said, it ends at the last one."""
        self._filling = True
        now = QDateTime.currentDateTime()
        if not self._timed[self.started]:
            self.started.setDateTime(now)
        if not self._end_said:
            self.ended.setDateTime(max(now, self.started.dateTime()))
        self._timed = dict.fromkeys(self._timed, True)
        self._filling = False

    def _criterion_changed(self) -> None:
        read = self._read
        if read is None:
            return
        leaf = next((x for _, x in read.leaves if x.id == self.criterion.currentData()), None)
        self.scale_label.setText(
            ""
            if leaf is None
            else say(Text("from {low} to {high}", low=leaf.scale.minimum, high=leaf.scale.maximum))
        )
        self._changed()

    def _changed(self) -> None:
        if not self._filling and self._read is not None:
            self._clock_in()
            self.correction.setVisible(self.correct_button.isChecked())
            self._saver.start()

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Keep what the form says."""
        self._saver.stop()
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
                self._show_state()
                self._remark()
            if then is not None:
                then()

        self.run(keep, kept)

    def _mark_changed(self, leaf: Leaf, field: QLineEdit) -> None:
        read = self._read
        if read is None or field.isReadOnly():
            return
        from kipp_desktop.exchange.tables import parse_cell_decimal

        text = field.text().strip()
        value = parse_cell_decimal(text) if text else None
        if text and (value is None or leaf.scale.index(value) is None):
            self.house.show_message(Text("“{text}” is not a mark.", text=text[:20]), "wait")
            field.setText(
                unpack(read.rubric, read.view.marks).get(leaf.id, "") if read.rubric else ""
            )
            return
        workplace: Workplace = self.house.session.context
        visitor, entry = read.visitor, read.view.entry.id

        def kept(view: VisitView) -> None:
            if self._read is not None:
                self._read = replace(self._read, view=view)
                self._show_state()

        self.run(
            lambda task: fieldwork.set_mark(
                workplace.home(task), workplace.panel, visitor, entry, leaf.id, value
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
        if self._saver.isActive():
            self.save()
        super().hideEvent(event)

    # -- acts

    def _back(self) -> None:
        self.house.go_to("visits")

    def _add_claim(self) -> None:
        read = self._read
        if read is None:
            return
        card = self._add_card(Finding(fieldwork.new_claim(self.visit), ""), {})
        chain_tabs(self)
        card.show()
        card.text.setFocus()
        QTimer.singleShot(0, card, lambda: self.scroller.ensureWidgetVisible(card))
        self._changed()

    def _bring_folder(self, card: ClaimCard) -> None:
        folder = files.choose_folder(self, Text("Folder of the phone or the card"))
        if folder is not None:
            self._bring(card, [folder])

    def _bring(self, card: ClaimCard, paths: Sequence[Path]) -> None:
        chosen = list(paths) or files.choose_open(
            self, Text("Choose photos and documents"), (PHOTOS,), several=True
        )
        if not chosen:
            return
        workplace: Workplace = self.house.session.context
        shelf = evidence.Shelf(workplace.panel.originals, workplace.panel.blobs)
        known = {item.original for item in card.finding.evidence if item.original}

        def work(task: TaskContext) -> Brought:
            found = [path for one in chosen for path in evidence.in_folder(one)]
            total = evidence.Brought()
            for some in evidence.bring(workplace.home(task).context, shelf, found, known):
                total += some
            return total

        self._bringing += 1
        self.run(
            work,
            lambda brought: self._brought(card, brought),
            self._not_brought,
            title=Text("Taking photos in"),
            pure=True,
        )

    def _not_brought(self, error: KippError) -> None:
        self._bringing -= 1
        self.house.show_error(error)

    def _brought(self, card: ClaimCard, brought: Brought) -> None:
        self._bringing -= 1
        if card not in self._cards:
            return
        if brought.evidence:
            card.add(brought.evidence)
            self.save()
            self._thumbs()
        if brought.problems:
            first = brought.problems[0]
            self.house.show_message(
                Text(
                    "{taken} files were taken, {count} could not be used. {first}",
                    taken=len(brought.evidence),
                    count=len(brought.problems),
                    first=first.what,
                ),
                "wait",
            )
        elif brought.cancelled:
            self.house.show_message(
                Text("Stopped; {taken} files were taken.", taken=len(brought.evidence)), "wait"
            )
        else:
            self.house.show_message(Text("{taken} files were taken.", taken=len(brought.evidence)))

    def _paste(self, card: ClaimCard) -> None:
        held = QApplication.clipboard().mimeData()
        paths = [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]
        if paths:
            self._bring(card, paths)
            return
        image = QApplication.clipboard().image()
        if image.isNull():
            self.house.show_message(Text("There is no picture on the clipboard."), "wait")
            return
        # Brought in like any other file: the original is what was pasted.
        folder = Path(tempfile.mkdtemp(prefix="kipp-paste-"))
        path = folder / "tempelan.png"
        image.save(str(path))
        self._bring(card, [path])

    def _unlock(self) -> None:
        self._unlocked = True
        self._show_state()
        self.sign_button.setEnabled(False)
        self.started.setFocus()

    def _sign(self) -> None:
        if self._bringing:
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
                    conclusion=conclusion_text(
                        view.visit.conclusion,
                        {leaf.id: leaf.criterion.name for _, leaf in read.leaves},
                    ),
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

    def _approve(self, other: Observed, name: str) -> None:
        workplace: Workplace = self.house.session.context
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
        self.mark.setMaximumWidth(theme.px(90))
        for edit in (self.started, self.ended):
            edit.setMinimumWidth(theme.px(190))
        for text in (self.met, self.reason):
            text.setFixedHeight(theme.px(76))


def _clock(text: str) -> QDateTime:
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return QDateTime.fromString(f"{moment:%Y-%m-%dT%H:%M}:00", _STAMP)
