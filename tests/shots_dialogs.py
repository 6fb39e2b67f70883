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

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.rubric import Scale
from kipp_desktop.domain.setup import Attachment
from kipp_desktop.gui.crash import CrashDialog
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.abstention import AbstentionDialog
from kipp_desktop.gui.dialogs.arrival_preview import ArrivalPreviewDialog
from kipp_desktop.gui.dialogs.backups import BackupsDialog
from kipp_desktop.gui.dialogs.change_passphrase import ChangePassphraseDialog
from kipp_desktop.gui.dialogs.compare import CompareDialog
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.create import CreateDialog
from kipp_desktop.gui.dialogs.curtain import Curtain
from kipp_desktop.gui.dialogs.decide import DecideDialog
from kipp_desktop.gui.dialogs.fork import ForkDialog
from kipp_desktop.gui.dialogs.hand_signature import HandSignatureDialog
from kipp_desktop.gui.dialogs.history import HistoryDialog
from kipp_desktop.gui.dialogs.import_table import ImportDialog, Source
from kipp_desktop.gui.dialogs.join import WHAT, JoinDialog
from kipp_desktop.gui.dialogs.making import MakingDialog
from kipp_desktop.gui.dialogs.move import MoveDialog
from kipp_desktop.gui.dialogs.organisation import OrganisationDialog
from kipp_desktop.gui.dialogs.panel_marks import PanelMarksDialog
from kipp_desktop.gui.dialogs.papers import PapersDialog
from kipp_desktop.gui.dialogs.particulars import ParticularsDialog
from kipp_desktop.gui.dialogs.passphrase import PassphraseDialog
from kipp_desktop.gui.dialogs.person import PersonDialog
from kipp_desktop.gui.dialogs.plan import PlanDialog
from kipp_desktop.gui.dialogs.plan_news import PlanNewsDialog
from kipp_desktop.gui.dialogs.publish import PublishDialog
from kipp_desktop.gui.dialogs.resolve import Matter, ResolveDialog
from kipp_desktop.gui.dialogs.revoke import RevokeDialog
from kipp_desktop.gui.dialogs.rows import RowsDialog
from kipp_desktop.gui.dialogs.select import SelectDialog
from kipp_desktop.gui.dialogs.selection_record import RecordSelectionDialog
from kipp_desktop.gui.dialogs.settle import SettleDialog
from kipp_desktop.gui.dialogs.sheet_history import SheetHistoryDialog
from kipp_desktop.gui.dialogs.standing import StandingScreen
from kipp_desktop.gui.dialogs.status import StatusDialog
from kipp_desktop.gui.dialogs.which_sheet import WhichSheetDialog
from kipp_desktop.gui.dialogs.who import WhoDialog
from kipp_desktop.gui.dialogs.words import WordsDialog
from kipp_desktop.gui.dialogs.written_total import WrittenTotalDialog
from kipp_desktop.gui.models.mark_grid import GridRow
from kipp_desktop.gui.pages.plenary import sheet_matter
from kipp_desktop.gui.pages.rules import LISTS, StagesDialog, stage_list
from kipp_desktop.services import (
    arrivals,
    board,
    choices,
    entries,
    forks,
    importing,
    inbox,
    keyring,
    panel_marks,
    people,
    published,
    rules,
    setup,
    sheet_decisions,
    sheetbook,
)
from kipp_desktop.services.context import Context
from kipp_desktop.services.entry_papers import Papers
from kipp_desktop.services.home import Home, Listed
from kipp_desktop.services.judging import Marker
from kipp_desktop.services.paper import Typing
from kipp_desktop.services.replanning import PlanNews, PlanPreview
from kipp_desktop.services.rolling import Backup
from kipp_desktop.services.rubrics import RubricLine, rubric_lines
from kipp_desktop.services.sheet_history import Version
from kipp_desktop.services.sheetbook import own_progress
from kipp_desktop.services.standing import RULE_TEXTS
from kipp_desktop.services.table_view import TableView, look_at_table
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.gui.main_window import MainWindow
    from kipp_desktop.services.panel import Panel

