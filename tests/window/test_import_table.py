"""Loading a table by keyboard: open, confirm, load; nothing is stored before the last."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files as file_dialogs
from kipp_desktop.gui.pages.registry import PAGES
from kipp_desktop.services import catalogues, new_competition
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.window import panels
from tests.window.accessibility import clipped_texts, unnamed_controls, unreachable_controls
from tests.window.panel_day import column, press, said, settle, tab_to

REAL = Path(__file__).parents[1] / "data" / "entries.csv"
ENTRIES = list(csv.reader(io.StringIO(REAL.read_text("utf-8"))))
GROUPS = ["umum", "replikasi", "khusus"]
TITLES = [
    ["PEMERINTAH PROVINSI SULAWESI SELATAN"],
    ["DAFTAR INOVASI PELAYANAN PUBLIK – “KIPP”"],
    [],
]


def as_csv(path: Path) -> Path:
    """Write the real entries as a spreadsheet program of an Indonesian office does."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([*TITLES, *ENTRIES])
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def as_xlsx(path: Path) -> Path:
    """Write them below a merged title, each agency merged over its entries, behind a guide."""
    book = openpyxl.Workbook()
    guide = book.active
    guide.title = "Petunjuk"
    for line in ("PETUNJUK PENGISIAN", "1. Isi satu baris untuk satu inovasi.", "2. Jangan ubah."):
        guide.append([line])
    sheet = book.create_sheet("Daftar")
    for row in [*TITLES, *ENTRIES]:
        sheet.append(row)
    sheet.merge_cells("A1:J1")
    start = first = len(TITLES) + 2
    agencies = [row[2] for row in ENTRIES[1:]]
    for at, agency in enumerate(agencies):
        if at + 1 == len(agencies) or agencies[at + 1] != agency:
            sheet.merge_cells(start_row=start, end_row=first + at, start_column=3, end_column=3)
            start = first + at + 1
    book.save(path)
    return path


@pytest.fixture
def groups():
    """Return the groups of the competition."""
    return GROUPS[:1]


@pytest.fixture
def window(app, qtbot, dialogs, tmp_path, groups):
    """Open an empty competition at its page of innovations."""
    dialogs.expect("ImportDialog")
    folder = tmp_path / "meja"
    table = {**catalogues.preset_table("kota"), "name": "KIPP Kota 2026", "organiser": "Setda"}
    new_competition.create_competition(
        Home(Context(home=folder)), table | {"year": 2026, "groups": groups}
    )
    made = panels.open_window(folder, "desk", PAGES)
    qtbot.waitUntil(lambda: made.house.session.context is not None, timeout=20_000)
    settle(made, qtbot)
    made.go_to("entries")
    settle(made, qtbot)
    yield made
    panels.close_window(made, qtbot)


def choose(monkeypatch, opened: Path, saved: Path | None = None) -> None:
    monkeypatch.setattr(file_dialogs, "choose_open", lambda *_a, **_k: [opened])
    monkeypatch.setattr(file_dialogs, "choose_save", lambda *_a, **_k: saved)


def open_wizard(window, qtbot, button: str = "empty_import_button"):
    tab_to(button)
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    qtbot.waitUntil(lambda: type(QApplication.activeModalWidget()).__name__ == "ImportDialog")
    settle(window, qtbot)
    return QApplication.activeModalWidget()


def stored(window, qtbot) -> int:
    """Return how many entries the database has, asked in its own thread."""
    counts: list[int] = []
    panel = window.house.session.context.panel
    window.house.run(lambda _task: len(panel.workbench.entries()), counts.append)
    settle(window, qtbot)
    return counts[0]


def press_main(window, qtbot) -> None:
    press(Qt.Key.Key_Return)
    settle(window, qtbot)


