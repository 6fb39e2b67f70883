"""Two verifiers, three visits each, 30 photos, and what the panel makes of it, by keyboard alone.

The means before are computed in ``tests/flow/field.py``: 01 has 83, 02 has 82, 03 has 68.
Verifikator 1 proposes paparan 7 for 01 and mutu 10 for 02, and recommends to disqualify 03;
Verifikator 2 confirms all three, and then approves what Verifikator 1 saw at 01.

- 01 accepted: with paparan 7 both judges' sheets are 6 x 7 + 4 x 8 = 74, the mean 74.
- 02 refused: 82 stays. 03 disqualified: no place.

So 02 is first with 82 and 01 second with 74, where before 01 was first with 83.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kipp_desktop.domain.visit import STATUSES
from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.services import checking
from kipp_desktop.services.context import Context
from kipp_desktop.services.visit_tables import STATUS_WORDS
from tests.flow.field import CLAIMS, CONCLUSIONS, VERIFIERS, Field
from tests.flow.kipp import done
from tests.window import panel_day
from tests.window.keyboard import keyboard
from tests.window.panel_day import (
    column,
    open_page,
    press,
    press_button,
    said,
    settle,
    tab_to,
    write,
)

CONTROL = Qt.KeyboardModifier.ControlModifier
ADDED = "Ada laporan bulanan"
FOUND_ON_SITE = "Antrean tertib"


@dataclass
class Hands:
    """Somebody at a laptop who has a keyboard, and nothing else."""

    window: object
    qtbot: object
    monkeypatch: object

    @property
    def page(self):
        return self.window.page

    def settle(self):
        settle(self.window, self.qtbot)

    def open(self, key):
        """Open a page: from the sidebar, or by the button that leads to it."""
        if key != "field":
            return open_page(self.window, key, self.qtbot)
        open_page(self.window, "plenary", self.qtbot)
        press_button(said("Field verification"))
        self.settle()
        return self.page

    def go(self, widget):
        """Press Tab until a widget has the keyboard."""
        for _ in range(90):
            if QApplication.focusWidget() is widget:
                return
            press(Qt.Key.Key_Tab)
        raise AssertionError(widget.objectName())

    def push(self, widget):
        self.go(widget)
        press(Qt.Key.Key_Space)
        self.settle()

    def type_into(self, widget, text):
        self.go(widget)
        QTest.keyClicks(widget, text)

    def finds(self, name, *paths):
        """Let the system's dialog return these files, or this folder."""
        found = list(paths) if name == "choose_open" else paths[0]
        self.monkeypatch.setattr(file_dialogs, name, lambda *_args, **_named: found)


@pytest.fixture(scope="module")
def _field(tmp_path_factory):
    return Field(tmp_path_factory.mktemp("lapangan")).create()


@pytest.fixture
def field(_field, tmp_path):
    return _field.copy(tmp_path / "hari")


@pytest.fixture
def sit_at(app, tmp_path, qtbot, monkeypatch):
    """Open the window of a home, and close the one that was open."""
    made = []

    def leave():
        while made:
            panel_day.close_window(made.pop(), qtbot)

    def sit(home, role="member"):
        leave()
        made.append(panel_day.open_window(tmp_path, home, qtbot, role))
        return Hands(made[0], qtbot, monkeypatch)

    sit.leave = leave
    yield sit
    leave()


def test_the_field_from_the_claims_to_the_published_ranking(field, sit_at, dialogs, tmp_path):
    for name in ("RowsDialog", "SigningDialog", "ArrivalPreviewDialog", "ResolveDialog"):
        dialogs.expect(name)
    dialogs.expect("PublishDialog")
    cards = {name: card_of(field, name) for name in VERIFIERS}

    asked = ask_for_a_claim(sit_at(field.desk, "desk"))
    sit_at.leave()
    done(field.desk, "plan", "publish", "--out", field.package)
    first = sit_at(field.home("Verifikator 1"))
    remarks = make_visits(first, field, "Verifikator 1", cards)
    hand_in(first, tmp_path / "satu.kipp")
    second = sit_at(field.home("Verifikator 2"))
    make_visits(second, field, "Verifikator 2", cards)
    approve(second, tmp_path / "satu.kipp")
    hand_in(second, tmp_path / "dua.kipp")

    desk = sit_at(field.desk, "desk")
    take_files(desk, tmp_path / "satu.kipp", tmp_path / "dua.kipp")
    before = read_ranking(desk, show=True)
    seen = read_field(desk)
    facts, left = decide(desk)
    after = read_ranking(desk)
    publish(desk, tmp_path / "hasil")

    assert "sekretariat" in asked
    assert ADDED in asked
    assert ["1 hari" in text for text in remarks] == [False, True, False]
    assert all("di tempat yang disebutkan" in text for text in remarks)
    assert before == [("1", "01", "83"), ("2", "02", "82"), ("3", "03", "68")]
    assert seen == {"01": (2, "agree", 10), "02": (2, "differ", 10), "03": (2, "differ", 10)}
    assert left == 0
    for told in ("83", "74"):
        assert told in facts["01"]
    assert after == [("1", "02", "82"), ("2", "01", "74")]
    assert ranking_of(tmp_path / "hasil" / "hasil.kipp") == after
    assert ranking_of(tmp_path / "hasil" / "hasil-publik.kipp") == after
    assert "Sudah dinilai juri" in text_of(tmp_path / "hasil" / "berita-acara.pdf")
    assert b"Nama Uji" not in (tmp_path / "hasil" / "hasil-publik.kipp").read_bytes()