FOLDER = Path("D:/Dokumen/KIPP")
"""Where a user's files are; the pictures never show the folder that they are taken in."""
TABLE = """PEMERINTAH KABUPATEN CONTOH
DAFTAR USULAN INOVASI PELAYANAN PUBLIK TAHUN 2021

No.;Nama Inovasi yang Diusulkan;Perangkat Daerah Pengusul;Kelompok;Mulai diterapkan;Kontak (WA)
201;Lapor Jalan Berlubang;Dinas Pekerjaan Umum dan Penataan Ruang;;02-01-2020;081234567890
;Gerakan Tanam Sayur di Lahan Pekarangan;Dinas Ketahanan Pangan dan Pertanian;;2019;081234567891
201;Judul lain dengan nomor yang sama;Dinas Contoh;;;
203;;Dinas Contoh;;;081234567892
1;Peta Baper (Peta Berbasis Partisipasi Masyarakat);Pemerintah Kabupaten Luwu Utara;;;
"""


@dataclass
class Stage:
    """What the makers need: the window, a package, and facts of the sample."""

    window: MainWindow
    package: Path
    table: Path
    view: TableView
    entry: entries.EntryLine
    person: people.PersonLine
    row: board.BoardRow
    making: tuple[board.MadeStage, ...]
    tie: board.Question
    selections: list[choices.Selection]
    previews: tuple[arrivals.Preview, ...]
    history: tuple[arrivals.Arrival, ...]
    key: keyring.KeyLine
    heads: tuple[keyring.Head, ...]
    fork: forks.Fork
    book: sheetbook.Sheetbook
    rules: rules.RulesView
    sheets: list[sheet_decisions.JudgeSheets]
    sheet: sheet_decisions.SheetCase


Maker = Callable[[Stage], QDialog]


def prepare(window: MainWindow, home: Home, folder: Path) -> Stage:
    """Read the facts, before the window opens the competition."""
    package, table = folder / "paket.kipp", folder / "inovasi.csv"
    table.write_text(TABLE, "utf-8")
    with home.open(home.choose()) as panel:
        setup.write_package(panel, package, "plan")
        view = look_at_table(home, panel, table, "entries")
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
            package,
            table,
            view,
            entries.entry_lines(panel)[9],
            people.people_lines(panel)[0],
            rows[0],
            board.making_of(panel, rows[0].id),
            tie,
            choices.selections(panel),
            _previews(panel, package, folder),
            arrivals.inbox_view(panel).history,
            key,
            keyring.heads_of(panel, key.key),
            _fork(panel, key),
            _book(home, panel),
            rules.rules_view(panel),
            sheets := sheet_decisions.sheets_to_decide(panel),
            sheet_decisions.sheet_case(panel, sheets[0], sheets[0].sheets[0]),
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


def _book(home: Home, panel: Panel) -> sheetbook.Sheetbook:
    judge = sheetbook.judges_progress(panel)[0]
    clerk = home.card(panel.competition, "clerk")
    marker = Marker(clerk.fingerprint, judge.id, judge.stage, paper=True)
    return sheetbook.read_sheetbook(panel, marker)


def _import(stage: Stage, step: int) -> QDialog:
    source = Source(stage.table, "entries", importing.import_entries)
    dialog = ImportDialog(stage.window.house, source, stage.view, stage.window)
    dialog._show_step(0)
    for _ in range(step):
        dialog._forward()
        while stage.window.tasks.busy:
            QCoreApplication.processEvents()
    return dialog


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


def _news(stage: Stage) -> QDialog:
    sheets = (
        Text(
            "{count} of your signed sheets in {stage} no longer count ({rule}): {numbers}. "
            "They stay signed; look at their marks and sign again where they are still yours.",
            count=2,
            stage="Presentasi",
            rule=RULE_TEXTS["not-assigned"],
            numbers=("07", "12"),
        ),
    )
    changes = (
        Text(
            "New criterion in {stage}: {criterion}, weight {weight}",
            stage="Presentasi",
            criterion="Keterpaduan",
            weight=10,
        ),
    )
    return PlanNewsDialog(PlanNews(2, changes, sheets, ()), stage.window)


