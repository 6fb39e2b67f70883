"""The dialogs for ``tests.shots``: how each is opened over the sample, filled as a user would.

Each maker gets the :class:`Stage` of the pictures and returns the dialog, which need not be shown
yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog

from kipp_desktop.gui.crash import CrashDialog
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.backups import BackupsDialog
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.create import CreateDialog
from kipp_desktop.gui.dialogs.curtain import Curtain
from kipp_desktop.gui.dialogs.decide import DecideDialog
from kipp_desktop.gui.dialogs.import_preview import ImportPreviewDialog
from kipp_desktop.gui.dialogs.join import WHAT, JoinDialog
from kipp_desktop.gui.dialogs.making import MakingDialog
from kipp_desktop.gui.dialogs.move import MoveDialog
from kipp_desktop.gui.dialogs.passphrase import PassphraseDialog
from kipp_desktop.gui.dialogs.person import PersonDialog
from kipp_desktop.gui.dialogs.publish import PublishDialog
from kipp_desktop.gui.dialogs.settle import SettleDialog
from kipp_desktop.gui.dialogs.status import StatusDialog
from kipp_desktop.gui.dialogs.verifier import VerifierDialog
from kipp_desktop.gui.dialogs.words import WordsDialog
from kipp_desktop.gui.dialogs.written_total import WrittenTotalDialog
from kipp_desktop.gui.models.mark_grid import GridRow
from kipp_desktop.services import board, entries, importing, people, setup, sheetbook
from kipp_desktop.services.judging import Marker
from kipp_desktop.services.paper import Typing
from kipp_desktop.services.rolling import Backup
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

FOLDER = Path("D:/Dokumen/KIPP")
"""Where a user's files are; the pictures never show the folder that they are taken in."""
TABLE = """nomor;judul;instansi;kelompok
201;Lapor Jalan Berlubang;Dinas Contoh;
;Nomor menyusul;Dinas Contoh;
201;Judul lain dengan nomor yang sama;Dinas Contoh;
203;;Dinas Contoh;
"""


@dataclass
class Stage:
    """What the makers need: the window, a package, and facts of the sample."""

    window: MainWindow
    package: Path
    report: importing.ImportReport
    entry: entries.EntryLine
    person: people.PersonLine
    row: board.BoardRow
    making: tuple[board.MadeStage, ...]
    tie: board.Question
    book: sheetbook.Sheetbook


Maker = Callable[[Stage], QDialog]


def prepare(window: MainWindow, home: Home, folder: Path) -> Stage:
    """Read the facts, before the window opens the competition."""
    package, table = folder / "paket.kipp", folder / "inovasi.csv"
    table.write_text(TABLE, "utf-8")
    with home.open(home.choose()) as panel:
        setup.write_package(panel, package, "plan")
        report = importing.import_entries(home, panel, table, dry_run=True)
        board.open_ranking(home, panel)
        rows = board.board(panel).groups[0].rows
        tie = board.Question(
            "umum",
            2,
            tuple(board.Contender(row.id, row.number, row.title) for row in rows[1:4]),
            ("plenary", "lot"),
            "Top 3",
            2,
        )
        return Stage(
            window,
            package,
            report,
            entries.entry_lines(panel)[9],
            people.people_lines(panel)[0],
            rows[0],
            board.making_of(panel, rows[0].id),
            tie,
            _book(home, panel),
        )


def _book(home: Home, panel: Panel) -> sheetbook.Sheetbook:
    judge = sheetbook.judges_progress(panel)[0]
    clerk = home.card(panel.competition, "clerk")
    marker = Marker(clerk.fingerprint, judge.id, judge.stage, paper=True)
    return sheetbook.read_sheetbook(panel, marker)


def _create(stage: Stage) -> QDialog:
    dialog = CreateDialog(stage.window.house, stage.window)
    dialog.name.setText("KIPP Kabupaten 2026")
    dialog.organiser.setText("Bagian Organisasi Sekretariat Daerah")
    return dialog


def _join(stage: Stage) -> QDialog:
    dialog = JoinDialog(stage.window.house, stage.window)
    chosen, files.choose_open = files.choose_open, lambda *_: [stage.package]
    try:
        dialog.package_button.click()
    finally:
        files.choose_open = chosen
    while stage.window.tasks.busy or not dialog.person.count():
        QCoreApplication.processEvents()
    dialog.package_label.say(str(FOLDER / stage.package.name))
    dialog.person.setCurrentIndex(0)
    dialog.out_label.say(str(FOLDER / Path(dialog.out_label.text()).name))
    dialog.skip.setChecked(True)
    dialog.passphrase.setText("satu dua tiga")
    return dialog


