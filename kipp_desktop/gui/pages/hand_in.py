"""Serahkan: the file with everything that this judge signed, on a stick for the secretariat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.gui import theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.rolling_backups import keep_backup
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.services import handing_in, inbox, joining, judging
from kipp_desktop.services.sheetbook import marking_stages
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.handing_in import HandIn
    from kipp_desktop.services.judging import Marker

WORDS: Final = 26
WRITE_ROW: Final = 580
"""The width at 100 % text from which the buttons of the file stand side by side."""
"""The size of the six words, to be read aloud from a distance."""


@dataclass(frozen=True)
class _Read:
    marker: Marker | None
    view: HandIn
    name: str


class HandInPage(Page):
    """Own words, what the file carries, what it does not, and one button."""

    form = "hand_in.ui"
    shows = frozenset({"drafts", "ledgers", "plan", "decisions", "agenda"})

    file_card: QFrame
    write_row: QHBoxLayout
    words_label: QLabel
    words_hint: QLabel
    sheets_label: QLabel
    visits_label: QLabel
    times_label: QLabel
    travel_label: QLabel
    abstentions_label: QLabel
    approvals_label: QLabel
    written_label: QLabel
    open_card: QFrame
    open_label: QLabel
    receipt_label: QLabel
    write_button: QPushButton
    receipt_button: QPushButton
    audit_button: QPushButton
    review_button: QPushButton
    drafts_button: QPushButton

    def build(self) -> None:
        """Connect the buttons."""
        self._read: _Read | None = None
        self._written: Text | None = None
        self.write_button.clicked.connect(self.write)
        self.review_button.clicked.connect(lambda: self.house.go_to("review"))
        self.drafts_button.clicked.connect(self.write_drafts)
        self.receipt_button.clicked.connect(self.read_receipt)
        self.audit_button.clicked.connect(lambda: self.house.go_to("audit"))
        self.write_button.setEnabled(False)
        BreakingRow(self.write_row, WRITE_ROW, self.file_card)
        self._fit()

    def load(self) -> None:
        """Read what the file would carry now."""
        workplace: Workplace = self.house.session.context
        card, panel = workplace.card, workplace.panel

        def read(task: TaskContext) -> _Read:
            stages = [s for s in marking_stages(panel, card.person) if s.kind != "field"]
            marker = judging.marker_of(panel, card, stages[0].id) if stages else None
            name = handing_in.file_name(card.name, workplace.home(task).context.clock())
            return _Read(marker, handing_in.overview(panel, card, marker), name)

        self.run(read, self._show)

    def _show(self, read: _Read) -> None:
        self._read = read
        self._say()
        if not self.isAncestorOf(self.window().focusWidget()):
            self.write_button.setFocus()

    def _say(self) -> None:
        read = self._read
        if read is None:
            return
        view = read.view
        self.words_label.setText(view.words)
        self.words_hint.setText(say(_standing(view)))
        self.sheets_label.setText(
            say(
                Text(
                    "{count} signed score sheets of {total}", count=view.sheets, total=view.expected
                )
            )
        )
        self.sheets_label.setVisible(read.marker is not None)
        self.approvals_label.setText(
            say(
                Text("{count} words on results (agreed or dissented)", count=view.approvals)
                if view.approvals
                else Text("Nothing is signed yet: open the results on the page “Approval”.")
            )
        )
        self.visits_label.setText(
            say(
                Text(
                    "{count} signed visits, {photos} photos and documents",
                    count=view.visits,
                    photos=view.photos,
                )
            )
        )
        self.times_label.setText(
            say(
                Text(
                    "The times of {count} slots for the secretariat's agenda, which are not signed",
                    count=view.slots,
                )
            )
        )
        self.times_label.setVisible(bool(view.slots))
        self.travel_label.setText(
            say(
                Text(
                    "The file carries what you signed and the times of the slots, and nothing else "
                    "of this laptop. It may be handed in several times: the last one wins."
                )
                if view.slots
                else Text(
                    "The file carries what you signed and nothing else of this laptop; drafts and "
                    "private notes stay here. It may be handed in several times: the last one wins."
                )
            )
        )
        verifies = "verifier" in self.house.session.roles
        self.visits_label.setVisible(verifies)
        self.approvals_label.setVisible(
            bool(view.approvals) or (read.marker is None and not verifies and not view.slots)
        )
        self.abstentions_label.setText(
            say(Text("{count} times “does not mark”", count=view.abstentions))
        )
        self.abstentions_label.setVisible(bool(view.abstentions))
        self.receipt_label.setText(say(_receipted(view)))
        missing = view.expected - view.ready - view.drafts - view.sheets
        self.open_label.setText(
            say(
                Text(
                    "{ready} complete and not signed · {drafts} drafts with gaps · {empty} empty",
                    ready=view.ready,
                    drafts=view.drafts,
                    empty=max(missing, 0),
                )
            )
        )
        self.open_card.setVisible(bool(view.ready or view.drafts or missing > 0))
        self.drafts_button.setEnabled(bool(view.ready or view.drafts))
        self.write_button.setEnabled(
            bool(view.sheets or view.abstentions or view.approvals or view.visits or view.slots)
        )
        self.written_label.setText("" if self._written is None else say(self._written))
        self.written_label.setVisible(self._written is not None)

    def write(self) -> None:
        """Ask where, then write the file and say what is in it."""
        read = self._read
        if read is None:
            return
        out = files.choose_save(
            self, Text("Write the file for the secretariat"), read.name, (files.PACKAGES,)
        )
        if out is None:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: joining.hand_in(
                workplace.home(task).context, workplace.panel, workplace.card, out
            ),
            self._tell,
            title=Text("Writing {file}", file=out.name),
        )

    def _tell(self, written: joining.HandedIn) -> None:
        keep_backup(self.house)
        names = tuple(file.name for file in written.files)
        self._written = Text("Written: {file}, {count} records.", file=names, count=written.records)
        self._say()
        if len(names) > 1:
            self.house.show_message(
                Text(
                    "{count} files are on the stick, checked: {names}. Take all of them to the "
                    "secretariat.",
                    count=len(names),
                    names=names,
                )
            )
            return
        self.house.show_message(
            Text(
                "The file {file} is on the stick, checked. Take it to the secretariat.",
                file=names[0],
            )
        )

    def read_receipt(self) -> None:
        """Read what the desk says it has received."""
        chosen = files.choose_open(self, Text("Open the desk's receipt"), (files.PACKAGES,))
        if not chosen:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda task: inbox.merge(workplace.home(task), workplace.panel, chosen),
            self._tell_receipt,
            title=Text("Reading {file}", file=chosen[0].name),
        )

    def _tell_receipt(self, merged: inbox.Merged) -> None:
        reason = merged.outcomes[0].reason if merged.outcomes else None
        if reason is not None:
            self.house.show_error(reason)
            return
        self.load()
        self.house.show_message(Text("What the desk has received is read."))

    def write_drafts(self) -> None:
        """Ask where, then write the unsigned marks as a table."""
        read = self._read
        if read is None or read.marker is None:
            return
        marker = read.marker
        name = read.name.removesuffix(".kipp") + "_draf.csv"
        out = files.choose_save(self, Text("Save a copy of the drafts"), name, (files.TABLES,))
        if out is None:
            return
        workplace: Workplace = self.house.session.context
        self.run(
            lambda _task: handing_in.write_drafts(workplace.panel, marker, out),
            lambda count: self.house.show_message(
                Text("{count} unsigned sheets are copied to {file}.", count=count, file=out.name)
            ),
        )

    def say_all(self) -> None:
        """Say what is not the form's."""
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.words_label.setStyleSheet(f"font-size: {theme.px(WORDS)}px; font-weight: 600;")


def _receipted(view: HandIn) -> Text:
    if not view.receipted:
        return Text("No receipt of the desk has been read on this laptop yet.")
    if view.receipted < view.signed:
        return Text(
            "The desk has received {count} of {total} records; hand in again.",
            count=view.receipted,
            total=view.signed,
        )
    return Text("The desk has received all {total} records.", total=view.signed)


def _standing(view: HandIn) -> Text:
    if view.revoked:
        return Text(
            "The secretariat has revoked this key: what you sign now does not count. Join again "
            "with the package; a new key is made."
        )
    if view.second:
        return Text(
            "The secretariat has noted this laptop as your second one: it counts once the key of "
            "the first is revoked."
        )
    if view.admitted:
        return Text("The secretariat has compared them: this key is yours.")
    return Text("Read them aloud when the secretariat opens your first file.")
