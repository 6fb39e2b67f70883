from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialogButtonBox

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.gui import translation
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.texts import Text


def test_the_main_button_still_says_what_it_does_after_a_change_of_language(app, qtbot):
    translation.install(Catalogue.load("id"))
    dialog = ConfirmDialog(Text("Sign"), Text("Sign"), Text("Sign and publish"), None)
    qtbot.addWidget(dialog)
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    in_indonesian = button.text()

    translation.install(Catalogue.load("en"))
    QCoreApplication.sendPostedEvents()

    assert in_indonesian not in {"OK", "Oke", "Sign and publish"}
    assert button.text() == "Sign and publish"
    assert cancel.text() == "Cancel"
