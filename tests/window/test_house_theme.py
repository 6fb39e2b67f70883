from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QLabel

from kipp_desktop.gui import icons, theme


def test_contrast_of_black_on_white_is_twenty_one():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", theme.THEMES)
def test_every_text_stands_out_from_its_ground(name):
    pairs = theme.text_pairs(theme.THEMES[name])

    weak = [(pair, round(theme.contrast(a, b), 2)) for pair, a, b in pairs]

    assert [pair for pair in weak if pair[1] < 4.5] == []


@pytest.mark.parametrize("name", theme.THEMES)
def test_every_control_can_be_seen_on_its_ground(name):
    pairs = theme.border_pairs(theme.THEMES[name])

    weak = [(pair, round(theme.contrast(a, b), 2)) for pair, a, b in pairs]

    assert [pair for pair in weak if pair[1] < 3] == []


def test_high_contrast_gives_at_least_seven_to_one_for_texts():
    pairs = theme.text_pairs(theme.CONTRAST)

    assert [pair for pair, a, b in pairs if theme.contrast(a, b) < 7] == []


@pytest.mark.parametrize("name", theme.THEMES)
@pytest.mark.parametrize("percent", [100, 150, 200])
def test_style_sheet_knows_every_name_that_it_uses(app, name, percent):
    theme.apply(app, name, percent)

    assert "$" not in theme.style_sheet().split("*/", 1)[1]


def test_letters_are_source_sans_at_the_wanted_size(app, qtbot):
    label = QLabel("46 inovasi")
    qtbot.addWidget(label)

    theme.apply(app, "light", 200)
    label.ensurePolished()

    assert QFontInfo(label.font()).family() == "Source Sans 3"
    assert QFontInfo(label.font()).pixelSize() == 30


def distance(one: QColor, other: QColor) -> int:
    pairs = zip(one.getRgb(), other.getRgb(), strict=True)
    return max(abs(a - b) for a, b in pairs)


def test_every_icon_takes_the_theme_colour_and_nothing_else(app):
    theme.apply(app, "dark", 100)

    for name in icons.names():
        image = icons.pixmap(name, "accent", 24, 2.0).toImage()
        drawn = [
            image.pixelColor(x, y)
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        ]
        assert drawn, name
        # Smooth edges are premultiplied, which costs a unit of a channel here and there.
        assert max(distance(c, theme.colour("accent")) for c in drawn) <= 2, name


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_an_icon_has_as_many_pixels_as_the_screen_shows(app, ratio):
    drawn = icons.pixmap("house", size=24, ratio=ratio)

    assert drawn.width() == round(24 * ratio)
    assert drawn.devicePixelRatio() == ratio


def test_an_icon_that_is_not_there_is_said_at_once(app):
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon")