def card_of(field, name):
    """Return the folders of a verifier's card, five photos in each, by the entry's number."""
    folder = field.photos(name)
    for entry in (1, 2, 3):
        (folder / f"0{entry}").mkdir()
        for photo in folder.glob(f"{entry}-*.jpg"):
            photo.rename(folder / f"0{entry}" / photo.name)
    return {number: folder / number for number in CLAIMS}


def ask_for_a_claim(desk):
    """Add a claim at the desk before the visits; return what its page then says of the entry."""
    page = desk.open("field")
    desk.go(page.table)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    tab_to("claims_button")
    press(Qt.Key.Key_Space)
    desk.settle()
    tab_to("add_button")
    press(Qt.Key.Key_Space)
    QTest.keyClicks(keyboard(), ADDED)
    press(Qt.Key.Key_Return)
    press_button(said("Save"))
    desk.settle()
    return page.detail.toPlainText()


def make_visits(hands, field, name, cards):
    """Take the new package and make three visits; return what the first photos say."""
    hands.finds("choose_open", field.package)
    tab_to("other_button")
    press(Qt.Key.Key_Space)
    hands.settle()
    return [
        make_visit(hands, row, conclusion, cards[name][number])
        for row, (number, conclusion) in enumerate(CONCLUSIONS[name].items())
    ]


def make_visit(hands, row, conclusion, card):
    """Make the visit in a row of the list and sign it."""
    finding, effect, *_ = conclusion
    list_page = hands.open("visits")
    hands.go(list_page.table)
    press(Qt.Key.Key_Home, CONTROL)
    for _ in range(row):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    hands.settle()
    page = hands.page
    hands.type_into(page.where.started, "180320210900")
    hands.type_into(page.where.ended, "180320211100")
    hands.type_into(page.where.place, f"Kantor desa {row + 1} (-7.9510, 112.6100)")
    hands.type_into(page.where.met, "Kepala desa (Nama Uji)*")
    if effect == "koreksi" and row == 1:
        hands.push(page.claims.claim_button)
        QTest.keyClicks(keyboard(), FOUND_ON_SITE)
    for number, claim in enumerate(page.claims.cards):
        status = finding if number == 0 else "sesuai"
        choose(hands, [claim.group.button(n) for n in range(len(STATUSES))], status_of(status))
    first = page.claims.cards[0]
    hands.type_into(first.note, "Dilihat langsung")
    bring(hands, first, row, card)
    hands.push(first.private)
    remark = first.remark_label.text()
    conclude(hands, page.end, conclusion)
    hands.qtbot.waitUntil(page.sign_button.isEnabled)
    hands.push(page.sign_button)
    press_button(said("Sign"))
    hands.settle()
    assert page.state_label.text() == said("Signed. A correction needs a reason.")
    return remark


def status_of(words):
    """Return the place of a finding among the buttons."""
    return next(
        place
        for place, status in enumerate(STATUSES)
        if words in [word.strip() for word in STATUS_WORDS[status].split(";")]
    )


def bring(hands, claim, way, card):
    """Bring five photos: the folder of the card, chosen files, or files that were copied."""
    files = sorted(card.iterdir())
    if way == 0:
        hands.finds("choose_folder", card)
        hands.push(claim.folder_button)
    elif way == 1:
        hands.finds("choose_open", *files)
        hands.push(claim.files_button)
    else:
        held = QMimeData()
        held.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        QApplication.clipboard().setMimeData(held)
        hands.go(claim.note)
        press(Qt.Key.Key_V, CONTROL)
    hands.qtbot.waitUntil(lambda: claim.photos.count() == len(files), timeout=20_000)
    hands.settle()


