"""A page that uses everything of the house; the only page that exists for the tests alone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.rubric import Scale
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import show_rows
from kipp_desktop.gui.pages.base import Page, PageInfo, Session
from kipp_desktop.gui.widgets.chip import Chip
from kipp_desktop.gui.widgets.mark_boxes import MarkBoxes
from kipp_desktop.gui.widgets.mark_field import MarkField
from kipp_desktop.gui.widgets.progress_line import ProgressLine
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QTableView, QWidget

    from kipp_desktop.gui.tasks import TaskContext

TEN = Scale(Fraction(1), Fraction(10), Fraction(1))
HUNDRED = Scale(Fraction(0), Fraction(100), Fraction(1))


@dataclass(frozen=True)
class Row:
    number: int
    title: str
    state: str

    @property
    def tone(self) -> str:
        return {"Draf": "wait", "Final": "good", "Ditolak": "bad"}.get(self.state, "neutral")


ROWS = tuple(
    Row(n, title, state)
    for n, (title, state) in enumerate(
        [
            ("Sumur Injeksi Kota", "Final"),
            ("Drive Thru Adminduk", "Draf"),
            ("Sekolah Daring Ceria", "Belum"),
            ("Lapor Sampah Digital", "Ditolak"),
            ("Puskesmas Tanpa Antre", "Final"),
        ],
        1,
    )
)
COLUMNS = (
    Column[Row](Text("Size"), lambda r: str(r.number), lambda r: r.number, right=True, width=5),
    Column[Row](Text("Name"), lambda r: r.title, stretch=True),
    Column[Row](Text("Type"), lambda r: r.state, tone=lambda r: r.tone, width=14),
)


class DemoPage(Page):
    form = Path(__file__).with_name("demo.ui")
    shows = frozenset({"entries"})

    table: QTableView
    note: QLineEdit
    level_label: QLabel
    marks: QWidget
    search: QWidget
    state_card: QFrame

    def build(self) -> None:
        self.loads = 0
        self.model = RowsModel(COLUMNS, lambda row: row.number, self)
        show_rows(self.table, self.model, self.opened)
        self.boxes = MarkBoxes(TEN, "Kebaruan")
        place(self.boxes, self.marks)
        self.boxes.looked_at.connect(self.show_level)
        self.finder = SearchField()
        place(self.finder, self.search)
        self.finder.searched.connect(self.model.set_filter)
        layout = self.state_card.layout()
        for tone in ("neutral", "calm", "good", "wait", "bad"):
            layout.addWidget(Chip(tone.capitalize(), tone))
        self.line = ProgressLine("Juri 1")
        layout.addWidget(self.line)
        self.field = MarkField(HUNDRED, "Efektif")
        layout.addWidget(self.field)
        self.add_action(Text("Open"), lambda: None, icon="folder-open", name="open_button")
        self.add_action(Text("Save"), self.save, main=True, icon="save", name="save_button")
        self.opened_rows: list[Row] = []

    def opened(self, row: Row) -> None:
        self.opened_rows.append(row)

    def load(self) -> None:
        self.run(lambda _context: ROWS, self.show_list)

    def show_list(self, rows: tuple[Row, ...]) -> None:
        self.loads += 1
        self.model.set_rows(rows)
        self.line.show_progress(2, len(rows))
        self.set_subtitle(Text("{done} of {total}", done=2, total=len(rows)))

    def say_all(self) -> None:
        self.finder.say("Cari judul, instansi, nomor")

    def show_level(self, mark: Fraction | None) -> None:
        self.level_label.setText("" if mark is None else f"7-8 Sudah ditiru ({mark})")

    def save(self) -> None:
        self.run(change_entries, title=Text("Save"))

    def keys(self) -> list[tuple[str, Text]]:
        return [("Ctrl+Enter", Text("Save"))]


def change_entries(context: TaskContext) -> Changes:
    context.progress(1)
    return Changes.of("entries")


class QuietPage(Page):
    """Shows nothing, and nothing that changes."""

    def load(self) -> None:
        self.loads = getattr(self, "loads", 0) + 1


DESK = Session(frozenset({"desk"}), "KIPP Kota Malang 2021", "Sekretariat (contoh)")
JUDGE = Session(frozenset({"judge"}), "KIPP Kota Malang 2021", "Juri 1 (contoh)")
_DESK_PAGES = (
    ("Beranda", "house"),
    ("Inovasi", "lightbulb"),
    ("Panel & rubrik", "users"),
    ("Acara", "calendar-clock"),
    ("Lembar kertas", "file-pen-line"),
    ("Berkas masuk", "inbox"),
    ("Peringkat", "trophy"),
    ("Analisis", "chart-column"),
    ("Pleno", "gavel"),
    ("Hasil & berita acara", "file-badge"),
    ("Jejak audit", "history"),
    ("Pengaturan", "settings"),
)
PAGES = (
    PageInfo("door", Text("KIPP Desktop"), "house", frozenset({"start"}), QuietPage),
    *(
        PageInfo(
            f"page{n}",
            Text(title),
            icon,
            frozenset({"desk", "judge"}) if n < 3 else frozenset({"desk"}),
            DemoPage if n == 0 else "tests.window.demo:QuietPage",
        )
        for n, (title, icon) in enumerate(_DESK_PAGES)
    ),
)
