"""Colours and sizes of the window, in one place: light, dark and high contrast.

A theme is a :class:`Colours` value and a text size in percent. The style sheet is a template
(``resources/styles/house.qss``) with ``$names``; widgets that paint themselves ask :func:`colours`
and :func:`px` while they paint, so that a change of theme reaches them at once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from kipp_desktop.assets import asset

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY: Final = "Source Sans 3"
STYLE: Final = "fusion"
FONTS: Final = ("Regular", "SemiBold", "Bold", "Italic")
TEXT: Final = 15
SMALL: Final = 13
CELL_INSET: Final = 3
"""What Qt itself leaves free at the left and right of a cell's text, at any text size."""


@dataclass(frozen=True)
class Colours:
    """The named colours of a theme, as ``#rrggbb``. ``on_x`` is text on a ground ``x``."""

    ground: str
    surface: str
    text: str
    muted: str
    line: str
    border: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    focus: str
    selected: str
    on_selected: str
    muted_on_selected: str
    disabled: str
    neutral: str
    on_neutral: str
    calm: str
    on_calm: str
    good: str
    on_good: str
    wait: str
    on_wait: str
    bad: str
    on_bad: str
    sidebar: str
    on_sidebar: str
    sidebar_current: str
    on_sidebar_current: str
    track: str


LIGHT: Final = Colours(
    ground="#f5f7f9",
    surface="#ffffff",
    text="#16202b",
    muted="#475467",
    line="#d5dbe2",
    border="#737f8e",
    accent="#0b6e6e",
    accent_hover="#085757",
    on_accent="#ffffff",
    link="#0a6464",
    focus="#0b6e6e",
    selected="#dcefee",
    on_selected="#0f2a2c",
    muted_on_selected="#3b4a5a",
    disabled="#8a94a1",
    neutral="#e9edf1",
    on_neutral="#3b4757",
    calm="#dff0ef",
    on_calm="#0a5c5c",
    good="#dcf7e4",
    on_good="#14633a",
    wait="#fdecc0",
    on_wait="#7d3d07",
    bad="#fde3e1",
    on_bad="#972018",
    sidebar="#12353a",
    on_sidebar="#d9e8e8",
    sidebar_current="#1f4d53",
    on_sidebar_current="#ffffff",
    track="#d5dbe2",
)
DARK: Final = Colours(
    ground="#12181d",
    surface="#1b2329",
    text="#e8edf1",
    muted="#aebac5",
    line="#34404a",
    border="#80909d",
    accent="#5cc4bf",
    accent_hover="#83d8d3",
    on_accent="#06272a",
    link="#74d3cd",
    focus="#83d8d3",
    selected="#1f444a",
    on_selected="#f2f8f8",
    muted_on_selected="#c3d1d6",
    disabled="#6d7a85",
    neutral="#2c363f",
    on_neutral="#d0d9e0",
    calm="#1d4045",
    on_calm="#9fe3de",
    good="#173d2a",
    on_good="#98e6b6",
    wait="#47350f",
    on_wait="#fbd375",
    bad="#4d2220",
    on_bad="#ffb9b2",
    sidebar="#0c1f23",
    on_sidebar="#c9dcdd",
    sidebar_current="#1c434a",
    on_sidebar_current="#ffffff",
    track="#34404a",
)
CONTRAST: Final = Colours(
    ground="#ffffff",
    surface="#ffffff",
    text="#000000",
    muted="#1c1c1c",
    line="#000000",
    border="#000000",
    accent="#003c46",
    accent_hover="#000000",
    on_accent="#ffffff",
    link="#003c46",
    focus="#b3005e",
    selected="#003c46",
    on_selected="#ffffff",
    muted_on_selected="#ffffff",
    disabled="#595959",
    neutral="#ffffff",
    on_neutral="#000000",
    calm="#ffffff",
    on_calm="#003c46",
    good="#ffffff",
    on_good="#004d1a",
    wait="#ffffff",
    on_wait="#5c2a00",
    bad="#ffffff",
    on_bad="#8a0000",
    sidebar="#000000",
    on_sidebar="#ffffff",
    sidebar_current="#ffffff",
    on_sidebar_current="#000000",
    track="#8c8c8c",
)
THEMES: Final = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}

TONES: Final = ("neutral", "calm", "good", "wait", "bad")
"""What a chip may say: nothing to do, of the house, done, to be done, refused."""


class _InForce:
    """The one theme of this process; Qt's style and palette are one per process, too."""

    name = "light"
    percent = 100


def colours() -> Colours:
    """Return the colours in force."""
    return THEMES[_InForce.name]


