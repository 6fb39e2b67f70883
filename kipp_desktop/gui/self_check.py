"""``--check``: load everything that stands beside the code, without a screen."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from kipp_desktop.catalogue import LANGUAGES, Catalogue
from kipp_desktop.gui import forms, icons, theme, translation


def check_assets() -> int:
    """Load catalogues, fonts, themes, icons and forms; print what there is; return 0.

    Anything missing is an exception: the installation is broken, and its traceback says where.
    """
    app = QApplication([])
    theme.load_fonts()
    for language in LANGUAGES:
        translation.install(Catalogue.load(language))
    for name in theme.THEMES:
        theme.apply(app, name, 100)
    for name in icons.names():
        icons.icon(name)
    for name in forms.names():
        forms.load(name).deleteLater()
    print(f"{len(forms.names())} forms, {len(icons.names())} icons: all there")  # noqa: T201
    return 0