def _backups(stage: Stage) -> QDialog:
    first = datetime(2021, 3, 16, 15, 30)  # noqa: DTZ001 - the wall's clock
    moments = [first - timedelta(minutes=30 * number) for number in range(12)]
    made = [Backup(FOLDER, moment, 40 - number) for number, moment in enumerate(moments)]
    return BackupsDialog(made, Text("Take the drafts of which moment?"), stage.window)


def _publish(stage: Stage) -> QDialog:
    return PublishDialog(FOLDER, stage.window)


def _plan(stage: Stage) -> QDialog:
    change = Text("{what}: {old} → {new}", what=Text("Weight of {criterion} in {stage}",
                  criterion="Kebaruan", stage="Presentasi"), old=20, new=30)  # fmt: skip
    stale = Text(
        "{count} signed sheets of {name} in {stage} no longer count ({rule}): {numbers}",
        count=3,
        name="Juri 1",
        stage="Presentasi",
        rule=Text("marked by another rubric"),
        numbers="01, 02, 03",
    )
    preview = PlanPreview(
        2,
        changed=True,
        changes=(Text("{name} leaves the panel", name="Juri 4"), change),
        drafts=(stale,),
        todo=(
            Text("Give the new package to {names}", names="Juri 1, Juri 2, Juri 3"),
            Text("{name} looks at the marks again and signs anew: {numbers}", name="Juri 1",
                 numbers="01, 02, 03"),
        ),
    )  # fmt: skip
    return PlanDialog(preview, stage.window)


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


def _resolve(stage: Stage) -> QDialog:
    number, title = stage.entry.number, stage.entry.title
    matter = Matter(
        title=Text("Field correction"),
        what=Text(
            "{name} proposes after the visit, for entry {number}: {criterion} {mark}. {reason}",
            name="Verifikator 1",
            number=number,
            criterion="Efektif",
            mark="6",
            reason="Waktu tunggu hanya turun menjadi 30 menit",
        ),
        button=Text("Record the decision"),
        facts=(
            Text("The judges gave {marks}; in every sheet it would be {mark}.", marks="8", mark=6),
            Text("{number} · {title}: {where}", number=number, title=title, where="–"),
        ),
        yes=Text("The correction is &accepted"),
        no=Text("The correction is &not accepted"),
    )
    dialog = ResolveDialog(matter, stage.window)
    dialog.reason.setText("Sesuai lembar verifikasi (contoh)")
    dialog.votes.voted.setChecked(True)
    dialog.votes.boxes[0].setValue(4)
    return dialog


def _select(about: str) -> Maker:
    return lambda stage: SelectDialog(
        [one for one in stage.selections if one.about == about], stage.window
    )


def _panel_marks(stage: Stage) -> QDialog:
    scale = Scale(Fraction(0), Fraction(10), Fraction(1))
    marks = panel_marks.PanelMarks(
        "presentasi",
        "Presentasi",
        False,
        (
            panel_marks.PanelCriterion("hadir", "Kehadiran pimpinan", scale),
            panel_marks.PanelCriterion("waktu", "Ketepatan waktu", scale),
        ),
        tuple(
            panel_marks.PanelMarkRow(row.number, row.title, ("8", ""))
            for row in stage.tie.contenders * 4
        ),
    )
    return PanelMarksDialog(marks, stage.window)


def _hand(stage: Stage) -> QDialog:
    words = [published.Word("p1", "Juri 1", ("judge",), False, None)]
    return HandSignatureDialog(words, stage.window)


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


def _rows(what: str) -> Maker:
    def make(stage: Stage) -> QDialog:
        sheet, _ = LISTS[what](stage.rules)
        return RowsDialog(stage.window.house, sheet, lambda _task, _rows: Changes(), stage.window)

    return make


