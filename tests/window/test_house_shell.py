from __future__ import annotations

import threading
from importlib import import_module

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from kipp_desktop.domain.changes import Changes
from kipp_desktop.errors import KippError
from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.settings import Settings
from kipp_desktop.texts import Text
from tests.window import accessibility, demo
from tests.window.conftest import close, open_demo


def test_the_sidebar_shows_what_this_role_needs(window):
    window.set_session(demo.JUDGE)

    titles = [b.text() for b in window.sidebar.buttons]

    assert titles == ["Beranda", "Inovasi", "Panel && rubrik"]
    assert window.sidebar.person_label.text() == "Juri 1 (contoh)"


def test_pages_are_made_at_their_first_visit_and_only_once(window):
    assert set(window._made) == {"page0"}

    first = window.go_to("page3")
    window.go_to("page0")

    assert window.go_to("page3") is first
    assert window.go_to("door") is None


def test_control_and_a_digit_open_a_page(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)

    assert window.page.info.key == "page3"
    assert window.windowTitle() == "Acara · KIPP Kota Malang 2021 · KIPP Desktop"


def test_f6_goes_to_the_sidebar_and_back_to_where_one_was(window, qtbot):
    window.page.note.setFocus()

    qtbot.keyClick(window, Qt.Key.Key_F6)
    in_sidebar = window.sidebar.current_button().hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)

    assert in_sidebar
    assert window.page.note.hasFocus()


def test_arrows_walk_through_the_sidebar_and_enter_opens(window, qtbot):
    buttons = window.sidebar.buttons
    buttons[0].setFocus()

    qtbot.keyClick(buttons[0], Qt.Key.Key_Down)
    qtbot.keyClick(buttons[1], Qt.Key.Key_Down)
    qtbot.keyClick(buttons[2], Qt.Key.Key_Return)

    assert window.page.info.key == "page2"


def test_f1_lists_the_pages_own_keys_first(window, qtbot):
    dialog = window.show_keys()

    assert not dialog.isModal()
    assert dialog.accessibleDescription().startswith("Ctrl+Enter")
    dialog.close()


def test_an_error_says_what_happened_and_what_to_do_next_until_it_is_closed(window, qtbot):
    window.show_error(KippError("x", Text("It rained."), Text("Take an umbrella.")))

    assert window.messages.accessibleName() == "It rained. Take an umbrella."
    assert window.messages.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.messages.isVisible()


def test_escape_serves_the_field_first_and_then_the_message(window, qtbot):
    window.show_error(KippError("x", Text("It rained.")))
    window.page.finder.setFocus()
    qtbot.keyClicks(window.page.finder, "su")

    qtbot.keyClick(window.page.finder, Qt.Key.Key_Escape)
    first = (window.page.finder.text(), window.messages.isVisible())
    qtbot.keyClick(window.page.finder, Qt.Key.Key_Escape)

    assert first == ("", True)
    assert not window.messages.isVisible()


def test_every_page_of_the_registry_has_an_icon_a_role_and_a_module():
    for info in PAGES:
        module, _, name = str(info.factory).partition(":")
        assert info.icon in icons.names(), info.key
        assert info.roles, info.key
        assert hasattr(import_module(module), name), info.key
    for role in {role for info in PAGES for role in info.roles}:
        keys = [info.key for info in PAGES if role in info.roles]
        assert len(set(keys)) == len(keys), role


def test_good_news_goes_by_itself(window, qtbot):
    window.show_message(Text("Stored."))
    window.messages._clock.start(10)

    qtbot.waitUntil(lambda: not window.messages.isVisible())


def test_a_page_that_is_seen_reloads_after_changes_of_what_it_shows(window, qtbot):
    page = window.page

    window.house.changes.publish(Changes.of("people"))
    window.house.changes.publish(Changes.of("entries", entries=["e1"]))
    window.house.changes.publish(Changes.of("entries", entries=["e2"]))
    qtbot.waitUntil(lambda: page.loads == 2)

    assert page.watch.seen == Changes.of("entries", entries=["e1", "e2"])
    qtbot.wait(30)
    assert page.loads == 2


def test_a_hidden_page_reloads_when_it_is_shown_again(window, qtbot):
    page = window.page
    window.go_to("page3")

    window.house.changes.publish(Changes.of("entries"))
    qtbot.wait(30)
    loads_while_hidden = page.loads
    window.go_to("page0")
    qtbot.waitUntil(lambda: page.loads == 2)

    assert loads_while_hidden == 1