def fields_stored(window, qtbot) -> list[tuple[str, ...]]:
    """Return number, title, agency, unit and group of the entries in the database."""
    found: list[list[tuple[str, ...]]] = []
    bench = window.house.session.context.panel.workbench

    def read(_task):
        names = {row.id: row.name for row in bench.organisations()}
        return [
            (row.number, row.title, names[row.organisation], row.unit, row.group)
            for row in bench.entries()
        ]

    window.house.run(read, found.append)
    settle(window, qtbot)
    return found[0]


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
@pytest.mark.parametrize("groups", [GROUPS[:1], GROUPS], ids=["one group", "three groups"])
def test_the_127_real_entries_take_three_acts_open_confirm_and_load(  # noqa: PLR0917
    window, qtbot, tmp_path, monkeypatch, make, groups
):
    choose(monkeypatch, make(tmp_path / "usulan.dat"))
    wanted = [row for row in ENTRIES[1:] if not row[6] or row[6].casefold() in groups]
    acts = []

    dialog = open_wizard(window, qtbot)
    acts.append("open")
    where = dialog.sheet.currentText(), dialog.header_row.value()
    columns = dialog.rows.chosen()
    press_main(window, qtbot)
    acts.append("confirm")
    named = [line for line in zip(*(column(dialog.table, n) for n in range(3)), strict=True)
             if line[1] == "kelompok"]  # fmt: skip
    press_main(window, qtbot)
    acts.append("load")

    assert QApplication.activeModalWidget() is None
    assert len(acts) == 3
    assert where[1] == 4
    assert where[0].startswith("Daftar" if make is as_xlsx else "usulan")
    assert [columns[n] for n in range(7)] == [
        "number", "title", "organisation", "unit", None, "category", "group",
    ]  # fmt: skip
    assert len(wanted) == (127 if groups == GROUPS else 124)
    assert len(named) == 127 - len(wanted)
    assert all("Khusus" in line[2] or "Replikasi" in line[2] for line in named)
    assert column(window.page.table, 1) == [row[1] for row in wanted]
    assert fields_stored(window, qtbot) == [
        (row[0], row[1], row[2], row[3], row[6].casefold() or "umum") for row in wanted
    ]


def test_a_wrong_guess_is_changed_and_remembered_for_the_next_file(
    window, qtbot, tmp_path, monkeypatch
):
    table = tmp_path / "satu.csv"
    table.write_text("No;Usulan Kegiatan Inovatif;Asal\n1;Sumur Injeksi;Dinas PU\n2;Siaga;RSUD\n")
    choose(monkeypatch, table)

    dialog = open_wizard(window, qtbot)
    press_main(window, qtbot)
    guessed, unsure = dialog.rows.chosen(), dialog.rows.unsure()
    tab_to("column_3")
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Down)
    press_main(window, qtbot)
    twice = dialog.step, dialog.problem_label.text()
    press(Qt.Key.Key_Down)
    chosen = dialog.rows.chosen()
    press_main(window, qtbot)
    press_main(window, qtbot)
    agencies = column(window.page.table, 2)
    table.write_text("No;Usulan Kegiatan Inovatif;Asal\n1;Sumur Injeksi Kota;Dinas PU\n3;Baru;PU\n")
    again = open_wizard(window, qtbot, "import_button")
    kinds = column(again.table, 3)
    told = column(again.table, 2)
    press_main(window, qtbot)

    assert guessed[1] == "title"
    assert unsure >= 1
    assert twice[0] == 1
    assert said("Title") in twice[1]
    assert chosen[2] == "organisation"
    assert agencies == ["Dinas PU", "RSUD"]
    assert kinds[0] == said("Changed")
    assert told[0].endswith(": Sumur Injeksi → Sumur Injeksi Kota")
    assert column(window.page.table, 1) == ["Sumur Injeksi Kota", "Siaga", "Baru"]


