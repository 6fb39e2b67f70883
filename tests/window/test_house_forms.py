from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLineEdit, QWidget

from kipp_desktop.catalogue import Catalogue
from kipp_desktop.gui import forms, icons, translation
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel, QPushButton

DEMO = Path(__file__).with_name("demo.ui")


class Good(QWidget):
    note: QLineEdit
    help_button: QPushButton
    _model: QLabel


class Missing(QWidget):
    missing: QLabel


class OtherClass(QWidget):
    note: QLabel


class Heir(Good):
    tick: QCheckBox


def test_declared_children_are_bound(app, qtbot):
    view = Good()
    qtbot.addWidget(view)

    forms.fill(view, DEMO)

    assert isinstance(view.note, QLineEdit)
    assert not hasattr(view, "_model")
    assert view.layout().contentsMargins().left() == 0


def test_children_that_the_base_class_declares_are_bound_too(app, qtbot):
    view = Heir()
    qtbot.addWidget(view)

    forms.fill(view, DEMO)

    assert isinstance(view.tick, QCheckBox)
    assert isinstance(view.note, QLineEdit)


def test_a_missing_child_is_named(app, qtbot):
    view = Missing()
    qtbot.addWidget(view)

    with pytest.raises(forms.FormError, match=r"demo\.ui has no QLabel named 'missing'"):
        forms.fill(view, DEMO)


class Part(QObject):
    note: QLineEdit


class MissingPart(QObject):
    missing: QLabel


def test_a_part_of_a_page_is_bound_to_its_own_children_of_the_form(app, qtbot):
    view, part = Good(), Part()
    qtbot.addWidget(view)
    forms.fill(view, DEMO)

    forms.bind(part, view, DEMO.name)

    assert part.note is view.note
    with pytest.raises(forms.FormError, match=r"demo\.ui has no QLabel named 'missing'"):
        forms.bind(MissingPart(), view, DEMO.name)


def test_a_child_of_another_class_is_named(app, qtbot):
    view = OtherClass()
    qtbot.addWidget(view)

    with pytest.raises(forms.FormError, match="no QLabel named 'note'"):
        forms.fill(view, DEMO)


@pytest.mark.parametrize("content", [None, "", "no xml", "<ui version='4.0'></ui>"])
def test_a_file_that_is_no_form_is_named(app, tmp_path, content, qtlog):
    path = tmp_path / "broken.ui"
    if content is not None:
        path.write_text(content)

    with qtlog.disabled(), pytest.raises(forms.FormError, match=r"broken\.ui"):
        forms.load(path)


def test_forms_wear_their_icons(app, qtbot):
    view = Good()
    qtbot.addWidget(view)

    forms.fill(view, DEMO)

    assert not view.help_button.icon().isNull()


def test_texts_of_a_form_follow_the_language(app, qtbot):
    view = Good()
    qtbot.addWidget(view)
    forms.fill(view, DEMO)
    indonesian, english = Catalogue.load("id"), Catalogue.load("en")

    for catalogue in (english, indonesian, english):
        translation.install(catalogue)
        app.processEvents()

        assert view.help_button.text() == catalogue.say(Text("Help"))


def test_qt_buttons_follow_the_language(app, qtbot):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    cancel = box.button(QDialogButtonBox.StandardButton.Cancel)

    for language in ("en", "id"):
        translation.install(Catalogue.load(language))
        app.processEvents()

        said = Catalogue.load(language).say(Text("Cancel"))
        assert cancel.text().replace("&", "") == said


def test_values_of_a_text_are_said_as_the_language_writes_them(app):
    translation.install(Catalogue.load("id"))

    assert translation.say(Text("{a} of {b}", a=1, b=2)) != ""
    assert icons.names()


@pytest.mark.parametrize("name", forms.names())
def test_every_form_loads(app, name):
    forms.load(name).deleteLater()
