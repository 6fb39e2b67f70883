"""The window's language: our gettext catalogue, asked by Qt and by our own widgets.

Forms' texts and Qt's own buttons come through a :class:`QTranslator` that asks the catalogue; our
code says :class:`~kipp_desktop.texts.Text` values with :func:`say`. Installing another catalogue
sends ``LanguageChange`` to every widget: forms answer by themselves, our widgets in
``changeEvent``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from kipp_desktop.catalogue import Catalogue

_COMMAND: Final = re.compile(r" \(kipp [^)]*\)")
_OPTION: Final = re.compile(r"(^| )--[a-z]")

QT_TEXTS: Final = (
    Text("OK"),
    Text("Cancel"),
    Text("Close"),
    Text("Yes"),
    Text("No"),
    Text("Save"),
    Text("Discard"),
    Text("Apply"),
    Text("Retry"),
    Text("Ignore"),
    Text("Abort"),
    Text("Help"),
    Text("Open"),
    Text("Reset"),
    Text("Restore Defaults"),
    Text("Undo"),
    Text("Redo"),
    Text("Cut"),
    Text("Copy"),
    Text("Paste"),
    Text("Delete"),
    Text("Select All"),
    Text("Clear"),
    Text("File name:"),
    Text("File &name:"),
    Text("Files of type:"),
    Text("Look in:"),
    Text("Directory:"),
    Text("Choose"),
    Text("Back"),
    Text("Forward"),
    Text("Parent Directory"),
    Text("Create New Folder"),
    Text("List View"),
    Text("Detail View"),
    Text("Name"),
    Text("Size"),
    Text("Type"),
    Text("Date Modified"),
    Text("All Files (*)"),
    Text("Computer"),
    Text("Save As"),
    Text("Show Details..."),
    Text("Hide Details..."),
)
"""What Qt itself says in the window, listed here so that the catalogue's extractor finds it."""


class HouseTranslator(QTranslator):
    """Answers Qt's questions from a catalogue."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalogue = catalogue

    def isEmpty(self) -> bool:
        """Return that there is something to ask; Qt ignores an empty translator."""
        return False

    def translate(
        self,
        _context: str,
        source: str,
        _disambiguation: str | None = None,
        _n: int = -1,
    ) -> str:
        """Return the catalogue's words for a text of a form or of Qt.

        Qt marks access keys with ``&`` ("&Cancel"); where the catalogue has no such text, the one
        without the mark is asked.
        """
        for asked in dict.fromkeys((source, source.replace("&", ""))):
            said = self.catalogue.translate(asked)
            if said != asked:
                return said
        # Not "": an empty answer would count as the translation.
        return source


class _InForce:
    """The one translator of this process, as Qt has one list of them."""

    translator: HouseTranslator | None = None


def install(catalogue: Catalogue) -> None:
    """Say everything in this catalogue's language from now on."""
    app = QCoreApplication.instance()
    if app is None:
        message = "the application must exist before its language"
        raise RuntimeError(message)
    old, _InForce.translator = _InForce.translator, HouseTranslator(catalogue)
    if old is not None:
        app.removeTranslator(old)
    QLocale.setDefault(QLocale(catalogue.language))
    app.installTranslator(_InForce.translator)


def catalogue() -> Catalogue | None:
    """Return the window's catalogue, for documents in its language; None before any."""
    translator = _InForce.translator
    return None if translator is None else translator.catalogue


def say(text: Text) -> str:
    """Return a text in the window's language; in English before any is installed."""
    translator = _InForce.translator
    return translator.catalogue.say(text) if translator is not None else str(text)


def say_next(text: Text | None) -> str:
    """Return what to do next, as the window says it; "" for nothing.

    The sentences are shared with the command line. Its commands stand in brackets at their end and
    are left out; a sentence about one of its options helps nobody here.
    """
    said = "" if text is None else _COMMAND.sub("", say(text))
    return "" if _OPTION.search(said) else said


def say_value(value: object) -> str:
    """Return a number, date or list as the window's language writes it."""
    translator = _InForce.translator
    return translator.catalogue.value(value) if translator is not None else str(value)


def say_number(decimal: str) -> str:
    """Return a printed decimal (``"83.60"``) with the decimal sign of the window's language."""
    translator = _InForce.translator
    return translator.catalogue.number(decimal) if translator is not None else decimal


def say_digest(digits: str) -> str:
    """Return a SHA-256 in groups of eight digits, for eyes, and so that it may break."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
