"""What a judge does beside marking: move, compare, look back, abstain, take turns, open files."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from kipp_desktop.domain.setup import Attachment, Entry
from kipp_desktop.domain.sheet import Notes
from kipp_desktop.errors import KippError
from kipp_desktop.gui.dialogs.papers import PapersDialog
from kipp_desktop.gui.idle_lock import IdleLock
from kipp_desktop.gui.opening import open_files
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.gui.stick_watch import StickWatch
from kipp_desktop.gui.widgets.slot_clock import SlotClock
from kipp_desktop.services import draft_copies, importing, inbox, joining, judging, moving, setup
from kipp_desktop.services.context import Context
from kipp_desktop.services.desk import record_status
from kipp_desktop.services.entry_papers import Papers, papers_of, unpack_file
from kipp_desktop.services.handing_in import drafts_table
from kipp_desktop.services.home import Home
from kipp_desktop.services.recognising import recognise
from kipp_desktop.services.sheet_history import sheet_history
from tests.window import accessibility, panels
from tests.window.judge_steps import ALT, CTRL, choose_in_menu, press, stored, type_marks
from tests.window.keyboard import keyboard, modal


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A desk with 6 entries, and one home in which Juri 1 and Juri 2 have joined; read only."""
    made = panels.publish_desk(tmp_path_factory.mktemp("published"), entries=6)
    panels.join_as(made, "Juri 2", "laptop", passphrase="tiga kata sandi")
    panels.join_as(made, "Juri 1", "laptop")
    return made


@pytest.fixture
def desk(published, tmp_path):
    """The same desk and judges, in folders of this test's own."""
    return panels.copy_of(published, tmp_path)


@pytest.fixture
def judge(desk):
    """Juri 1 at work without a window: home, panel, marker, identity."""
    home = Home(Context(home=desk.folder / "laptop"))
    card = home.card(desk.listed.id, "member", "Juri 1")
    with home.open(home.choose()) as panel:
        yield home, panel, judging.marker_of(panel, card), home.unlock(card)


@pytest.fixture
def window(app, desk, qtbot):
    home = Home(Context(home=desk.folder / "laptop"))
    home.unlock(home.card(desk.listed.id, "member", "Juri 1"))  # who signed last is taken
    made = panels.open_window(desk.folder / "laptop", "member", PAGES)
    panels.settle(made, qtbot)
    yield made
    panels.close_window(made, qtbot)


def entries_of(panel):
    return {entry.number: entry.id for entry in panel.setup.entries}


def mark_all(at, number, marks, notes=None):
    home, panel, marker, _ = at
    entry = entries_of(panel)[number]
    for leaf, mark in zip(judging.rubric_of(panel, marker.stage).judged.leaves, marks, strict=True):
        judging.set_mark(home, panel, marker, entry, leaf.id, Fraction(mark))
    if notes is not None:
        judging.set_notes(home, panel, marker, entry, notes)
    return entry


# --- moving, history, notes that stay here ---


def test_a_draft_on_the_wrong_entry_goes_to_the_right_one_with_its_notes(window, qtbot, dialogs):
    type_marks(window, qtbot, "87096")
    window.page.notes.private_note.setFocus()
    panels.type_text(window, qtbot, "nanti lagi")
    dialogs.expect("MoveDialog")

    press(window, qtbot, Qt.Key.Key_M, CTRL)
    dialog = modal(qtbot)
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert not ok.isEnabled()
    qtbot.keyClicks(keyboard(), "4")
    assert "Inovasi Contoh 4" in dialog.target_label.text()
    panels.press_ok(window, qtbot, dialog)

    view, marks = stored(window, qtbot, "4")
    assert marks == [8, 7, 10, 9, 6]
    assert view.notes.private == "nanti lagi"
    assert stored(window, qtbot, "1")[0].state == "empty"
    assert window.page.head.title.text().startswith("4 ·")
    assert not window.page.bar.undo_button.isEnabled()


def test_marks_are_not_moved_onto_others(window, qtbot, dialogs):
    type_marks(window, qtbot, "87096")
    press(window, qtbot, Qt.Key.Key_Down, ALT)
    panels.type_text(window, qtbot, "5")
    dialogs.expect("MoveDialog")

    press(window, qtbot, Qt.Key.Key_M, CTRL)
    dialog = modal(qtbot)
    for number in ("1", "2", "99"):
        dialog.number.setText(number)
        assert not dialog.target
    dialog.reject()
    panels.settle(window, qtbot)

    assert stored(window, qtbot, "1")[1] == [8, 7, 10, 9, 6]


