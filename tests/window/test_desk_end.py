"""The end of the day at the desk, by keyboard alone: merge, compare, rank, decide, publish."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.services import board, checking, published
from kipp_desktop.services.context import Context
from tests.window import panel_day
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
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
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    return panel_day.begin(tmp_path_factory.mktemp("hari"))


@pytest.fixture(autouse=True)
def preview(dialogs):
    dialogs.expect("ArrivalPreviewDialog")


def store(window, qtbot):
    """Say yes to what the files bring."""
    press(Qt.Key.Key_Return)
    settle(window, qtbot)


def choose(monkeypatch, *paths):
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_args, **_more: list(paths))


def test_the_secretary_brings_four_files_to_a_sealed_berita_acara(  # noqa: PLR0917 - fixtures
    at_desk, day, monkeypatch, qtbot, dialogs, tmp_path
):
    dialogs.expect("DecideDialog")
    dialogs.expect("PublishDialog")
    window = at_desk()
    inbox = open_page(window, "inbox", qtbot)
    choose(monkeypatch, *day.files.values())

    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    store(window, qtbot)
    waiting = column(inbox.files, 3)
    first = inbox.compare_card.title_label.text()
    tab_to("words")
    name = next(judge for judge in day.files if judge in first)
    write(day.judge_words[name][:-1] + "qx")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    problem = inbox.compare_card.problem_label.text()
    for _ in day.files:
        name = next(judge for judge in day.files if judge in inbox.compare_card.title_label.text())
        write(day.judge_words[name])
        press(Qt.Key.Key_Return)
        settle(window, qtbot)

    assert waiting == [said("Waits to be compared")] * 4
    assert "qx" in problem
    assert not inbox.compare_card.isVisible()
    assert all(text.startswith(said("Received {time}", time="")) for text in column(inbox.files, 3))
    assert [line.done for _, line, _, _ in inbox.completeness._rows] == [5, 5, 5, 5]

    ranking = open_page(window, "ranking", qtbot)
    hidden = ranking.table_card.isVisible()
    tab_to("show_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    before = column(ranking.table, 1)
    chips = column(ranking.table, 7)
    press_button(said("Decide…"))
    settle(window, qtbot)
    tab_to("order")
    press(Qt.Key.Key_Down, ALT)
    tab_to("reason")
    write("Dampak lebih luas (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert not hidden
    assert before == ["1", "2", "?", "?", "5"]
    assert chips[2:4] == [said("to decide")] * 2
    assert column(ranking.table, 2) == ["1", "2", "4", "3", "5"]
    assert column(ranking.table, 1) == ["1", "2", "3", "4", "5"]
    assert column(ranking.table, 0) == ["1", "2", "3", "3", "5"]
    assert column(ranking.table, 7) == ["Top 3", "Top 3", "Top 3", "", ""]
    assert not ranking.questions_card.isVisible()

    out = tmp_path / "hasil"
    results = open_page(window, "results", qtbot)
    tab_to("number")
    write("000.8/123/2021")
    tab_to("folder")
    write(str(out))
    press(Qt.Key.Key_Return, CONTROL)
    settle(window, qtbot)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    qtbot.waitUntil(lambda: bool(results.pdf.pages), timeout=20_000)

    shown = dict(zip(column(results.files, 0), column(results.files, 2), strict=True))
    assert shown == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()
    }
    assert results.words_label.text() == day.words
    assert len(results.pdf.pages) >= 2
    sealed = subprocess.run(
        ["pdfsig", "-nocert", str(out / "berita-acara.pdf")],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "Signature is Valid" in sealed
    assert "Total document signed" in sealed
    text = subprocess.run(
        ["pdftotext", "-layout", str(out / "berita-acara.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "000.8/123/2021" in text
    assert "Dampak lebih luas" in text
    verified = checking.verify(
        Context(home=tmp_path / "luar"), [out / "hasil-publik.kipp"], day.words
    )
    assert verified.ok


def test_a_changed_file_stands_first_and_says_why(at_desk, day, monkeypatch, qtbot, tmp_path):
    data = bytearray(day.files["Juri 2"].read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "nilai_final_fix.kipp"
    changed.write_bytes(data)
    window = at_desk()
    page = open_page(window, "inbox", qtbot)
    choose(monkeypatch, day.files["Juri 1"], changed, day.files["Juri 1"])

    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    store(window, qtbot)
    tab_to("files")
    press(Qt.Key.Key_Home, CONTROL)
    lines = column(page.files, 1)
    refused = lines.index(changed.name)
    for _ in range(refused):
        press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert column(page.files, 3)[refused] == said("Refused")
    assert column(page.files, 0)[refused] == "?"
    assert sorted(lines[:2]) == sorted([changed.name, day.files["Juri 1"].name])
    assert changed.name in window.messages.what_label.text()
    assert window.messages.next_label.text() != ""


def test_two_versions_of_one_laptop_are_told_apart_from_a_refused_file(  # noqa: PLR0917 - fixtures
    at_desk, day, handed_in, monkeypatch, qtbot, tmp_path
):
    original = handed_in.folder / "homes" / "juri-1"
    restored = tmp_path / "juri-1-lama"
    shutil.copytree(original, restored)
    files = [
        panel_day.sign_more(home, tmp_path / f"juri-1-{number}.kipp", number)
        for number, home in (("1", original), ("2", restored))
    ]
    window = at_desk()
    page = open_page(window, "inbox", qtbot)
    choose(monkeypatch, *files)

    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    store(window, qtbot)
    outcomes = dict(zip(column(page.files, 1), column(page.files, 3), strict=True))
    tab_to("files")
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert window.page.info.key == "keys"
    assert outcomes == {
        files[0].name: said("Waits to be compared"),
        files[1].name: said("Two different versions"),
    }
    assert column(page.files, 0) == ["Juri 1", "Juri 1"]


def test_groups_are_ranked_apart_under_tabs(at_desk, day, qtbot):
    day.merge(list(day.files))
    window = at_desk()
    page = open_page(window, "ranking", qtbot)
    tab_to("show_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    one = page._board

    page.show_board(
        replace(one, groups=(one.groups[0], replace(one.groups[0], id="khusus", name="Khusus")))
    )
    tab_to("group_tabs")
    press(Qt.Key.Key_Right)

    assert page.groups.isVisible()
    assert page._group == "khusus"
    assert column(page.table, 0) == ["1", "2", "3", "3", "5"]
    page.show_board(one)
    assert not page.groups.isVisible()


def test_a_laptop_can_be_put_off_and_taken_up_again_from_its_line(at_desk, day, monkeypatch, qtbot):
    window = at_desk()
    page = open_page(window, "inbox", qtbot)
    choose(monkeypatch, day.files["Juri 1"])
    press(Qt.Key.Key_O, CONTROL)
    settle(window, qtbot)
    store(window, qtbot)

    tab_to("later_button")
    press(Qt.Key.Key_Space)
    put_off = page.compare_card.isVisible()
    tab_to("files")
    press(Qt.Key.Key_Home, CONTROL)
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    write(day.judge_words["Juri 1"])
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    assert not put_off
    assert column(page.files, 3)[0].startswith(said("Received {time}", time=""))


def test_opening_the_ranking_early_stands_in_the_journal(at_desk, day, qtbot):
    day.merge(["Juri 1", "Juri 2"])
    window = at_desk()
    page = open_page(window, "ranking", qtbot)
    offered = page.minutes_button.isVisible()
    tab_to("show_button")

    press(Qt.Key.Key_Space)
    settle(window, qtbot)

    noted = []
    window.house.run(
        lambda _task: window.house.session.context.panel.workbench.document(board.JOURNAL),
        noted.append,
    )
    settle(window, qtbot)
    assert [item["what"] for item in noted[0]] == [board.OPENED]
    assert noted[0][0]["stages"] == ["presentasi"]
    assert page.table.isVisible()
    assert not offered
    assert page.minutes_button.isVisible()


def test_enter_on_a_place_shows_where_its_number_comes_from(at_desk, day, qtbot, dialogs):
    dialogs.expect("MakingDialog")
    day.merge(list(day.files))
    window = at_desk()
    open_page(window, "ranking", qtbot)
    tab_to("show_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    tab_to("table")
    press(Qt.Key.Key_Home, CONTROL)

    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    from PySide6.QtWidgets import QApplication

    dialog = QApplication.activeModalWidget()
    stage = dialog.tree.topLevelItem(0)
    judge = stage.child(0)
    parts = [[judge.child(line).text(column) for column in (1, 2, 3)] for line in range(5)]
    assert dialog.score_label.text() == "90,00"
    assert stage.childCount() == 4
    assert (judge.text(0), judge.text(3)) == ("Juri 1", "90")
    assert parts == [["9", "2", "18"]] * 5
    assert unnamed_controls(dialog) == []
    press(Qt.Key.Key_Escape)
    settle(window, qtbot)


def test_a_lot_is_drawn_and_recorded(at_desk, day, qtbot, dialogs):
    dialogs.expect("DecideDialog")
    day.merge(list(day.files))
    window = at_desk()
    page = open_page(window, "ranking", qtbot)
    tab_to("show_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    press_button(said("Decide…"))
    settle(window, qtbot)

    press(Qt.Key.Key_Down)
    tab_to("reason")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)
    tab_to("reason")
    write("Pleno menyerahkan kepada undian (contoh)")
    press(Qt.Key.Key_Return)
    settle(window, qtbot)

    ties = []
    window.house.run(lambda _task: window.house.session.context.panel.state.ties[-1], ties.append)
    settle(window, qtbot)
    assert ties[0].method == "lot"
    assert sorted(column(page.table, 1)[2:4]) == ["3", "4"]
    assert column(page.table, 7).count("Top 3") == 3


def test_a_scan_of_the_signed_copy_is_kept_and_changes_nothing_signed(
    at_desk, day, monkeypatch, qtbot, tmp_path
):
    day.publish(tmp_path / "hasil")
    scan = tmp_path / "pindaian.pdf"
    shutil.copy(tmp_path / "hasil" / "berita-acara.pdf", scan)
    ledgers = sorted(day.desk_home.glob("competitions/*/ledgers/*"))
    before = [path.read_bytes() for path in ledgers]
    window = at_desk()
    page = open_page(window, "results", qtbot)
    choose(monkeypatch, scan)
    tab_to("scan_button")

    press(Qt.Key.Key_Space)
    settle(window, qtbot)

    kept = []
    window.house.run(lambda _task: published.scans(window.house.session.context.panel), kept.append)
    settle(window, qtbot)
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    stored = next(day.desk_home.glob("competitions/*/scans/blobs/*"))
    assert [one.sha256 for one in kept[0]] == [sha256]
    assert stored.read_bytes() == scan.read_bytes()
    assert scan.name in page.scan_label.text()
    assert [path.read_bytes() for path in ledgers] == before


def test_what_was_published_can_be_checked_at_once(at_desk, day, qtbot, tmp_path):
    day.publish(tmp_path / "hasil")
    window = at_desk()
    open_page(window, "results", qtbot)
    tab_to("check_button")

    press(Qt.Key.Key_Space)
    settle(window, qtbot)

    assert window.page.info.key == "check"
    assert window.page._found.ok


def test_the_trail_says_every_record_and_shows_the_signed_line(at_desk, day, qtbot, tmp_path):
    day.publish(tmp_path / "hasil")
    window = at_desk()
    page = open_page(window, "audit", qtbot)
    everything = page.model.total()
    tab_to("table")
    press(Qt.Key.Key_Home, CONTROL)
    settle(window, qtbot)
    newest = page.line.toPlainText()
    hidden = page.line.isHidden()
    page.line_button.click()

    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    write("Dampak lebih luas")
    settle(window, qtbot)

    lines = [
        line
        for path in day.desk_home.glob("competitions/*/ledgers/*.ndjson")
        for line in path.read_text("utf-8").splitlines()
    ]
    assert everything == len(lines)
    assert newest in lines
    assert '"kind":"publication"' in newest
    assert hidden
    assert page.line.isVisible()
    assert column(page.table, 2) == [said("Decision")]


def test_every_page_of_the_end_is_named_reachable_and_whole(at_desk, day, qtbot, tmp_path):
    day.publish(tmp_path / "hasil")
    window = at_desk()

    for key in ("inbox", "ranking", "results", "audit"):
        page = open_page(window, key, qtbot)
        assert unnamed_controls(page) == []
        assert unreachable_controls(page) == []
        assert clipped_texts(page) == []