def _passphrase(stage: Stage) -> QDialog:
    return PassphraseDialog(_card(stage))


def _curtain(stage: Stage) -> QDialog:
    return Curtain(stage.window.house, stage.window)


def _confirm(stage: Stage) -> QDialog:
    return ConfirmDialog(
        Text("Take {name} out of the panel?", name="Juri 5"),
        Text("It holds from the next package on. What this person signed stays."),
        Text("Take out"),
        stage.window,
    )


def _words(stage: Stage) -> QDialog:
    words = "kapal batu rumah meja sungai langit"
    return WordsDialog(stage.window, WHAT, words, FOLDER / "juri-1-kunci.kipp")


def _backups(stage: Stage) -> QDialog:
    first = datetime(2021, 3, 16, 15, 30)  # noqa: DTZ001 - the wall's clock
    moments = [first - timedelta(minutes=30 * number) for number in range(12)]
    made = [Backup(stage.folder, moment, 40 - number) for number, moment in enumerate(moments)]
    return BackupsDialog(made, Text("Take the drafts of which moment?"), stage.window)


def _publish(stage: Stage) -> QDialog:
    return PublishDialog(FOLDER, stage.window)


def _crash(stage: Stage) -> QDialog:
    details = 'Traceback (most recent call last):\n  File "page.py", line 1, in load\nValueError'
    return CrashDialog(details, stage.window)


def _keys(stage: Stage) -> QDialog:
    stage.window.go_to("scoring")
    return stage.window.show_keys()


def _signing(stage: Stage) -> QDialog:
    # As the judge meets it: all complete sheets, with some left.
    page: Any = stage.window.go_to("review")
    while stage.window.tasks.busy:
        QCoreApplication.processEvents()
    page.sign_button.click()
    return next(d for d in stage.window.findChildren(QDialog) if d.isVisible())


def _settle(stage: Stage) -> QDialog:
    names = ("Sekretariat", "Petugas 1")
    typing = Typing(
        "",
        "differs",
        differences=(("kebaruan", ("7", "1")), ("transfer", ("8", "9"))),
        names=names,
    )
    view, leaves = stage.book.views[9], stage.book.rubric.judged.leaves
    dialog = SettleDialog(view, typing, leaves, stage.window)
    dialog.fields["kebaruan"].show_mark(leaves[0].scale.mark(6))
    dialog.fields["transfer"].show_mark(leaves[3].scale.mark(7))
    return dialog


def _move(stage: Stage) -> QDialog:
    views = stage.book.views
    dialog = MoveDialog(views[9], views, stage.window)
    dialog.number.setText(views[11].entry.number)
    return dialog


def _written_total(stage: Stage) -> QDialog:
    remark = Text(
        "Number {number}: the paper says {written}, the marks make {total}.",
        number=10,
        written=74,
        total=80,
    )
    row = GridRow("", "10", "", {}, None, Text("Draft"), "", editable=True, key="", remark=remark)
    return WrittenTotalDialog(row, stage.window)


def _card(stage: Stage) -> Any:
    return stage.window.house.session.context.card


#: Role in which it is met, name, maker.
DIALOGS: tuple[tuple[str, str, Maker], ...] = (
    ("start", "create", _create),
    ("start", "join", _join),
    ("start", "verifier", lambda stage: VerifierDialog(stage.window)),
    ("start", "crash", _crash),
    ("desk", "passphrase", _passphrase),
    ("desk", "status", lambda stage: StatusDialog(stage.entry, stage.window)),
    ("desk", "person", lambda s: PersonDialog(s.window.house, s.person, s.window)),
    ("desk", "confirm", _confirm),
    ("desk", "words", _words),
    ("desk", "publish", _publish),
    (
        "desk",
        "import",
        lambda s: ImportPreviewDialog(FOLDER / "inovasi.csv", s.report, s.window),
    ),
    ("desk", "decide", lambda stage: DecideDialog(stage.tie, stage.window)),
    ("desk", "making", lambda stage: MakingDialog(stage.row, stage.making, stage.window)),
    ("desk", "settle", _settle),
    ("desk", "move", _move),
    ("desk", "written-total", _written_total),
    ("judge", "backups", _backups),
    ("judge", "curtain", _curtain),
    ("judge", "keys", _keys),
    ("judge", "abstention", lambda s: AbstentionDialog("17 · " + s.entry.title, s.window)),
    ("judge", "signing", _signing),
)
