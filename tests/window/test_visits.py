"""A verifier's laptop by keyboard: join, two visits with photos, sign, correct, hand in."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.translation import say
from kipp_desktop.services import fieldwork
from kipp_desktop.texts import Text
from tests.camera import PLACE, pdf, photo
from tests.flow.field import CONCLUSIONS, Field, opened
from tests.flow.kipp import done, table
from tests.window.accessibility import controls, unnamed_controls
from tests.window.keyboard import modal
from tests.window.panels import (
    close_competition,
    close_window,
    open_window,
    press,
    press_ok,
    settle,
    type_text,
)

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="session")
def _field(tmp_path_factory):
    return Field(tmp_path_factory.mktemp("visits")).create()


@pytest.fixture
def field(_field, tmp_path):
    return _field.copy(tmp_path)


@pytest.fixture
def window(field, app, qtbot):
    made = open_window(field.home("Verifikator 1"), "member", PAGES)
    qtbot.waitUntil(lambda: made.page is not None and made.page.info.key == "visits")
    settle(made, qtbot)
    yield made
    close_window(made, qtbot)


def tab_to(qtbot, wanted):
    """Go on with Tab until a widget has the keyboard."""
    for _ in range(80):
        if QApplication.focusWidget() is wanted:
            return
        qtbot.keyClick(QApplication.focusWidget() or wanted.window(), Qt.Key.Key_Tab)
    raise AssertionError(wanted.objectName())


def opened_visit(window, qtbot):
    """Open the first visit of the list with Enter."""
    press(window, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.info.key == "visit")
    settle(window, qtbot)
    return window.page


def choose(monkeypatch, *paths):
    monkeypatch.setattr(
        "kipp_desktop.gui.dialogs.files.choose_open", lambda *_args, **_named: list(paths)
    )


def saved(field, name="Verifikator 1", number="01"):
    """Return the visit as it stands in that verifier's home."""
    with opened(field.home(name)) as (home, panel):
        visitor = fieldwork.visitor_of(panel, home.card(panel.competition, "member"))
        return next(v for v in fieldwork.visits(panel, visitor) if v.entry.number == number)


def fill(window, qtbot, page, monkeypatch, photos):
    """Make a visit by keyboard, with photos for its first claim."""
    tab_to(qtbot, page.where.started)
    qtbot.keyClick(page.where.started, Qt.Key.Key_Up)
    tab_to(qtbot, page.where.place)
    type_text(window, qtbot, "Balai desa (-7.9500, 112.6100)")
    tab_to(qtbot, page.where.met)
    type_text(window, qtbot, "Kepala desa (Nama Uji)*")
    first = page.claims.cards[0]
    for card in page.claims.cards:
        tab_to(qtbot, card.group.button(0))
        qtbot.keyClick(card.group.button(0), Qt.Key.Key_Space)
        settle(window, qtbot)
    tab_to(qtbot, first.note)
    type_text(window, qtbot, "Buku tamu lengkap")
    choose(monkeypatch, *photos)
    tab_to(qtbot, first.files_button)
    press(window, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: first.photos.count() == len(photos), timeout=20_000)
    settle(window, qtbot)
    tab_to(qtbot, first.caption)
    type_text(window, qtbot, "Buku tamu")
    tab_to(qtbot, page.end.confirm_button)
    qtbot.keyClick(page.end.confirm_button, Qt.Key.Key_Space)
    tab_to(qtbot, page.end.reason)
    type_text(window, qtbot, "Sesuai")
    qtbot.waitUntil(lambda: not page.saver.isActive())
    settle(window, qtbot)