def test_signed_marks_move_by_a_withdrawal_and_a_new_sheet_which_then_counts(desk, judge):
    home, panel, marker, identity = judge
    source = mark_all(judge, "1", "87696", Notes(private="hanya saya"))
    target = entries_of(panel)["3"]
    judging.submit(home, panel, marker, identity)

    with pytest.raises(KippError, match="reason"):
        moving.move_signed(home, panel, marker, identity, source, target, " ")
    moving.move_signed(home, panel, marker, identity, source, target, "Salah nomor")

    bodies = [record.body for record in panel.records(marker.author, "score-sheet")]
    assert [(b["entry"], b["marks"] is None, b["reason"]) for b in bodies] == [
        (source, False, None),
        (source, True, "Salah nomor"),
        (target, False, "Salah nomor"),
    ]
    assert judging.sheet(panel, marker, source).state == "empty"
    assert judging.sheet(panel, marker, target).state == "final"
    assert judging.sheet(panel, marker, target).notes.private == "hanya saya"
    assert [v.kind for v in sheet_history(panel, marker, source)] == ["signed", "withdrawn"]
    out = desk.folder / "juri-1.kipp"
    joining.write_hand_in(panel, identity.card, out)
    with desk.home.open(desk.listed) as at_desk:
        inbox.merge(desk.home, at_desk, [out])
        counted = at_desk.projection.counted_details("presentasi")
    assert [row[0] for row in counted] == [target]


def test_the_history_holds_every_version_with_time_total_and_reason(judge):
    home, panel, marker, identity = judge
    entry = mark_all(judge, "2", "88888")
    judging.submit(home, panel, marker, identity)
    mark_all(judge, "2", "98888")
    judging.submit(home, panel, marker, identity, reason="Salah baca")

    versions = sheet_history(panel, marker, entry)

    assert [(v.number, v.kind, v.reason) for v in versions] == [
        (1, "signed", ""),
        (2, "corrected", "Salah baca"),
    ]
    assert [mark for _, mark in versions[1].marks] == [9, 8, 8, 8, 8]
    assert versions[0].total == 80
    assert versions[1].total > 80
    assert versions[0].at <= versions[1].at


def test_a_private_note_leaves_this_laptop_in_no_file(desk, judge):
    home, panel, marker, identity = judge
    notes = Notes(feedback="untuk inovator", check="lihat loket", private="RAHASIA-KU")
    mark_all(judge, "1", "87696", notes)
    mark_all(judge, "2", "87696", notes)
    judging.submit(home, panel, marker, identity, [entries_of(panel)["1"]])

    out, table = desk.folder / "juri-1.kipp", desk.folder / "stik"
    table.mkdir()
    joining.write_hand_in(panel, identity.card, out)
    draft_copies.write_copy(identity.card, table, *drafts_table(panel, marker))

    with zipfile.ZipFile(out) as bundle:
        sent = b"".join(bundle.read(name) for name in bundle.namelist())
    copied = (table / "juri-1_draf.csv").read_bytes()
    assert b"lihat loket" in sent
    assert b"untuk inovator" in copied
    assert b"RAHASIA-KU" not in sent + copied
    assert judging.sheet(panel, marker, entries_of(panel)["1"]).notes.private == "RAHASIA-KU"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_history_and_a_signed_move_are_reached_by_keyboard(window, qtbot, dialogs):
    type_marks(window, qtbot, "87096")
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)
    dialogs.expect("SigningDialog")
    press(window, qtbot, Qt.Key.Key_Return, CTRL)
    panels.press_ok(window, qtbot, modal(qtbot))
    page = window.page
    page.grid.start(at=next(row.entry for row in page.model.rows() if row.number == "1"))

    dialogs.expect("MoveDialog")
    press(window, qtbot, Qt.Key.Key_M, CTRL)
    dialog = modal(qtbot)
    qtbot.keyClicks(dialog.number, "5")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    qtbot.keyClicks(dialog.reason, "Salah nomor")
    panels.press_ok(window, qtbot, dialog)
    assert page.model.row_of(page.grid.currentIndex().row()).number == "5"
    assert stored(window, qtbot, "5")[0].state == "final"

    press(window, qtbot, Qt.Key.Key_1, CTRL)
    panels.settle(window, qtbot)
    window.page.entries.select(stored(window, qtbot, "5")[0].entry.id)
    panels.settle(window, qtbot)
    dialogs.expect("SheetHistoryDialog")
    choose_in_menu(window, qtbot, "history_action")
    dialog = modal(qtbot)
    assert [v.reason for v in dialog.model.shown_rows()] == ["Salah nomor"]
    panels.press_ok(window, qtbot, dialog)