def px(at_100_percent: float) -> int:
    """Return a length in pixels that grows with the text size."""
    return round(at_100_percent * _InForce.percent / 100)


def colour(name: str) -> QColor:
    """Return a colour in force by its name, for example ``on_good``."""
    return QColor(getattr(colours(), name))


def edge(tone: str) -> str:
    """Return the border of a chip: of its own colour, but of its text's in high contrast."""
    return str(getattr(colours(), f"on_{tone}" if colours() is CONTRAST else tone))


def font(size: int = TEXT, *, bold: bool = False) -> QFont:
    """Return the house's font at a size in pixels at 100 %."""
    made = QFont(FAMILY)
    made.setPixelSize(px(size))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def load_fonts() -> None:
    """Make Source Sans 3 known to Qt; once a process, after the application exists.

    :raises FileNotFoundError: when a font is missing from the resources.
    """
    if QFontDatabase.hasFamily(FAMILY):
        return
    for style in FONTS:
        path = asset("resources", "fonts", f"SourceSans3-{style}.ttf")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(path)


def apply(app: QApplication, name: str, percent: int) -> None:
    """Give the whole application this theme (a key of :data:`THEMES`) and text size (100-200)."""
    _InForce.name, _InForce.percent = name, percent
    QDir.setSearchPaths("styles", [str(asset("resources", "styles"))])
    if not app.property(STYLE):
        # Asked once: to wrap the style that Qt made, PySide builds every class of styles first.
        app.setProperty(STYLE, True)
        app.setStyle(STYLE)
    app.setFont(font())
    app.setPalette(_palette(colours()))
    app.setStyleSheet(style_sheet())


def style_sheet() -> str:
    """Return the style sheet of the theme and text size in force."""
    template = asset("resources", "styles", "house.qss").read_text(encoding="utf-8")
    sizes = {f"px{n}": f"{px(n)}px" for n in (*range(1, 61), *range(64, 401, 4))}
    edges = {f"edge_{tone}": edge(tone) for tone in TONES}
    # A cell's text stands below its header's, which has a padding of px8.
    own = {"theme": _InForce.name, "family": FAMILY, "cell": f"{px(8) - CELL_INSET}px"}
    # In high contrast a border of the line's black would make what is disabled look ready.
    edges["edge_disabled"] = colours().disabled if colours() is CONTRAST else colours().line
    names = asdict(colours()) | sizes | edges | own
    return Template(template).substitute(names)


def _palette(c: Colours) -> QPalette:
    """Return the palette for everything that the style sheet does not speak of."""
    role = QPalette.ColorRole
    made = QPalette()
    for part, value in (
        (role.Window, c.ground),
        (role.WindowText, c.text),
        (role.Base, c.surface),
        (role.AlternateBase, c.ground),
        (role.Text, c.text),
        (role.Button, c.surface),
        (role.ButtonText, c.text),
        (role.BrightText, c.on_accent),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.ToolTipBase, c.surface),
        (role.ToolTipText, c.text),
        (role.PlaceholderText, c.muted),
        (role.Link, c.link),
        (role.LinkVisited, c.link),
        (role.Accent, c.accent),
    ):
        made.setColor(part, QColor(value))
    for part in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, part, QColor(c.disabled))
    return made


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    channels = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def text_pairs(c: Colours) -> Iterator[tuple[str, str, str]]:
    """Yield every (name, text, ground) on which the house sets text: at least 4.5:1 each."""
    for ground in ("ground", "surface"):
        for text in ("text", "muted", "link"):
            yield f"{text} on {ground}", getattr(c, text), getattr(c, ground)
    for tone in TONES:
        yield f"chip {tone}", getattr(c, f"on_{tone}"), getattr(c, tone)
    yield "button", c.on_accent, c.accent
    yield "button under the pointer", c.on_accent, c.accent_hover
    yield "selected row", c.on_selected, c.selected
    yield "small text in the selected row", c.muted_on_selected, c.selected
    yield "sidebar", c.on_sidebar, c.sidebar
    yield "current page in the sidebar", c.on_sidebar_current, c.sidebar_current


def border_pairs(c: Colours) -> Iterator[tuple[str, str, str]]:
    """Yield every (name, border or mark, ground) that shows a control: at least 3:1 each."""
    for ground in ("ground", "surface"):
        for mark in ("border", "focus", "accent"):
            yield f"{mark} on {ground}", getattr(c, mark), getattr(c, ground)
    yield "done part of a progress line", c.accent, c.track
    yield "border in the selected row", c.border if c is not CONTRAST else "#ffffff", c.selected
    yield "focus in the sidebar", c.on_sidebar, c.sidebar
    yield "focus on the current page", c.on_sidebar_current, c.sidebar_current
