"""An outsider checks results by keyboard alone, with no competition on the laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui.dialogs import files as file_dialogs
from tests.window import panel_day
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.panel_day import column, open_page, press, said, settle, tab_to, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hari")
    day = panel_day.begin(folder)
    day.publish(folder / "hasil")
    return day


@pytest.fixture
def outsider(app, tmp_path, qtbot):
    window = panel_day.open_window(tmp_path, None, qtbot)
    yield window
    panel_day.close_window(window, qtbot)


def choose(monkeypatch, *paths: Path):
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_args, **_more: list(paths))


def test_a_good_file_holds_and_the_signer_is_known_once_the_words_are_typed(
    outsider, results, monkeypatch, qtbot
):
    out = results.folder / "hasil"
    choose(monkeypatch, out / "hasil-publik.kipp", out / "berita-acara.pdf")
    page = open_page(outsider, "check", qtbot)

    press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    settle(outsider, qtbot)
    before = page.verdict_label.text()
    tab_to("words")
    write(results.words)
    press(Qt.Key.Key_Return)
    settle(outsider, qtbot)

    assert before == said("These files are whole; the signer was not compared.")
    assert page.verdict_label.text() == said("These files hold.")
    assert {text[0] for text in column(page.checks, 0)} == {"✓"}
    assert column(page.ranking, 1) == ["1", "2", "4", "3", "5"]
    assert column(page.ranking, 0) == ["1", "2", "3", "4", "5"]
    assert column(page.ranking, 4)[0] == "90,00"


def test_a_changed_file_does_not_hold_and_the_broken_promise_stands_first(
    outsider, results, monkeypatch, qtbot, tmp_path
):
    data = bytearray((results.folder / "hasil" / "hasil-publik.kipp").read_bytes())
    data[len(data) // 2] ^= 1
    changed = tmp_path / "hasil-publik.kipp"
    changed.write_bytes(data)
    choose(monkeypatch, changed, results.folder / "hasil" / "berita-acara.pdf")
    page = open_page(outsider, "check", qtbot)

    press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    settle(outsider, qtbot)

    assert page.verdict_label.text() == said("These files do not hold.")
    assert [text[0] for text in column(page.checks, 0)] == ["✗", *"✓✓✓✓✓"]
    assert "hasil-publik.kipp" in column(page.checks, 1)[0]
    assert not page.ranking.isVisible()


def test_words_of_another_desk_are_refused_and_misspelt_words_are_named(
    outsider, results, monkeypatch, qtbot
):
    choose(monkeypatch, results.folder / "hasil" / "hasil.kipp")
    page = open_page(outsider, "check", qtbot)
    tab_to("words")
    write("lautt kertas jendela pasar gula kayu")

    press(Qt.Key.Key_Return)
    settle(outsider, qtbot)
    problem = page.words_problem.text()
    tab_to("words")
    write(results.judge_words["Juri 1"])
    press(Qt.Key.Key_Return)
    settle(outsider, qtbot)

    assert "lautt" in problem
    assert page.words_problem.text() == ""
    assert page.verdict_label.text() == said("These files do not hold.")


def test_the_page_is_named_reachable_and_whole_at_200_percent(
    outsider, results, monkeypatch, qtbot
):
    choose(monkeypatch, results.folder / "hasil" / "hasil.kipp")
    page = open_page(outsider, "check", qtbot)
    press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    settle(outsider, qtbot)

    outsider.house.settings.text_size = 200
    outsider.apply_settings()
    settle(outsider, qtbot)

    assert unnamed_controls(page) == []
    assert unreachable_controls(page) == []
    assert clipped_texts(page) == []