# --- comparing, standing, clock ---


def test_an_absent_team_is_no_gap_but_marks_given_to_it_stand(window, desk, qtbot):
    newer = desk.folder / "tanda-terima.kipp"
    with desk.home.open(desk.listed) as panel:
        for number in ("1", "3"):
            record_status(desk.home, panel, number, "absent", "Tidak datang")
        setup.write_package(panel, newer, "receipt")
    type_marks(window, qtbot, "87096")

    drop(window, newer)
    panels.settle(window, qtbot)
    progress = window.page.entries.progress_label.text()
    press(window, qtbot, Qt.Key.Key_2, CTRL)
    panels.settle(window, qtbot)

    assert progress == "1 dari 5 selesai"
    rows = {row.number: row for row in window.page.model.rows()}
    assert (rows["1"].key, rows["1"].due) == ("complete", True)
    assert (rows["3"].key, rows["3"].due) == ("absent", False)
    assert window.page.model.rows()[-1] is rows["3"]
    assert "3" not in window.page.open_label.text()


def test_own_marks_are_compared_beside_the_sheet_and_follow_it(window, qtbot):
    page = window.page
    for mark in "795":
        panels.type_text(window, qtbot, mark)
        press(window, qtbot, Qt.Key.Key_Down, ALT)

    press(window, qtbot, Qt.Key.Key_B, CTRL)
    dialog = page._compare
    assert [(line.number, line.mark) for line in dialog.model.shown_rows()] == [
        ("2", 9),
        ("1", 7),
        ("3", 5),
    ]
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    page.criteria.focus("kebaruan")
    panels.type_text(window, qtbot, "8")

    assert [line.number for line in dialog.model.shown_rows()] == ["2", "4", "1", "3"]
    press(window, qtbot, Qt.Key.Key_Down)
    assert dialog.criterion_choice.currentData() == "efektif"
    assert dialog.model.shown_rows() == []
    press(window, qtbot, Qt.Key.Key_B, CTRL)
    assert page._compare is None


