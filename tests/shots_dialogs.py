"""The dialogs for ``tests.shots``: how each is opened over the sample, filled as a user would.

Each maker gets the :class:`Stage` of the pictures and returns the dialog, which need not be shown
yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog

from kipp_desktop.domain.setup import Attachment
from kipp_desktop.gui.crash import CrashDialog
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.backups import BackupsDialog
from kipp_desktop.gui.dialogs.compare import CompareDialog
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.create import CreateDialog
from kipp_desktop.gui.dialogs.curtain import Curtain
from kipp_desktop.gui.dialogs.decide import DecideDialog
from kipp_desktop.gui.dialogs.import_preview import ImportPreviewDialog
from kipp_desktop.gui.dialogs.join import WHAT, JoinDialog
from kipp_desktop.gui.dialogs.making import MakingDialog
from kipp_desktop.gui.dialogs.papers import PapersDialog
from kipp_desktop.gui.dialogs.passphrase import PassphraseDialog
from kipp_desktop.gui.dialogs.person import PersonDialog
from kipp_desktop.gui.dialogs.publish import PublishDialog
from kipp_desktop.gui.dialogs.sheet_history import SheetHistoryDialog
from kipp_desktop.gui.dialogs.standing import StandingScreen
from kipp_desktop.gui.dialogs.status import StatusDialog
from kipp_desktop.gui.dialogs.verifier import VerifierDialog
from kipp_desktop.gui.dialogs.who import WhoDialog
from kipp_desktop.gui.dialogs.words import WordsDialog
from kipp_desktop.services import board, entries, importing, people, setup
from kipp_desktop.services.entry_papers import Papers
from kipp_desktop.services.home import Listed
from kipp_desktop.services.rolling import Backup
from kipp_desktop.services.sheet_history import Version
from kipp_desktop.services.sheetbook import own_progress
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.services.home import Home

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
        )


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
    while stage.window.tasks.busy or not page.model.rows():
        QCoreApplication.processEvents()
    page.sign_button.click()
    return next(d for d in stage.window.findChildren(QDialog) if d.isVisible())


def _scoring(stage: Stage) -> Any:
    page: Any = stage.window.go_to("scoring")
    while stage.window.tasks.busy or not page.sheets.loaded:
        QCoreApplication.processEvents()
    return page


def _compare(stage: Stage) -> QDialog:
    page = _scoring(stage)
    dialog = CompareDialog(page.sheets, stage.window)
    dialog.show_criterion(page._current, next(iter(page.criteria.rows)))
    return dialog


def _sheet_history(stage: Stage) -> QDialog:
    page = _scoring(stage)
    view = page.sheets.views()[0]
    names = [leaf.criterion.name for leaf in page.sheets.book.rubric.judged.leaves]
    marks = [tuple((name, Fraction(mark)) for name in names) for mark in (8, 9)]
    dialog = SheetHistoryDialog(view, 2, stage.window)
    dialog.show_list(
        [
            Version(
                2, "2021-03-16T15:02:00+07:00", "corrected", marks[1], Fraction(90), "Salah baca"
            ),
            Version(1, "2021-03-16T14:31:00+07:00", "signed", marks[0], Fraction(80), ""),
        ]
    )
    return dialog


def _standing(stage: Stage) -> QDialog:
    found = own_progress(_scoring(stage).sheets.book)
    dialog = StandingScreen("Juri 1", "Presentasi dan wawancara", found, stage.window)
    dialog.resize(1366, 768)
    return dialog


def _papers(stage: Stage) -> QDialog:
    page = _scoring(stage)
    entry = page.sheets.views()[0].entry
    files = (Attachment("Proposal lengkap.pdf", "0" * 64, 2_400_000, "pdf"),)
    return PapersDialog(page, entry, Papers(files, ("https://contoh.id/video/12",)))


def _who(stage: Stage) -> QDialog:
    dialog = WhoDialog("Juri 1", stage.window)
    listed = Listed("0", "0", "KIPP Kota Malang 2021 (contoh)", FOLDER)
    card = _card(stage)
    dialog.show_list(
        [(listed, replace(card, name=f"Juri {n}", fingerprint=str(n))) for n in (2, 3)]
    )
    return dialog


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
    ("judge", "backups", _backups),
    ("judge", "curtain", _curtain),
    ("judge", "keys", _keys),
    ("judge", "abstention", lambda s: AbstentionDialog("17 · " + s.entry.title, s.window)),
    ("judge", "signing", _signing),
    ("judge", "compare", _compare),
    ("judge", "history", _sheet_history),
    ("judge", "standing", _standing),
    ("judge", "papers", _papers),
    ("judge", "who", _who),
)
