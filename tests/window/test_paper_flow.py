"""What the paper desk does beside typing: rows that move, sheets and forms, scans."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kipp_desktop.gui.dialogs import files
from kipp_desktop.services import paper_forms
from tests.window import panels
from tests.window.keyboard import keyboard, modal
from tests.window.paper_typing import (
    CRITERIA,
    PAGES,
    mark_of,
    save,
    states,
    type_sheet,
)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    made = panels.publish_desk(tmp_path_factory.mktemp("flow"), entries=10, judges=2, clerks=1)
    panels.join_as(made, "Petugas 1", at_desk=True)
    return made


@pytest.fixture
def desk(published, tmp_path):
    return panels.copy_of(published, tmp_path)


@pytest.fixture
def window(app, desk, qtbot):
    made = panels.open_window(desk.folder / "desk", "desk", PAGES)
    panels.settle(made, qtbot)
    yield made
    panels.close_window(made, qtbot)


def made_total(judge, entry):
    return 2 * sum(mark_of(judge, entry, criterion) for criterion in range(CRITERIA))


def choose_from(actions, name):
    """Take an entry of a menu; the offscreen platform cannot open one."""
    assert actions[name].isEnabled()
    actions[name].trigger()


def test_a_typed_row_moves_to_the_number_it_belongs_to(window, qtbot, dialogs):
    page = window.page
    type_sheet(qtbot, 0, 0)
    panels.settle(window, qtbot)
    page.grid.start(at=page.model.row_of(0).entry)
    dialogs.expect("MoveDialog")

    choose_from(page.acts.row_actions, "move")
    dialog = modal(qtbot)
    qtbot.keyClicks(keyboard(), "4")
    assert dialog.target_label.text() == "Inovasi Contoh 4"
    panels.press_ok(window, qtbot, dialog)

    assert [row.total for row in page.model.rows()[:4]] == [None, None, None, made_total(0, 0)]


def test_a_signed_row_moves_with_a_reason(window, desk, qtbot, dialogs):
    page = window.page
    type_sheet(qtbot, 0, 0)
    panels.settle(window, qtbot)
    save(window, qtbot, dialogs)
    page.grid.start(at=page.model.row_of(0).entry)
    dialogs.expect("MoveDialog")

    choose_from(page.acts.row_actions, "move")
    dialog = modal(qtbot)
    qtbot.keyClicks(keyboard(), "2")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    qtbot.keyClicks(keyboard(), "Tertukar")
    panels.press_ok(window, qtbot, dialog)

    assert states(window)[:2] == ["empty", "once"]
    panels.close_competition(window, qtbot)
    with desk.home.open(desk.listed) as panel:
        clerk = desk.home.card(panel.competition, "clerk")
        reasons = [r.body["reason"] for r in panel.records(clerk.fingerprint, "paper-sheet")]
    assert reasons == [None, "Tertukar", "Tertukar"]


@pytest.mark.parametrize(
    ("name", "file", "start"),
    [
        ("sheets", "lembar-juri-1.pdf", b"%PDF"),
        ("book", "buku-juri-1.pdf", b"%PDF"),
        ("spare", "lembar-cadangan.pdf", b"%PDF"),
        ("workbook", "lembar-juri-1.xlsx", b"PK"),
    ],
)
def test_sheets_are_written_from_the_menu(  # noqa: PLR0917 - what is written
    window, qtbot, monkeypatch, tmp_path, name, file, start
):
    proposed = []

    def choose(_parent, _title, wanted, _filters):
        proposed.append(wanted)
        return tmp_path / "tulis"

    monkeypatch.setattr(files, "choose_save", choose)

    choose_from(window.page.acts.file_actions, name)
    # The first page also loads the typesetter, which takes its time on a busy machine.
    qtbot.waitUntil((tmp_path / "tulis").exists, timeout=60_000)
    panels.settle(window, qtbot)

    assert proposed == [file]
    assert (tmp_path / "tulis").read_bytes().startswith(start)


def test_a_filled_form_is_read_in_the_window(  # noqa: PLR0917 - fixtures
    window, desk, qtbot, dialogs, monkeypatch, tmp_path
):
    import openpyxl

    path = tmp_path / "lembar-juri-1.xlsx"
    panels.close_competition(window, qtbot)
    with desk.home.open(desk.listed) as panel:
        judge = panel.setup.judges_of("presentasi")[0]
        paper_forms.write_workbook(desk.home, panel, "presentasi", judge, path)
    workbook = openpyxl.load_workbook(path)
    for column in range(4, 9):
        workbook["Nilai"].cell(6, column).value = 7
    workbook.save(path)
    again = panels.open_window(desk.folder / "desk", "desk", PAGES)
    panels.settle(again, qtbot)
    monkeypatch.setattr(files, "choose_open", lambda *_: [path])
    dialogs.expect("FormPreviewDialog")

    choose_from(again.page.acts.file_actions, "read_form")
    panels.press_ok(again, qtbot, modal(qtbot))

    row = again.page.model.row_of(0)
    assert (row.total, row.key) == (70, "complete")
    panels.close_window(again, qtbot)


def test_a_scan_is_attached_to_the_row_under_the_cursor(window, desk, qtbot, monkeypatch, tmp_path):
    scan = tmp_path / "pindaian.pdf"
    scan.write_bytes(b"%PDF-1.7\n")
    monkeypatch.setattr(files, "choose_open", lambda *_: [scan])
    entry = window.page.grid.current_entry()

    choose_from(window.page.acts.row_actions, "attach")
    panels.settle(window, qtbot)

    assert window.page.read.book.scans == {entry: 1}