def test_f8_fills_the_screen_with_numbers_and_never_with_marks(window, qtbot, dialogs):
    type_marks(window, qtbot, "87096")
    dialogs.expect("StandingScreen")

    press(window, qtbot, Qt.Key.Key_F8)
    screen = modal(qtbot)

    said = {label.text() for label in screen.findChildren(QLabel) if label.isVisible()}
    assert screen.isFullScreen()
    assert {"1 dari 6 selesai", "2–6", "belum ada yang ditandatangani"} <= said
    assert not any("80" in text or "76" in text for text in said)
    assert accessibility.clipped_texts(screen) == []
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    press(window, qtbot, Qt.Key.Key_F8)
    qtbot.keyClick(modal(qtbot), Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_the_slot_clock_changes_its_colour_once_a_minute_before_the_end(app, qtbot):
    now = [0.0]
    clock = SlotClock(lambda: now[0])
    qtbot.addWidget(clock)
    clock.set_parts([("paparan", 7), ("wawancara", 20)])
    clock.turn()
    colours = []

    for second in range(7 * 60 + 30):
        now[0] = float(second)
        clock.tick()
        if not colours or colours[-1][1] != clock.time_label.property("chip"):
            colours.append((second, clock.time_label.property("chip")))

    assert colours == [(0, "calm"), (6 * 60, "wait")]
    assert clock.time_label.text() == "+0.29"
    clock.next_part()
    assert clock.running
    assert clock.left == 20 * 60
    clock.turn()
    now[0] += 100
    assert clock.left == 20 * 60
    clock.reset()


def test_the_clock_is_shown_on_demand_and_marking_goes_on_without_it(window, qtbot):
    page = window.page
    assert page.clock.isHidden() or not page.clock.isVisible()

    page.head.clock_action.trigger()
    press(window, qtbot, Qt.Key.Key_Space)
    running = page.clock.running
    page.criteria.focus("kebaruan")
    panels.type_text(window, qtbot, "8")
    page.head.clock_action.trigger()

    assert running
    assert not page.clock.running
    assert stored(window, qtbot, "1")[1][0] == 8


# --- abstaining from everything ---


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_judge_who_is_absent_abstains_from_all_and_takes_it_back(window, qtbot, dialogs):
    dialogs.expect("AbstentionDialog")
    dialogs.expect("SigningDialog")
    choose_in_menu(window, qtbot, "abstain_all_action")
    dialog = modal(qtbot)
    assert "Semua 6 inovasi" in dialog.entry_label.text()
    dialog.absent.click()
    dialog.reason.setPlainText("Sakit")
    panels.press_ok(window, qtbot, dialog)
    assert {stored(window, qtbot, n)[0].abstained for n in "136"} == {True}

    choose_in_menu(window, qtbot, "withdraw_all_action")
    dialog = modal(qtbot)
    qtbot.keyClicks(dialog.reason, "Sudah hadir")
    panels.press_ok(window, qtbot, dialog)

    assert {stored(window, qtbot, n)[0].abstained for n in "136"} == {False}


# --- several judges at one laptop ---


def test_the_next_judge_takes_over_with_f9_and_sees_only_their_own(window, qtbot, dialogs):
    panels.type_text(window, qtbot, "7")
    dialogs.expect("WhoDialog")

    press(window, qtbot, Qt.Key.Key_F9)
    dialog = modal(qtbot)
    names = [row[1].name for row in dialog.model.shown_rows()]
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.house.session.person == "Juri 2")
    panels.settle(window, qtbot)

    assert names == ["Juri 2"]
    assert stored(window, qtbot, "1")[1][0] is None
    panels.type_text(window, qtbot, "9")
    assert stored(window, qtbot, "1")[1][0] == 9


def test_a_judge_with_a_passphrase_takes_over_behind_the_curtain(window, qtbot, dialogs):
    IdleLock(window)
    dialogs.expect("WhoDialog")
    dialogs.expect("Curtain")
    press(window, qtbot, Qt.Key.Key_F9)
    qtbot.keyClick(modal(qtbot).table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: type(QApplication.activeModalWidget()).__name__ == "Curtain")
    curtain = modal(qtbot)

    hidden = not window.centralWidget().isVisible()
    curtain.passphrase.setText("tiga kata sandi")
    curtain.open_button.click()
    qtbot.waitUntil(lambda: window.centralWidget().isVisible(), timeout=20_000)

    assert hidden
    assert window.house.session.person == "Juri 2"


# --- files that are dropped or double-clicked ---


def test_a_file_is_recognised_by_what_it_is_for_here(desk, judge, tmp_path):
    home, panel, _, identity = judge
    sheets = desk.folder / "sesuatu.bin"
    joining.write_hand_in(panel, identity.card, sheets)
    elsewhere = Home(Context(home=tmp_path / "kosong"))
    rubbish = tmp_path / "paket.kipp"
    rubbish.write_bytes(b"PK")

    assert recognise(elsewhere, desk.package).act == "join"
    assert recognise(home, desk.package).act == "update"
    assert recognise(home, desk.package, identity.card).card == identity.card
    assert recognise(desk.home, sheets).act == "receive"
    assert recognise(elsewhere, tmp_path / "berita-acara.pdf").act == "check"
    with pytest.raises(KippError) as refused:
        recognise(home, sheets)
    assert refused.value.code == "not-for-here"
    with pytest.raises(KippError) as refused:
        recognise(home, rubbish)
    assert refused.value.code == "bad-file"
    at_desk = desk.home.card(desk.listed.id, "desk")
    assert recognise(desk.home, rubbish, at_desk).act == "receive"


