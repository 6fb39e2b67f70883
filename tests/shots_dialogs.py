"""The dialogs for ``tests.shots``: how each is opened over the sample, filled as a user would.

Each maker gets the :class:`Stage` of the pictures and returns the dialog, which need not be shown
yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog

from kipp_desktop.gui.crash import CrashDialog
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.arrival_preview import ArrivalPreviewDialog
from kipp_desktop.gui.dialogs.change_passphrase import ChangePassphraseDialog
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.create import CreateDialog
from kipp_desktop.gui.dialogs.curtain import Curtain
from kipp_desktop.gui.dialogs.decide import DecideDialog
from kipp_desktop.gui.dialogs.fork import ForkDialog
from kipp_desktop.gui.dialogs.history import HistoryDialog
from kipp_desktop.gui.dialogs.import_preview import ImportPreviewDialog
from kipp_desktop.gui.dialogs.join import WHAT, JoinDialog
from kipp_desktop.gui.dialogs.making import MakingDialog
from kipp_desktop.gui.dialogs.passphrase import PassphraseDialog
from kipp_desktop.gui.dialogs.person import PersonDialog
from kipp_desktop.gui.dialogs.publish import PublishDialog
from kipp_desktop.gui.dialogs.revoke import RevokeDialog
from kipp_desktop.gui.dialogs.status import StatusDialog
from kipp_desktop.gui.dialogs.verifier import VerifierDialog
from kipp_desktop.gui.dialogs.words import WordsDialog
from kipp_desktop.services import (
    arrivals,
    board,
    entries,
    forks,
    importing,
    inbox,
    keyring,
    people,
    setup,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.services.panel import Panel

TABLE = """nomor;judul;instansi;kelompok
201;Lapor Jalan Berlubang;Dinas Contoh;
;Nomor menyusul;Dinas Contoh;
201;Judul lain dengan nomor yang sama;Dinas Contoh;
203;;Dinas Contoh;
"""


@dataclass
class Stage:
    """What the makers need: the window, a folder for files, and facts of the sample."""

    window: MainWindow
    folder: Path
    package: Path
    report: importing.ImportReport
    entry: entries.EntryLine
    person: people.PersonLine
    row: board.BoardRow
    making: tuple[board.MadeStage, ...]
    tie: board.Question
    previews: tuple[arrivals.Preview, ...]
    history: tuple[arrivals.Arrival, ...]
    key: keyring.KeyLine
    heads: tuple[keyring.Head, ...]
    fork: forks.Fork


Maker = Callable[[Stage], QDialog]


def prepare(window: MainWindow, home: Home, folder: Path) -> Stage:
    """Read the facts, before the window opens the competition."""
    package, table = folder / "paket.kipp", folder / "inovasi.csv"
    table.write_text(TABLE, "utf-8")
    with home.open(home.choose()) as panel:
        setup.write_package(panel, package, "plan")
        report = importing.import_entries(home, panel, table, dry_run=True)
        board.open_ranking(home, panel)
        lines = keyring.keys_view(panel).lines
        key = next(line for line in lines if line.state == "admitted" and line.sheets)
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
            folder,
            package,
            report,
            entries.entry_lines(panel)[9],
            people.people_lines(panel)[0],
            rows[0],
            board.making_of(panel, rows[0].id),
            tie,
            _previews(panel, package, folder),
            arrivals.inbox_view(panel).history,
            key,
            keyring.heads_of(panel, key.key),
            _fork(panel, key),
        )


def _previews(panel: Panel, package: Path, folder: Path) -> tuple[arrivals.Preview, ...]:
    """Examine a whole file and half of it; two more are as from a judge's stick."""
    half = folder / "juri-4_16-mar_1530.kipp"
    half.write_bytes(package.read_bytes()[:-200])
    found = inbox.examine(Home(Context(folder)), panel, [package, half])
    judges = [line for line in keyring.keys_view(panel).lines if line.state == "admitted"]
    news = (("abstention", 1), ("correction", 2), ("score-sheet", 43))
    found += [
        inbox.Examined(folder / "juri-2_16-mar_1512.kipp", "", "merged", news, (judges[1].person,)),
        inbox.Examined(
            folder / "SALINAN juri-1 (2).kipp",
            "",
            "forked",
            (),
            (judges[0].person,),
            (inbox.Difference(judges[0].key, judges[0].person, 31, 46, 38),),
        ),
    ]
    return arrivals.previews(panel, found)


def _fork(panel: Panel, key: keyring.KeyLine) -> forks.Fork:
    names = [leaf.criterion.name for leaf in panel.setup.rubrics[0].leaves]
    times = ("2021-03-16T09:31:05+07:00", "2021-03-16T13:02:40+07:00")
    marks = (("8", "6"), ("7", "7"), ("9", "6"), ("8", "8"), ("7", "5"))
    return forks.Fork(
        key.key,
        key.name,
        31,
        key.key,
        (
            forks.Side(
                "a",
                15,
                times[0],
                times[1],
                True,
                (Text("a receipt (record {seq} of the desk)", seq=14),),
            ),
            forks.Side("b", 7, times[1], times[1], False, ()),
        ),
        tuple(
            forks.Difference("17", name, pair, times)
            for name, pair in zip(names, marks, strict=False)
        ),
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
    dialog.person.setCurrentIndex(0)
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
    return WordsDialog(stage.window, WHAT, words, stage.folder / "juri-1-kunci.kipp")


def _publish(stage: Stage) -> QDialog:
    return PublishDialog(stage.folder, stage.window)


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
        lambda s: ImportPreviewDialog(s.folder / "inovasi.csv", s.report, s.window),
    ),
    ("desk", "preview", lambda s: ArrivalPreviewDialog(s.previews, 12, s.window)),
    ("desk", "history", lambda s: HistoryDialog(s.history, s.window)),
    ("desk", "revoke", lambda s: RevokeDialog(s.key, s.heads, False, s.window)),
    ("desk", "fork", lambda s: ForkDialog(s.fork, s.window)),
    ("desk", "new-passphrase", lambda s: ChangePassphraseDialog(s.window.house, s.window)),
    ("desk", "decide", lambda stage: DecideDialog(stage.tie, stage.window)),
    ("desk", "making", lambda stage: MakingDialog(stage.row, stage.making, stage.window)),
    ("judge", "curtain", _curtain),
    ("judge", "keys", _keys),
    ("judge", "abstention", lambda s: AbstentionDialog("17 · " + s.entry.title, s.window)),
    ("judge", "signing", _signing),
)