def choose(hands, buttons, wanted):
    """Choose one of several buttons with the arrow keys."""
    hands.push(buttons[0])
    for _ in range(wanted):
        press(Qt.Key.Key_Right)
    assert buttons[wanted].isChecked()


def conclude(hands, end, conclusion):
    """Choose a conclusion and say why."""
    _, effect, criterion, mark, why = conclusion
    effects = ("konfirmasi", "koreksi", "rekomendasi gugur")
    buttons = (end.confirm_button, end.correct_button, end.disqualify_button)
    choose(hands, buttons, effects.index(effect))
    if criterion:
        hands.go(end.criterion)
        QTest.keyClicks(end.criterion, criterion)
        hands.type_into(end.mark, mark)
    hands.type_into(end.reason, why)


def approve(hands, other):
    """Open the other verifier's file, and agree with what it says of the first entry."""
    list_page = hands.open("visits")
    hands.finds("choose_open", other)
    tab_to("other_button")
    press(Qt.Key.Key_Space)
    hands.settle()
    hands.go(list_page.table)
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    hands.settle()
    press_button(said("Approve this observation"))
    hands.settle()
    press_button(said("Approve"))
    hands.settle()
    press_button(said("All visits"))
    hands.settle()


def hand_in(hands, out):
    hands.open("hand-in")
    hands.finds("choose_save", out)
    tab_to("write_button")
    press(Qt.Key.Key_Space)
    hands.settle()
    assert out.exists()


def take_files(desk, *files):
    """Store the verifiers' files at the desk."""
    page = desk.open("inbox")
    desk.finds("choose_open", *files)
    press(Qt.Key.Key_O, CONTROL)
    desk.settle()
    press(Qt.Key.Key_Return)
    desk.settle()
    outcomes = column(page.files, 3)
    assert all(text.startswith(said("Received {time}", time="")) for text in outcomes)


def read_ranking(desk, *, show=False):
    """Return (place, number, score) of those who have a place in the field's order."""
    page = desk.open("ranking")
    if show:
        tab_to("show_button")
        press(Qt.Key.Key_Space)
        desk.settle()
    lines = zip(*(column(page.table, number) for number in (0, 2, 5)), strict=True)
    return [
        (place, number, score.removesuffix(",00"))
        for place, number, score in lines
        if number in CLAIMS and place
    ]


def read_field(desk):
    """Return how many saw each entry, whether they agree, and how many photos came of it."""
    page = desk.open("field")
    words = {said("agree"): "agree", said("differ"): "differ"}
    return {
        line.entry.number: (
            len(line.observations),
            words[column(page.table, 2)[row]],
            sum(len(list(one.visit.evidence)) for one in line.observations),
        )
        for row, line in enumerate(page._board.lines)
    }


def decide(desk):
    """Decide what waits, in its order; return the facts of each case, and how many still wait."""
    page = desk.open("plenary")
    facts = {}
    for number, accepted, reason in (
        ("01", True, "Terbukti"),
        ("02", False, "Sudah dinilai juri"),
        ("03", True, "Tidak berjalan"),
    ):
        case = page.cases.layout().itemAt(0).widget()
        assert number in case.words.text()
        facts[number] = case.facts.text()
        desk.push(case.button)
        tab_to("yes_button")
        if not accepted:
            press(Qt.Key.Key_Down)
        tab_to("reason")
        write(reason)
        press(Qt.Key.Key_Return)
        desk.settle()
    return facts, page.cases.layout().count()


def publish(desk, out):
    page = desk.open("results")
    tab_to("folder")
    write(str(out))
    press(Qt.Key.Key_Return, CONTROL)
    desk.settle()
    press(Qt.Key.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: bool(page.pdf.pages), timeout=20_000)


def ranking_of(path):
    """Return (place, number, score) as an outsider computes them from the file."""
    found = checking.verify(Context(home=path.parent / "luar"), [path])
    assert found.ok
    number_of = {entry.id: entry.number for entry in found.setup.entries}
    return [
        (str(one.place), number_of[one.entry], str(one.score).removesuffix(".00"))
        for one in found.recomputed.groups[0].entries
        if one.place is not None and number_of[one.entry] in CLAIMS
    ]


def text_of(path):
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