def test_a_visit_is_made_signed_corrected_and_handed_in_by_keyboard(  # noqa: PLR0917
    field, window, qtbot, monkeypatch, dialogs, tmp_path
):
    dialogs.expect("SigningDialog")
    photos = [
        photo(tmp_path / "satu.jpg", 1, place=PLACE),
        photo(tmp_path / "dua.jpg", 2, turned=True),
    ]
    page = opened_visit(window, qtbot)

    fill(window, qtbot, page, monkeypatch, photos)
    assert page.sign_button.isEnabled(), page.state_label.text()
    tab_to(qtbot, page.sign_button)
    qtbot.keyClick(page.sign_button, Qt.Key.Key_Space)
    press_ok(window, qtbot, modal(qtbot))
    assert page._read.view.state == "final"

    tab_to(qtbot, page.unlock_button)
    press(window, qtbot, Qt.Key.Key_Space)
    tab_to(qtbot, page.end.reason)
    type_text(window, qtbot, " sekali")
    qtbot.waitUntil(page.sign_button.isEnabled)
    tab_to(qtbot, page.sign_button)
    qtbot.keyClick(page.sign_button, Qt.Key.Key_Space)
    dialog = modal(qtbot)
    dialog.reason.setFocus()
    qtbot.keyClicks(dialog.reason, "Kurang lengkap")
    press_ok(window, qtbot, dialog)

    out = tmp_path / "serah.kipp"
    monkeypatch.setattr("kipp_desktop.gui.dialogs.files.choose_save", lambda *_a, **_n: out)
    window.house.go_to("hand-in")
    settle(window, qtbot)
    tab_to(qtbot, window.page.write_button)
    press(window, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(out.exists)
    close_competition(window, qtbot)
    done(field.desk, "merge", out)
    row = done(field.desk, "observe", "list")["visits"][0]
    assert [(o["effect"], o["photos"]) for o in row["observations"]] == [("confirm", 2)]


def test_every_change_is_saved_by_itself(field, window, qtbot):
    page = opened_visit(window, qtbot)
    tab_to(qtbot, page.where.place)
    type_text(window, qtbot, "Balai desa")
    qtbot.waitUntil(lambda: not page.saver.isActive())
    settle(window, qtbot)
    close_competition(window, qtbot)

    view = saved(field)

    assert view.visit.place == "Balai desa"
    assert view.state == "draft"


def test_what_is_typed_last_is_saved_when_another_page_is_shown(field, window, qtbot):
    page = opened_visit(window, qtbot)
    tab_to(qtbot, page.where.place)
    qtbot.keyClicks(page.where.place, "Balai")
    window.house.go_to("visits")
    settle(window, qtbot)
    close_competition(window, qtbot)

    assert saved(field).visit.place == "Balai"


def test_a_claim_found_on_site_is_added(field, window, qtbot):
    page = opened_visit(window, qtbot)
    tab_to(qtbot, page.claims.claim_button)
    press(window, qtbot, Qt.Key.Key_Space)
    type_text(window, qtbot, "Antrean tertib")
    qtbot.waitUntil(lambda: not page.saver.isActive())
    settle(window, qtbot)
    close_competition(window, qtbot)

    assert [one.claim for one in saved(field).visit.findings][-1] == "Antrean tertib"


def test_a_broken_photo_says_why_and_stops_nothing(field, window, qtbot, monkeypatch, tmp_path):
    broken = tmp_path / "rusak.jpg"
    broken.write_bytes(b"\xff\xd8\xff" + bytes(100))
    page = opened_visit(window, qtbot)
    choose(monkeypatch, broken, photo(tmp_path / "baik.jpg"))
    card = page.claims.cards[0]
    tab_to(qtbot, card.files_button)
    press(window, qtbot, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: card.photos.count() == 1, timeout=20_000)
    settle(window, qtbot)

    assert "rusak.jpg" in window.messages.what_label.text()


def test_remarks_of_a_photo_are_neutral(field, window, qtbot, monkeypatch, tmp_path):
    page = opened_visit(window, qtbot)
    choose(monkeypatch, photo(tmp_path / "satu.jpg", place=PLACE))
    card = page.claims.cards[0]
    tab_to(qtbot, card.files_button)
    press(window, qtbot, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: card.photos.count() == 1, timeout=20_000)
    qtbot.waitUntil(lambda: "tempat yang disebutkan" in card.remark_label.text())


def test_a_picture_on_the_clipboard_is_pasted_and_a_text_stays_a_text(field, window, qtbot):
    page = opened_visit(window, qtbot)
    card = page.claims.cards[0]
    picture = QImage(64, 48, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    clipboard = QApplication.clipboard()
    tab_to(qtbot, card.note)

    clipboard.setText("Buku tamu ada")
    press(window, qtbot, Qt.Key.Key_V, CONTROL)
    clipboard.setImage(picture)
    press(window, qtbot, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: card.photos.count() == 1, timeout=20_000)
    clipboard.clear()
    tab_to(qtbot, card.paste_button)
    press(window, qtbot, Qt.Key.Key_V, CONTROL)
    told = window.messages.what_label.text()
    close_competition(window, qtbot)

    finding = saved(field).visit.findings[0]
    assert finding.note == "Buku tamu ada"
    assert [item.name for item in finding.evidence] == ["tempelan.png"]
    assert told == say(Text("There is no picture on the clipboard."))


def test_files_and_folders_are_dropped_on_a_claim(field, window, qtbot, tmp_path):
    folder = tmp_path / "DCIM"
    folder.mkdir()
    photo(folder / "satu.jpg", 1)
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(path)) for path in (folder, pdf(tmp_path / "surat.pdf"))])
    page = opened_visit(window, qtbot)
    card = page.claims.cards[1]
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, NO_MODIFIER

    QApplication.sendEvent(card, QDragEnterEvent(QPoint(9, 9), copy, held, left, none))
    QApplication.sendEvent(card, QDropEvent(QPointF(9, 9), copy, held, left, none))
    qtbot.waitUntil(lambda: card.photos.count() == 2, timeout=20_000)
    settle(window, qtbot)
    close_competition(window, qtbot)

    evidence = saved(field).visit.findings[1].evidence
    assert [(item.kind, item.name) for item in evidence] == [
        ("photo", "satu.jpg"),
        ("document", "surat.pdf"),
    ]


