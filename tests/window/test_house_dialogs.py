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


def test_a_form_that_fits_has_no_bar_at_whatever_width_its_words_wrap(app, qtbot, dialogs):
    words = "Without a passphrase anybody at this laptop could sign with this key."
    dialog = ConfirmDialog(Text("Sign"), Text("{words}", words=words), Text("Sign"), None)
    qtbot.addWidget(dialog)
    dialogs.expect("ConfirmDialog")
    dialog.open()
    bar = dialog._scroll.verticalScrollBar()
    narrow, fitted = [], []

    for wide in range(460, 700, 4):
        dialog.resize(wide, 60)
        QCoreApplication.processEvents()
        narrow.append(bar.isVisible())
        dialog.fit()
        QCoreApplication.processEvents()
        fitted.append(bar.isVisible())

    assert any(narrow)
    assert not any(fitted)
    dialog.close()