def _stages(stage: Stage) -> QDialog:
    workplace = stage.window.house.session.context
    lines: list[RubricLine] = []
    stage.window.house.run(lambda _task: rubric_lines(workplace.panel), lines.extend)
    while stage.window.tasks.busy or not lines:
        QCoreApplication.processEvents()
    sheet, _ = stage_list(stage.rules, lines)
    return StagesDialog(stage.window.house, sheet, lambda _task, _rows: Changes(), stage.window)


def _card(stage: Stage) -> Any:
    return stage.window.house.session.context.card


def _organisation(window: MainWindow) -> QDialog:
    page: Any = window.go_to("coverage")
    while window.tasks.busy or page._shown is None:
        QCoreApplication.processEvents()
    lines = list(page._shown.lines.values())
    line = next(line for line in lines if line.parent)
    return OrganisationDialog(window.house, line, lines, window)


def _record_selection(window: MainWindow) -> QDialog:
    page: Any = window.go_to("selection")
    while window.tasks.busy or page._shown is None:
        QCoreApplication.processEvents()
    return RecordSelectionDialog(page._shown.view, window)


#: Over the competition of ``setup_desk``: name, maker.
SETUP_DIALOGS: tuple[tuple[str, Callable[[MainWindow], QDialog]], ...] = (
    ("organisation", _organisation),
    ("selection-record", _record_selection),
)

#: Role in which it is met, name, maker.
DIALOGS: tuple[tuple[str, str, Maker], ...] = (
    ("start", "create", _create),
    ("start", "join", _join),
    (
        "start",
        "join-verifier",
        lambda stage: JoinDialog(stage.window.house, stage.window, as_verifier=True),
    ),
    ("start", "crash", _crash),
    ("desk", "passphrase", _passphrase),
    ("desk", "status", lambda stage: StatusDialog(stage.entry, stage.window)),
    ("desk", "person", lambda s: PersonDialog(s.window.house, s.person, s.window)),
    ("desk", "confirm", _confirm),
    ("desk", "words", _words),
    ("desk", "publish", _publish),
    ("desk", "plan", _plan),
    ("desk", "import-sheet", lambda s: _import(s, 0)),
    ("desk", "import-columns", lambda s: _import(s, 1)),
    ("desk", "import-preview", lambda s: _import(s, 2)),
    ("desk", "preview", lambda s: ArrivalPreviewDialog(s.previews, 12, s.window)),
    ("desk", "history", lambda s: HistoryDialog(s.history, s.window)),
    ("desk", "revoke", lambda s: RevokeDialog(s.key, s.heads, False, s.window)),
    ("desk", "fork", lambda s: ForkDialog(s.fork, s.window)),
    ("desk", "new-passphrase", lambda s: ChangePassphraseDialog(s.window.house, s.window)),
    ("desk", "decide", lambda stage: DecideDialog(stage.tie, stage.window)),
    ("desk", "resolve", _resolve),
    ("desk", "award", _select("award")),
    ("desk", "deviate", _select("deviate")),
    ("desk", "which-sheet", lambda s: WhichSheetDialog(s.sheets, s.window)),
    ("desk", "leave-out", lambda s: ResolveDialog(sheet_matter(s.sheet), s.window)),
    ("desk", "panel-marks", _panel_marks),
    ("desk", "hand-signature", _hand),
    ("desk", "making", lambda stage: MakingDialog(stage.row, stage.making, stage.window)),
    ("desk", "settle", _settle),
    ("desk", "move", _move),
    ("desk", "written-total", _written_total),
    ("judge", "news", _news),
    ("desk", "particulars", lambda s: ParticularsDialog(s.window.house, s.rules, s.window)),
    ("desk", "awards", _rows("awards")),
    ("desk", "ties", _rows("ties")),
    ("desk", "stages", _stages),
    ("desk", "signatories", _rows("signatories")),
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
