from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.gui import theme, translation
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.gui.widgets.elided_label import ElidedLabel
from kipp_desktop.gui.widgets.empty_state import EmptyState
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.texts import Text
from tests.window import accessibility


def test_a_chip_takes_the_colours_of_its_tone(app, qtbot):
    chip = Chip("Draf", "wait")
    qtbot.addWidget(chip)
    chip.show()

    assert chip.grab().toImage().pixelColor(6, chip.height() // 2).name() == theme.LIGHT.wait
    chip.say("Final", "good")
    assert chip.grab().toImage().pixelColor(6, chip.height() // 2).name() == theme.LIGHT.good
    assert accessibility.spoken_name(chip) == "Final"


def test_a_chip_of_an_unknown_tone_is_refused(app):
    with pytest.raises(ValueError, match="loud"):
        Chip("Draf", "loud")


def test_a_card_without_heading_takes_no_room_for_it(app, qtbot):
    card = Card()
    qtbot.addWidget(card)
    empty = card.sizeHint().height()

    card.say("Kelengkapan")

    assert card.sizeHint().height() > empty
    assert card.accessibleName() == "Kelengkapan"


def test_a_long_text_is_shortened_and_told_whole(app, qtbot):
    label = ElidedLabel("Puskesmas Tanpa Antre di Kelurahan Dinoyo")
    qtbot.addWidget(label)
    label.resize(120, 24)
    label.show()

    assert label.shown_text().endswith("…")
    assert label.toolTip() == label.text()
    assert accessibility.spoken_name(label) == label.text()
    label.resize(600, 24)
    assert label.shown_text() == label.text()


def test_a_progress_line_is_drawn_and_read_aloud(app, qtbot):
    translation.install(Catalogue.load("en"))
    line = ProgressLine("Juri 1")
    qtbot.addWidget(line)
    line.resize(200, 10)
    line.show_progress(1, 2)
    line.show()

    image = line.grab().toImage()

    assert image.pixelColor(50, 5).name() == theme.LIGHT.accent
    assert image.pixelColor(150, 5).name() == theme.LIGHT.track
    assert accessibility.spoken_name(line) == "Juri 1: 1 of 2"


def test_a_progress_line_of_nothing_and_of_too_much_stays_inside(app, qtbot):
    line = ProgressLine()
    qtbot.addWidget(line)
    line.resize(100, 10)

    for done, total in ((0, 0), (5, 2)):
        line.show_progress(done, total)
        assert not line.grab().isNull()


def test_a_search_field_tells_every_change_and_escape_empties_it(app, qtbot):
    field = SearchField("Cari")
    qtbot.addWidget(field)
    heard = []
    field.searched.connect(heard.append)

    qtbot.keyClicks(field, "su")
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert heard == ["s", "su", ""]
    assert accessibility.spoken_name(field) == "Cari"


def test_down_leaves_the_search_field_for_the_results(app, qtbot):
    field = SearchField("Cari")
    qtbot.addWidget(field)

    with qtbot.waitSignal(field.left_down):
        qtbot.keyClick(field, Qt.Key.Key_Down)


def test_an_empty_state_says_why_and_offers_one_thing(app, qtbot):
    state = EmptyState("inbox")
    qtbot.addWidget(state)
    pressed = []
    state.on_click(lambda: pressed.append(1))
    state.say("Belum ada berkas", "Colokkan flashdisk.", "Buka berkas")
    state.show()

    qtbot.mouseClick(state.button, Qt.MouseButton.LeftButton)
    state.say("Belum ada berkas")

    assert pressed == [1]
    assert not state.button.isVisible()
    assert not state.picture.pixmap().isNull()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            Text("Let the plenary or a lot settle it (kipp decide tie …)."),
            "Tentukan melalui pleno atau undian.",
        ),
        (Text("Say who acts with --person NAME."), ""),
        (None, ""),
    ],
)
def test_the_window_advises_no_commands(app, text, said):
    assert translation.say_next(text) == said