def test_what_a_service_changed_reaches_the_page_by_itself(window, qtbot):
    page = window.page

    qtbot.mouseClick(page.findChild(object, "save_button"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.loads == 2)


def test_short_work_shows_no_progress_and_long_work_does(window, qtbot):
    gate = threading.Event()

    window.house.run(lambda _c: None)
    qtbot.waitUntil(lambda: not window.tasks.busy)
    assert not window.strip.isVisible()

    def slow(context):
        context.progress(0.25, Text("Reading"))
        gate.wait(10)

    window.house.run(slow)
    qtbot.waitUntil(window.strip.isVisible)
    shown = (window.strip.text_label.text(), window.strip.bar.value())
    gate.set()
    qtbot.waitUntil(lambda: not window.strip.isVisible())

    assert shown == ("Reading", 250)


def test_escape_stops_long_work(window, qtbot):
    def slow(context):
        while True:
            context.progress(0.1)
            threading.Event().wait(0.01)

    window.house.run(slow)
    qtbot.waitUntil(window.strip.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.tasks.busy)

    assert window.messages.isVisible()


def test_closing_waits_for_what_is_being_written(window, qtbot):
    gate, written = threading.Event(), []
    window.house.run(lambda _c: (gate.wait(10), written.append(1)))

    window.close()
    open_while_writing = window.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: not window.isVisible())

    assert open_while_writing
    assert written == [1]


def test_the_window_comes_back_where_it_was(app, tmp_path, qtbot):
    first = open_demo(tmp_path)
    first.resize(800, 560)
    close(first, qtbot)

    second = open_demo(tmp_path)
    size = second.size().toTuple()
    close(second, qtbot)

    assert size == (800, 560)
    assert Settings.load(tmp_path / "settings.toml").geometry


@pytest.mark.parametrize("geometry", ["no base64!", "AAAA"])
def test_a_damaged_place_of_the_window_is_no_trouble(app, tmp_path, qtbot, geometry):
    (tmp_path / "settings.toml").write_text(f'window_geometry = "{geometry}"\n')

    window = open_demo(tmp_path)

    assert window.isVisible()
    close(window, qtbot)


def test_theme_text_size_and_language_change_while_running(window, qtbot):
    settings = window.house.settings
    settings.theme, settings.text_size, settings.language = "dark", 150, "en"

    window.apply_settings()
    qtbot.wait(10)

    assert window.sidebar.promise_label.text() == "Stored on this laptop, without internet"
    assert theme.colours() is theme.DARK
    assert window.page.title_label.fontInfo().pixelSize() == 32
    ground = window.page.grab().toImage().pixelColor(3, 3).name()
    assert ground == theme.DARK.ground


def test_the_window_fits_a_small_laptop(window):
    window.resize(1366, 768)

    assert window.size().toTuple() == (1366, 768)
    assert window.sidebar._scroll.verticalScrollBar().maximum() == 0
    assert not window.sidebar.compact


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("percent", [100, 125, 150, 175, 200])
def test_no_word_is_clipped_at_any_text_size(app, tmp_path, qtbot, name, percent):
    settings = Settings(tmp_path / "settings.toml")
    settings.theme, settings.text_size = name, percent
    window = open_demo(tmp_path)
    window.resize(1366, 768)
    window.show_error(KippError("x", Text("It rained. " * 12), Text("Take an umbrella. " * 9)))
    qtbot.waitUntil(lambda: window.page.loads == 1)
    qtbot.wait(20)

    clipped = accessibility.clipped_texts(window)

    assert clipped == []
    assert window.size().toTuple() == (1366, 768)
    close(window, qtbot)


def test_a_narrow_window_keeps_the_icons_and_their_names(window, qtbot):
    window.resize(800, 500)
    window.house.settings.text_size = 150
    window.apply_settings()
    qtbot.wait(10)

    assert window.sidebar.compact
    assert [b.text() for b in window.sidebar.buttons] == [""] * 12
    assert window.sidebar.buttons[1].accessibleName() == "Inovasi"
    assert window.sidebar.buttons[1].toolTip() == "Inovasi"


def test_every_control_has_a_spoken_name_and_can_be_reached(window):
    window.show_error(KippError("x", Text("It rained.")))

    assert accessibility.unnamed_controls(window) == []
    assert accessibility.unreachable_controls(window) == []


def test_tab_walks_the_page_from_top_to_bottom(window):
    names = [w.objectName() for w in accessibility.tab_order(window.page)]

    assert names == [
        "open_button",
        "save_button",
        "",  # the row of mark boxes
        "note",
        "tick",
        "choice",
        "number",
        "radio",
        "help_button",
        "link_button",
        "",  # the search field
        "table",
        "",  # the mark field
    ]


def test_the_house_finds_a_nameless_control(window):
    window.page.note.setAccessibleName("")
    window.page.form_label = window.page.findChild(object, "note_label")
    window.page.form_label.setBuddy(None)

    assert accessibility.unnamed_controls(window.page) == ["QLineEdit note"]


def test_a_dialog_that_nobody_asked_for_is_closed_and_noticed(window, dialogs):
    box = QMessageBox(window)
    box.setWindowTitle("Surprise")

    box.exec()

    assert dialogs.unasked == ["QMessageBox 'Surprise'"]
    dialogs.unasked.clear()