def test_rows_with_problems_are_exported_corrected_and_loaded(window, qtbot, tmp_path, monkeypatch):
    table, fix = tmp_path / "usulan.csv", tmp_path / "perbaiki.xlsx"
    table.write_text("nomor;judul;instansi\n1;Sumur Injeksi;Dinas PU\n2;;Dinas Pasar\n")
    choose(monkeypatch, table, fix)

    dialog = open_wizard(window, qtbot)
    press_main(window, qtbot)
    problems = column(dialog.table, 0)[:1], column(dialog.table, 1)[:1]
    tab_to("export_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    told = dialog.safe_label.text()
    dialog._next.setFocus()
    press_main(window, qtbot)
    first = column(window.page.table, 1)
    book = openpyxl.load_workbook(fix)
    book.active["B2"] = "Pasar Bersih"
    book.save(fix)
    choose(monkeypatch, fix)
    dialog = open_wizard(window, qtbot, "import_button")
    press_main(window, qtbot)

    assert problems == (["3"], ["judul"])
    assert "perbaiki.xlsx" in told
    assert first == ["Sumur Injeksi"]
    assert column(window.page.table, 1) == ["Sumur Injeksi", "Pasar Bersih"]


def hostile(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / "usulan.xlsx"
    if kind == "far corner":
        book = openpyxl.Workbook()
        book.active["XFD1048576"] = "jauh"
        book.save(path)
    elif kind == "bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("[Content_Types].xml", b" " * (64 << 20))
    elif kind == "cut short":
        as_xlsx(path)
        path.write_bytes(path.read_bytes()[:900])
    else:
        path.write_bytes(b"nomor;judul\n1;" + b"x" * (3 << 20))
    return path


@pytest.mark.parametrize("kind", ["far corner", "bomb", "cut short", "long line"])
def test_a_hostile_file_gets_one_sentence_and_stores_nothing(
    window, qtbot, tmp_path, monkeypatch, kind
):
    choose(monkeypatch, hostile(tmp_path, kind))

    tab_to("empty_import_button")
    press(Qt.Key.Key_Space)
    settle(window, qtbot)
    dialog = QApplication.activeModalWidget()
    if dialog is not None:  # a table without anything that could be a list
        press_main(window, qtbot)
        press_main(window, qtbot)
        sentence = dialog.problem_label.text()
        loads = dialog.step == 2 and dialog._next.isEnabled()
        press(Qt.Key.Key_Escape)
    else:
        sentence, loads = window.messages.what_label.text(), False
    settle(window, qtbot)

    assert sentence
    assert not loads
    assert stored(window, qtbot) == 0


def test_escape_stops_a_long_import_and_stores_nothing(window, qtbot, tmp_path, monkeypatch):
    table = tmp_path / "besar.csv"
    table.write_text(
        "nomor;judul;instansi\n"
        + "".join(f"{n};Inovasi Contoh {n};Dinas {n % 40}\n" for n in range(1, 6001))
    )
    choose(monkeypatch, table)

    dialog = open_wizard(window, qtbot)
    press_main(window, qtbot)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Escape)
    settle(window, qtbot)
    stopped = dialog.isVisible(), dialog.problem_label.isVisibleTo(dialog)
    press(Qt.Key.Key_Escape)

    assert stopped == (True, True)
    assert stored(window, qtbot) == 0


@pytest.mark.parametrize("percent", [100, 200])
def test_every_step_is_named_reachable_and_readable(window, qtbot, tmp_path, monkeypatch, percent):
    window.house.settings.for_this_run["text_size"] = percent
    window.apply_settings()
    choose(monkeypatch, as_xlsx(tmp_path / "usulan.xlsx"))

    dialog = open_wizard(window, qtbot)
    tab_to("back_button")
    press(Qt.Key.Key_Space)
    found = []
    for _ in range(3):
        settle(window, qtbot)
        qtbot.wait(30)
        found += unnamed_controls(dialog) + unreachable_controls(dialog) + clipped_texts(dialog)
        if dialog.step < 2:
            press_main(window, qtbot)
    press(Qt.Key.Key_Escape)
    settle(window, qtbot)

    assert found == []


def test_a_file_dropped_on_the_page_opens_the_import(window, qtbot, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(as_csv(tmp_path / "usulan.csv")))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )

    QCoreApplication.sendEvent(window.page, QDragEnterEvent(QPoint(40, 40), copy, mime, left, none))
    QCoreApplication.sendEvent(window.page, QDropEvent(QPointF(40, 40), copy, mime, left, none))
    settle(window, qtbot)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    told = dialog.file_label.text(), dialog.header_row.value()
    press(Qt.Key.Key_Escape)

    assert told == ("usulan.csv", 4)


def test_a_second_table_of_people_says_old_and_new(window, qtbot, tmp_path, monkeypatch):
    people = tmp_path / "panel.csv"
    people.write_text("nama;peran;instansi\nJuri 1;juri;Universitas Brawijaya\n")
    choose(monkeypatch, people)
    window.go_to("people")
    settle(window, qtbot)
    open_wizard(window, qtbot, "import_button")
    for _ in range(2):
        press_main(window, qtbot)
    people.write_text("nama;peran;instansi\nJuri 1;juri; Media\nJuri 2;juri;LSM\n")

    dialog = open_wizard(window, qtbot, "import_button")
    lines = list(zip(*(column(dialog.table, n) for n in range(4)), strict=True))
    press(Qt.Key.Key_Escape)

    assert lines == [
        ("2", "instansi", "Juri 1: Universitas Brawijaya → Media", said("Changed")),
        ("3", "", "Juri 2", said("New")),
    ]


def test_cells_beyond_the_last_heading_do_not_stop_the_import(window, qtbot, tmp_path, monkeypatch):
    table = tmp_path / "usulan.csv"
    table.write_text("nomor;judul;instansi\n1;Sumur Injeksi;Dinas PU;belum lengkap\n2;Siaga;RSUD\n")
    choose(monkeypatch, table)

    dialog = open_wizard(window, qtbot)
    stray = dialog.rows.chosen()[3]
    press_main(window, qtbot)
    press_main(window, qtbot)

    assert stray == "-"
    assert column(window.page.table, 1) == ["Sumur Injeksi", "Siaga"]
    assert "belum lengkap" not in window.page.detail.toPlainText()