def test_what_a_judge_handed_in_and_drops_on_the_desks_window_is_merged(
    app, desk, judge, qtbot, dialogs
):
    home, panel, marker, identity = judge
    mark_all(judge, "1", "87696")
    judging.submit(home, panel, marker, identity)
    out = desk.folder / "juri-1.kipp"
    joining.write_hand_in(panel, identity.card, out)
    window = panels.open_window(desk.folder / "desk", "desk", PAGES)
    panels.settle(window, qtbot)

    dialogs.expect("ArrivalPreviewDialog")

    assert drop(window, out)
    panels.press_ok(window, qtbot, modal(qtbot))

    key = window.page.info.key
    panels.close_window(window, qtbot)
    with desk.home.open(desk.listed) as at_desk:
        counted = at_desk.projection.counted_details("presentasi")
    assert key == "inbox"
    assert len(counted) == 1


def drop(window, path):
    """Drop a file on the middle of a window, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle = QPointF(window.rect().center())
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle.toPoint(), action, data, left, none)
    QApplication.sendEvent(window, enter)
    QApplication.sendEvent(window, QDropEvent(middle, action, data, left, none))
    return enter.isAccepted()


def test_a_newer_package_dropped_on_the_window_is_read(window, desk, qtbot):
    with desk.home.open(desk.listed) as panel:
        newer = desk.folder / "paket-2.kipp"
        setup.publish_plan(desk.home, panel, newer)
        last = panel.state.head
    panels.type_text(window, qtbot, "7")

    assert drop(window, newer)
    panels.settle(window, qtbot)

    assert window.house.session.context.panel.state.head == last
    assert "paket-2.kipp" in window.messages.what_label.text()
    assert stored(window, qtbot, "1")[1][0] == 7


def test_what_a_new_package_changes_is_told_once_and_the_marks_stay(window, desk, qtbot, dialogs):
    dialogs.expect("PlanNewsDialog")
    table = desk.folder / "inovasi.csv"
    table.write_text(table.read_text().replace("Inovasi Contoh 2", "Inovasi Baru"))
    newer = desk.folder / "paket-2.kipp"
    with desk.home.open(desk.listed) as panel:
        importing.import_entries(desk.home, panel, table)
        setup.publish_plan(desk.home, panel, newer)
    panels.type_text(window, qtbot, "7")

    drop(window, newer)
    dialog = modal(qtbot)
    told = dialog.changes_label.text()
    panels.press_ok(window, qtbot, dialog)
    drop(window, newer)
    panels.settle(window, qtbot)

    assert "Inovasi Baru" in told
    assert QApplication.activeModalWidget() is None
    assert stored(window, qtbot, "1")[1][0] == 7


def test_a_package_opened_on_an_empty_laptop_asks_who_joins(app, desk, qtbot, tmp_path, dialogs):
    from kipp_desktop.gui.crash import CrashReporter
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.gui.pages.base import NOBODY
    from kipp_desktop.settings import Settings
    from tests.window.conftest import show_active

    folder = tmp_path / "baru"
    window = MainWindow(
        Settings.load(folder / "settings.toml"), CrashReporter(folder / "log"), PAGES, folder
    )
    window.apply_settings()
    window.set_session(NOBODY)
    show_active(window)
    dialogs.expect("JoinDialog")

    open_files(window, [desk.package])
    dialog = modal(qtbot)
    qtbot.waitUntil(lambda: dialog.person.count() == 2)
    dialog.reject()
    open_files(window, [desk.folder / "tidak-ada.kipp"])
    panels.settle(window, qtbot)

    assert window.messages.isVisible()
    panels.close_window(window, qtbot)


# --- sticks ---


def rest(watch, window, qtbot):
    """Wait until a look, and the copies that came of it, are over."""
    quiet = 0
    while quiet < 3:
        qtbot.waitUntil(lambda: not watch.busy)
        panels.settle(window, qtbot)
        quiet = 0 if watch.busy else quiet + 1


def test_a_stick_that_hangs_keeps_nobody_from_marking_or_closing(window, qtbot):
    released = threading.Event()

    def hang():
        released.wait(20)
        return frozenset()

    watch = StickWatch(window, hang)
    watch.look()

    panels.type_text(window, qtbot, "8")
    marks = stored(window, qtbot, "1")[1]

    assert watch.busy
    assert marks[0] == 8
    assert not window.tasks.busy
    released.set()
    rest(watch, window, qtbot)
    watch.deleteLater()


def test_drafts_go_to_a_stick_of_the_competition_and_to_no_other(window, desk, qtbot, tmp_path):
    ours, other, full = tmp_path / "kipp", tmp_path / "paparan", tmp_path / "penuh"
    for stick in (ours, other, full):
        stick.mkdir()
    (ours / "paket.kipp").write_bytes(desk.package.read_bytes())
    (full / "paket.kipp").write_bytes(desk.package.read_bytes())
    (full / "juri-1_draf.csv.part").mkdir()  # nothing can be written there
    mounted = set()
    watch = StickWatch(window, lambda: frozenset(mounted))
    type_marks(window, qtbot, "87")
    watch.look()
    rest(watch, window, qtbot)

    mounted |= {ours, other, full}
    watch.look()
    rest(watch, window, qtbot)

    copy = ours / "juri-1_draf.csv"
    assert copy.read_text("utf-8-sig").splitlines()[1] == "1;8;7;;;;"
    assert list(other.iterdir()) == []
    assert not (full / "juri-1_draf.csv").exists()
    assert "juri-1_draf.csv" in window.messages.what_label.text()
    type_marks(window, qtbot, "9")
    watch.copy_again()
    rest(watch, window, qtbot)
    assert copy.read_text("utf-8-sig").splitlines()[1] == "1;8;7;9;;;"
    watch.deleteLater()


# --- what belongs to an entry ---


def test_links_are_found_and_files_are_written_out_by_what_they_are(judge, tmp_path):
    _, panel, _, _ = judge
    data = b"%PDF-1.7 contoh"
    file = Attachment("../Proposal akhir.exe", panel.blobs.put(data), len(data), "pdf")
    fields = (("video", "lihat https://contoh.id/v?1, lalu"), ("lain", "https://contoh.id/v?1"))
    entry = Entry("e1", "1", "Judul", fields=fields, summary="", attachments=(file,))

    papers = papers_of(entry)
    path = unpack_file(panel, file, tmp_path)

    assert papers == Papers((file,), ("https://contoh.id/v?1",))
    assert path == tmp_path / file.sha256[:16] / "_Proposal akhir.pdf"
    assert path.read_bytes() == data
    with pytest.raises(KippError) as missing:
        unpack_file(panel, Attachment("x.pdf", "0" * 64, 1, "pdf"), tmp_path)
    assert missing.value.code == "missing-blob"


def test_what_an_innovation_brought_is_one_key_away(window):
    page = window.page
    view = page.sheets.views()[0]
    assert not page.head.papers_button.isVisible()

    linked = replace(view.entry, fields=(("video", "https://contoh.id/v"),))
    page.head.show_entry(page.sheets.book, replace(view, entry=linked))

    assert page.head.papers_button.isVisible()
    assert "1" in page.head.papers_button.text()


def test_a_link_is_opened_only_after_a_yes(window, qtbot, dialogs):
    dialogs.expect("PapersDialog")
    dialogs.expect("ConfirmDialog")
    entry = Entry("e1", "1", "Judul", summary="https://contoh.id/v")
    dialog = PapersDialog(window.page, entry, papers_of(entry))
    dialog.open()

    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    asked = modal(qtbot)

    assert type(asked).__name__ == "ConfirmDialog"
    assert "https://contoh.id/v" in asked.then_label.text()
    asked.reject()
    dialog.reject()


def test_the_new_dialogs_can_be_used_by_everybody(window, qtbot, dialogs):
    dialogs.expect("MoveDialog")
    type_marks(window, qtbot, "87096")
    press(window, qtbot, Qt.Key.Key_M, CTRL)
    dialog = modal(qtbot)

    assert accessibility.unnamed_controls(dialog) == []
    assert accessibility.unreachable_controls(dialog) == []
    dialog.reject()
    panels.settle(window, qtbot)
    window.page.head.clock_action.trigger()
    panels.settle(window, qtbot)
    assert accessibility.unnamed_controls(window.page) == []
    assert accessibility.unreachable_controls(window.page) == []


def test_a_file_named_with_the_command_is_understood():
    from kipp_desktop.gui.app import _parser

    wanted = _parser().parse_args(["--lang", "id", "paket.kipp"])

    assert wanted.files == [Path("paket.kipp")]
