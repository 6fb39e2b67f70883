"""The editor of rubrics: a tree of criteria, the fields of one, and the sheet that comes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QHeaderView, QTreeWidgetItem

from kipp_desktop.domain.rubric_draft import (
    NodeDraft,
    RubricDraft,
    ScaleDraft,
    inserted,
    moved,
    node_at,
    removed,
    unused,
    with_node,
)
from kipp_desktop.gui import icons, theme
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.forms import place as put_into
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.pages.rubric_fields import RubricFields, in_words
from kipp_desktop.gui.shortcuts import on_keys
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.criteria_card import CriteriaCard
from kipp_desktop.services.rubrics import (
    DraftView,
    RubricLine,
    keep_draft,
    look_at,
    open_draft,
    read_rubric_file,
    remove_draft,
    rubric_lines,
    usable,
    use_rubric,
    write_rubric_file,
)
from kipp_desktop.services.rules import rules_view
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QHideEvent
    from PySide6.QtWidgets import (
        QHBoxLayout,
        QLabel,
        QPushButton,
        QTabWidget,
        QTreeWidget,
        QWidget,
    )

    from kipp_desktop.domain.rubric_draft import Place
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.panel import Panel

LEAST: Final = 900
TREE: Final = 230
REST: Final = 400
"""Milliseconds without typing after which a draft is stored."""
_PLACE: Final = int(Qt.ItemDataRole.UserRole)
RUBRICS: files.Filter = (Text("Rubrics"), ("*.toml", "*.xlsx", "*.xls", "*.ods", "*.csv"))
TOML: files.Filter = (Text("Rubric for KIPP Desktop"), ("*.toml",))
BOOK: files.Filter = (Text("Spreadsheet"), ("*.xlsx",))


class RubricPage(Page):
    """What is typed is stored by itself, with its mistakes; a stage follows what has none."""

    form = "rubric.ui"
    shows = frozenset({"competition"})

    which: QComboBox
    which_row: QHBoxLayout
    stage: QComboBox
    use_button: QPushButton
    new_button: QPushButton
    import_button: QPushButton
    export_button: QPushButton
    drop_button: QPushButton
    used_label: QLabel
    source_label: QLabel
    halves: QHBoxLayout
    add_button: QPushButton
    part_button: QPushButton
    up_button: QPushButton
    down_button: QPushButton
    remove_button: QPushButton
    undo_button: QPushButton
    tree: QTreeWidget
    sum_label: QLabel
    tabs: QTabWidget
    preview_label: QLabel
    sheet_place: QWidget
    panel_label: QLabel

    def build(self) -> None:
        """Connect tree, fields, preview and files."""
        self._lines: list[RubricLine] = []
        self._id = ""
        self._view: DraftView | None = None
        self._before: list[RubricDraft] = []
        self._unstored = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._store)
        self.fields = RubricFields(self, self)
        self.fields.changed.connect(self._typed)
        self.sheet = CriteriaCard()
        self.sheet.setObjectName("sheet")
        put_into(self.sheet, self.sheet_place)
        BreakingRow(self.which_row, LEAST, self)
        BreakingRow(self.halves, LEAST, self)
        self.tabs.tabBar().setDrawBase(False)
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        for box in (self.which, self.stage):
            box.setSizeAdjustPolicy(adjust)
        header = self.tree.header()
        header.setStretchLastSection(False)
        self.tree.setColumnCount(3)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.currentItemChanged.connect(lambda *_: self._go_to_place())
        self.tree.itemActivated.connect(lambda *_: self._to_fields())
        self.which.activated.connect(lambda _at: self._open(str(self.which.currentData())))
        self.use_button.clicked.connect(self._use)
        self.add_button.clicked.connect(self._add)
        self.part_button.clicked.connect(self._add_part)
        self.remove_button.clicked.connect(self._remove)
        self.up_button.clicked.connect(lambda: self._move(-1))
        self.down_button.clicked.connect(lambda: self._move(1))
        self.undo_button.clicked.connect(self._take_back)
        self.new_button.clicked.connect(self._new)
        self.drop_button.clicked.connect(self._drop)
        self.import_button.clicked.connect(self._import)
        self.export_button.clicked.connect(self._export)
        on_keys(self.tree, "Insert", self._add)
        on_keys(self.tree, "Shift+Insert", self._add_part)
        on_keys(self.tree, "Delete", self._remove)
        on_keys(self.tree, "Alt+Up", lambda: self._move(-1))
        on_keys(self.tree, "Alt+Down", lambda: self._move(1))
        on_keys(self.tree, "Ctrl+Z", self._take_back)
        self.add_action(
            Text("Back to the panel"),
            lambda: self.house.go_to("people"),
            icon="users",
            name="people_button",
        )

    def load(self) -> None:
        """Read which rubrics there are; what is being edited stays as it is typed."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: _read(workplace.panel), self._show)

    def say_all(self) -> None:
        """Say headings and what follows from the draft again."""
        self.tree.setHeaderLabels([say(Text("Criterion")), say(Text("Weight")), say(Text("Marks"))])
        _to_the_right(self.tree.headerItem())
        self.tree.setMinimumHeight(theme.px(TREE))
        self.fields.say()
        if self._view is not None:
            self._look(self._view.draft)
            self._say_which()

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of the tree."""
        return [
            ("Insert", Text("a criterion below this one")),
            ("Shift+Insert", Text("a part of this criterion")),
            ("Delete", Text("remove the criterion")),
            ("Alt+↑ Alt+↓", Text("move the criterion")),
            ("Ctrl+Z", Text("take back")),
            ("Enter", Text("to the fields")),
        ]

    def hideEvent(self, event: QHideEvent) -> None:
        """Store what was typed last before another page shows."""
        if self._rest.isActive():
            self._rest.stop()
            self._store()
        super().hideEvent(event)

    # --- which rubric ---

    def _show(self, found: tuple[list[RubricLine], list[tuple[str, str]]]) -> None:
        self._lines, stages = found
        chosen = self.stage.currentData()
        self.stage.clear()
        for stage, name in stages:
            self.stage.addItem(name, stage)
        self.stage.setCurrentIndex(max(self.stage.findData(chosen), 0))
        if not self._id:
            first = next((line for line in self._lines if line.stages), self._lines[0])
            self._open(first.id)
        self._say_which()

    def _say_which(self) -> None:
        self.which.clear()
        for one in self._lines:
            name = say(Text("{name} (own)", name=one.name)) if one.own else one.name
            self.which.addItem(name, one.id)
        self.which.setCurrentIndex(self.which.findData(self._id))
        found = [line for line in self._lines if line.id == self._id]
        line = found[0] if found else None
        self.drop_button.setEnabled(line is not None and line.own)
        if line is None:
            return
        used = (
            Text("Used in: {stages}.", stages=line.stages)
            if line.stages
            else Text("No stage uses it.")
        )
        kind = (
            Text("Kept at this desk.")
            if line.own
            else Text("From the catalogue: the first change makes a copy of your own.")
        )
        self.used_label.setText(f"{say(used)} {say(kind)}")

    def _open(self, rubric_id: str) -> None:
        self._store()
        self._id = rubric_id
        workplace: Workplace = self.house.session.context

        def opened(draft: RubricDraft) -> None:
            # Whoever runs through the list by arrows has chosen another since.
            if rubric_id == self._id:
                self._begin(rubric_id, draft)

        self.run(lambda _task: open_draft(workplace.panel, rubric_id), opened)

    def _begin(self, rubric_id: str, draft: RubricDraft) -> None:
        self._id, self._before = rubric_id, []
        self._set(draft, (), stored=True)
        self._say_which()

    def _new(self) -> None:
        taken = {line.id for line in self._lines}
        name = say(Text("New rubric"))
        draft = RubricDraft(
            id=unused("rubrik", taken),
            name=name,
            scale=ScaleDraft("1", "10"),
            criteria=(NodeDraft("", say(Text("New criterion")), "100"),),
        )
        self._begin(draft.id, draft)
        self._unstored = True
        self._store()
        self.fields.whole_name.setFocus()
        self.fields.whole_name.selectAll()

    def _drop(self) -> None:
        workplace: Workplace = self.house.session.context
        self._rest.stop()
        self._unstored = False
        rubric_id, self._id = self._id, ""
        self.run(lambda task: remove_draft(workplace.home(task), workplace.panel, rubric_id))

    def _use(self) -> None:
        self._store()
        workplace: Workplace = self.house.session.context
        rubric_id, stage = self._id, str(self.stage.currentData())
        name = self.stage.currentText()
        self.run(
            lambda task: use_rubric(workplace.home(task), workplace.panel, stage, rubric_id),
            lambda _changes: self.house.show_message(
                Text("The stage {stage} is marked by this rubric from the next package on.",
                     stage=name)
            ),
        )  # fmt: skip

    # --- the draft ---

    def _typed(self, draft: RubricDraft) -> None:
        self._look(draft)
        self._unstored = True
        self._rest.start()

    def _set(self, draft: RubricDraft, at: Place, *, stored: bool = False) -> None:
        """Show another tree, with the criterion at a place."""
        blocker = QSignalBlocker(self.tree)
        self.tree.clear()
        top = QTreeWidgetItem()
        top.setData(0, _PLACE, ())
        self.tree.addTopLevelItem(top)
        _fill(top, draft.criteria, ())
        self.tree.expandAll()
        self.tree.setCurrentItem(self._item(at))
        del blocker
        self.fields.show_place(draft, at)
        self._look(draft)
        if not stored:
            self._unstored = True
            self._rest.start()

    def _look(self, draft: RubricDraft) -> None:
        """Say what follows from the draft: texts of the tree, sums, mistakes, the sheet."""
        view = look_at(draft)
        self._view = view
        at = self._at
        wrong = {
            mistake.place: say(in_words(mistake.problem)) for mistake in reversed(view.mistakes)
        }
        sums = {item.place: item for item in view.sums}
        blocker = QSignalBlocker(self.tree)
        for item in _items(self.tree):
            place: Place = tuple(item.data(0, _PLACE))
            node = node_at(draft, place) if place else None
            total = sums.get(place)
            weight = node.weight if node is not None else ""
            if total is not None:
                value = "?" if total.total is None else say_value(total.total)
                weight = f"{weight} Σ {value}".strip()
            scale = draft.scale if node is None or node.children else node.scale or draft.scale
            marks = "" if scale is None or (node is not None and node.children) else (
                f"{scale.minimum}–{scale.maximum}"
            )  # fmt: skip
            name = (draft.name if node is None else node.name) or "…"
            if node is not None and node.marked_by == "panel" and not node.children:
                name = say(Text("{name} (panel)", name=name))
            for column, text in enumerate((name, weight, marks)):
                item.setText(column, text)
            _to_the_right(item)
            font = item.font(0)
            font.setBold(node is None or bool(node.children))
            item.setFont(0, font)
            problem = wrong.get(place, "")
            item.setToolTip(0, problem or name)
            item.setIcon(0, icons.icon("circle-alert", "on_bad") if problem else QIcon())
        del blocker
        self.fields.show_mistakes(view.mistakes)
        self._say_sum(view, at)
        self._say_sheet(view)
        self.source_label.setText(draft.source)
        self.source_label.setVisible(bool(draft.source))
        self.set_subtitle(
            Text("{count} mistakes", count=len(view.mistakes))
            if view.mistakes
            else Text("without a mistake")
        )
        self.export_button.setEnabled(not view.mistakes)
        self.use_button.setEnabled(not view.mistakes)
        self._look_buttons()

    @property
    def _at(self) -> Place:
        item = self.tree.currentItem()
        return () if item is None else tuple(item.data(0, _PLACE))

    def _say_sum(self, view: DraftView, at: Place) -> None:
        above = at[:-1]
        found = next((item for item in view.sums if item.place == above), None)
        if found is None or found.total is None:
            self.sum_label.setText(say(Text("A weight here is no number yet.")))
            return
        text = Text("Sum of the weights at this level: {sum}", sum=found.total)
        if found.expected and found.total != 100:
            text = Text(
                "Sum of the weights at this level: {sum}; 100 is usual. Shares are computed from "
                "the sum.",
                sum=found.total,
            )
        self.sum_label.setText(say(text))

    def _say_sheet(self, view: DraftView) -> None:
        if view.sheet is None:
            self.preview_label.setText(
                say(Text("The sheet is shown when the rubric has no mistake."))
            )
            self.sheet.hide()
            self.panel_label.hide()
            return
        rubric = usable(view.draft)
        self.preview_label.setText(say(Text("So a judge sees it; marks given here are not kept.")))
        self.sheet.set_rubric(rubric)
        self.sheet.show()
        parts = [leaf.criterion.name for leaf in rubric.leaves if leaf.by_panel]
        self.panel_label.setText(
            say(Text("Marked once for all by the panel: {names}.", names=tuple(parts)))
        )
        self.panel_label.setVisible(bool(parts))

    def _look_buttons(self) -> None:
        at = self._at
        siblings = 0
        if at and self._view is not None:
            draft = self._view.draft
            siblings = len(node_at(draft, at[:-1]).children if at[:-1] else draft.criteria)
        self.up_button.setEnabled(bool(at) and at[-1] > 0)
        self.down_button.setEnabled(bool(at) and at[-1] < siblings - 1)
        self.remove_button.setEnabled(bool(at))
        self.part_button.setEnabled(bool(at))
        self.undo_button.setEnabled(bool(self._before))

    # --- the tree ---

    def _go_to_place(self) -> None:
        if self._view is None:
            return
        at = self._at
        self.fields.show_place(self._view.draft, at)
        self.fields.show_mistakes(self._view.mistakes)
        self._say_sum(self._view, at)
        self._look_buttons()

    def _to_fields(self) -> None:
        self.tabs.setCurrentIndex(0)
        field = self.fields.node_name if self._at else self.fields.whole_name
        field.setFocus()
        field.selectAll()

    def _item(self, at: Place) -> QTreeWidgetItem:
        return next(item for item in _items(self.tree) if tuple(item.data(0, _PLACE)) == at)

    def _change(self, draft: RubricDraft, at: Place) -> None:
        if self._view is not None:
            self._before.append(self._view.draft)
        self._set(draft, at)

    def _add(self) -> None:
        if self._view is None:
            return
        at, draft = self._at, self._view.draft
        where = (*at[:-1], at[-1] + 1) if at else (len(draft.criteria),)
        self._change(inserted(draft, where, NodeDraft(name=say(Text("New criterion")))), where)
        self._to_fields()

    def _add_part(self) -> None:
        at = self._at
        if self._view is None or not at:
            return
        node = node_at(self._view.draft, at)
        # A criterion of parts has neither marks nor sentences of its own.
        fresh = NodeDraft(name=say(Text("New criterion")), scale=node.scale, levels=node.levels)
        above = replace(node, scale=None, levels=(), marked_by="judge")
        if node.children:
            fresh, above = NodeDraft(name=fresh.name), node
        parts = (*node.children, fresh)
        changed = with_node(self._view.draft, at, replace(above, children=parts))
        self._change(changed, (*at, len(parts) - 1))
        self._to_fields()

    def _remove(self) -> None:
        at = self._at
        if self._view is None or not at:
            return
        draft = removed(self._view.draft, at)
        left = len(node_at(draft, at[:-1]).children if at[:-1] else draft.criteria)
        self._change(draft, (*at[:-1], min(at[-1], left - 1)) if left else at[:-1])
        self.tree.setFocus()

    def _move(self, by: int) -> None:
        at = self._at
        if self._view is None or not at:
            return
        draft = self._view.draft
        siblings = len(node_at(draft, at[:-1]).children if at[:-1] else draft.criteria)
        if 0 <= at[-1] + by < siblings:
            self._change(moved(draft, at, by), (*at[:-1], at[-1] + by))

    def _take_back(self) -> None:
        if self._before:
            self._set(self._before.pop(), ())

    # --- storing and files ---

    def _store(self) -> None:
        """Store the draft where it was changed since."""
        self._rest.stop()
        workplace: Workplace | None = self.house.session.context
        if not self._unstored or self._view is None or workplace is None:
            return
        self._unstored = False
        draft = self._view.draft
        self.run(lambda task: keep_draft(workplace.home(task), workplace.panel, draft))

    def _import(self) -> None:
        chosen = files.choose_open(self.window(), Text("Import a rubric"), (RUBRICS,))
        if chosen:
            path = chosen[0]
            self.run(lambda _task: read_rubric_file(path), self._take, pure=True)

    def _take(self, draft: RubricDraft) -> None:
        self._store()
        known = draft.id.strip() or unused("rubrik", {line.id for line in self._lines})
        self._begin(known, replace(draft, id=known))
        self._unstored = True
        self._store()

    def _export(self) -> None:
        view = self._view
        if view is None or view.mistakes:
            return
        rubric = usable(view.draft)
        title = Text("Export the rubric")
        path = files.choose_save(self.window(), title, f"{rubric.id}.toml", (TOML, BOOK))
        if path is not None:
            self.run(
                lambda _task: write_rubric_file(rubric, path),
                lambda _done: self._written(path),
                pure=True,
            )

    def _written(self, path: Path) -> None:
        self.house.show_message(Text("{file} is written.", file=path.name))

    def changeEvent(self, event: object) -> None:
        """Measure and draw again in another theme or text size."""
        super().changeEvent(event)  # type: ignore[arg-type]
        if getattr(self, "_drawn_in", None) != (theme.colours(), theme.px(100)):
            self._drawn_in = (theme.colours(), theme.px(100))
            if hasattr(self, "fields"):
                self.say_all()


def _read(panel: Panel) -> tuple[list[RubricLine], list[tuple[str, str]]]:
    stages = [(stage.id, stage.name) for stage in rules_view(panel).rules.stages]
    return rubric_lines(panel), stages


def _fill(above: QTreeWidgetItem, nodes: tuple[NodeDraft, ...], place: Place) -> None:
    for position, node in enumerate(nodes):
        item = QTreeWidgetItem()
        item.setData(0, _PLACE, (*place, position))
        above.addChild(item)
        _fill(item, node.children, (*place, position))


def _items(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    found: list[QTreeWidgetItem] = []

    def walk(item: QTreeWidgetItem | None) -> None:
        if item is not None:
            found.append(item)
            for number in range(item.childCount()):
                walk(item.child(number))

    walk(tree.topLevelItem(0))
    return found


def _to_the_right(item: QTreeWidgetItem) -> None:
    for column in (1, 2):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