def test_taking_photos_in_can_be_stopped_and_gone_on_with(
    field, window, qtbot, monkeypatch, tmp_path
):
    folder = tmp_path / "DCIM"
    folder.mkdir()
    for number in range(12):
        photo(folder / f"{number:02}.jpg", number, size=(60, 40))
    page = opened_visit(window, qtbot)
    card = page.claims.cards[0]
    monkeypatch.setattr(
        "kipp_desktop.gui.dialogs.files.choose_folder", lambda *_args, **_named: folder
    )

    tab_to(qtbot, card.folder_button)
    qtbot.keyClick(card.folder_button, Qt.Key.Key_Space)
    window.tasks.running[0].cancel()
    settle(window, qtbot)
    stopped = card.photos.count()
    press(window, qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.photos.count() == 12, timeout=20_000)
    settle(window, qtbot)
    close_competition(window, qtbot)

    assert stopped < 12
    assert len({item.original for item in saved(field).visit.findings[0].evidence}) == 12


def test_everything_a_finger_must_hit_is_48_pixels_high_and_named(window, qtbot):
    for page in (window.page, opened_visit(window, qtbot)):
        assert unnamed_controls(page) == []
        low = [(w.objectName(), w.height()) for w in controls(page) if w.height() < 48]
        assert low == []


def test_a_verifier_sees_visits_and_hand_in(window):
    keys = [info.key for info in window.infos if info.in_sidebar]

    assert keys == ["visits", "approval", "hand-in", "settings"]


@pytest.fixture(scope="session")
def _visited(_field, tmp_path_factory):
    visited = _field.copy(tmp_path_factory.mktemp("visited"))
    visited.merge(*(visited.visit(name) for name in CONCLUSIONS))
    return visited


@pytest.fixture
def desk_window(_visited, app, qtbot, tmp_path):
    visited = _visited.copy(tmp_path)
    made = open_window(visited.desk, "desk", PAGES)
    settle(made, qtbot)
    made.house.go_to("plenary")
    settle(made, qtbot)
    yield made
    qtbot.waitUntil(lambda: not made.tasks.busy, timeout=60_000)
    close_window(made, qtbot)


def test_the_desk_sees_who_differs_and_prints_the_documents(
    desk_window, qtbot, monkeypatch, tmp_path
):
    window, out = desk_window, tmp_path / "dokumen"
    monkeypatch.setattr("kipp_desktop.gui.dialogs.files.choose_folder", lambda *_a, **_n: out)
    qtbot.keyClick(window.page.field_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.page.info.key == "field")
    settle(window, qtbot)
    page = window.page
    told, unnamed = page.detail.toPlainText(), unnamed_controls(page)

    for button in (page.print_button, page.before_button):
        tab_to(qtbot, button)
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not window.tasks.busy, timeout=60_000)
    names = sorted(path.name for path in out.iterdir())

    assert "Perbedaan antarverifikator" in told
    assert unnamed == []
    assert names == [
        "berita-acara-verifikasi.pdf",
        *(f"laporan-verifikasi-0{n}.pdf" for n in (1, 2, 3)),
        *(f"lembar-kunjungan-0{n}.pdf" for n in (1, 2, 3)),
        "ringkasan-verifikasi.pdf",
        "surat-pemberitahuan-kunjungan.pdf",
    ]


def test_claims_are_typed_at_the_desk_or_come_from_a_table(
    desk_window, qtbot, monkeypatch, dialogs, tmp_path
):
    for name in ("RowsDialog", "ImportDialog"):
        dialogs.expect(name)
    window = desk_window
    window.house.go_to("field")
    settle(window, qtbot)
    page = window.page
    tab_to(qtbot, page.table)
    press(window, qtbot, Qt.Key.Key_Home, CONTROL)

    tab_to(qtbot, page.claims_button)
    press(window, qtbot, Qt.Key.Key_Space)
    dialog = modal(qtbot)
    tab_to(qtbot, dialog.add_button)
    press(window, qtbot, Qt.Key.Key_Space)
    type_text(window, qtbot, "Ada laporan bulanan")
    press(window, qtbot, Qt.Key.Key_Return)
    press_ok(window, qtbot, dialog)
    typed = [(one.text, one.by) for one in page._board.lines[0].claims]
    choose(monkeypatch, table(tmp_path / "k.csv", ("nomor", "klaim"), [("01", "Ada SOP")]))
    tab_to(qtbot, page.table_button)
    press(window, qtbot, Qt.Key.Key_Space)
    for _ in range(3):
        press(window, qtbot, Qt.Key.Key_Return)

    assert typed[-1] == ("Ada laporan bulanan", "desk")
    assert [one.text for one in page._board.lines[0].claims][-2:] == [
        "Ada laporan bulanan",
        "Ada SOP",
    ]
    assert say(Text("{count} claims go out with the next package.", count=2)) in (
        page.detail.toPlainText()
    )
