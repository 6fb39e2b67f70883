"""Panel & rubrik: who judges, by what, and the package that fixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidgetItem

from kipp_desktop.domain.rule_words import ROLE_TEXTS
from kipp_desktop.gui import icons
from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.import_table import import_table
from kipp_desktop.gui.dialogs.person import PersonDialog
from kipp_desktop.gui.dialogs.plan import PlanDialog
from kipp_desktop.gui.dialogs.words import WordsDialog
from kipp_desktop.gui.forms import place
from kipp_desktop.gui.models.rows import Column, RowsModel
from kipp_desktop.gui.models.table import selected_row, show_rows
from kipp_desktop.gui.pages.assignment import AssignmentPart
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.breaking_row import BreakingRow
from kipp_desktop.gui.widgets.file_drop import FileDrop
from kipp_desktop.gui.widgets.look import say_look
from kipp_desktop.gui.widgets.search_field import SearchField
from kipp_desktop.gui.workplace import ask_and_run
from kipp_desktop.services.importing import import_people
from kipp_desktop.services.people import (
    PanelView,
    PersonLine,
    panel_view,
    remove_person,
)
from kipp_desktop.services.replanning import PlanPreview, preview_plan
from kipp_desktop.services.setup import Published, publish_plan
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import (
        QHBoxLayout,
        QLabel,
        QPushButton,
        QTableView,
        QTabWidget,
        QTreeWidget,
        QWidget,
    )

    from kipp_desktop.domain.rubric import Criterion, Rubric
    from kipp_desktop.gui.workplace import Workplace

PART_TEXTS: Final = {
    "entries": Text("innovations"),
    "organisations": Text("agencies"),
    "persons": Text("people"),
    "groups": Text("groups"),
    "rubrics": Text("rubrics"),
    "stages": Text("stages"),
    "rules": Text("rules"),
    "competition": Text("the competition's particulars"),
    "assignments": Text("assignments"),
}
LEAST: Final = 780
HAND_OUT: Final = Text(
    "Read these six words aloud to the judges, or put them on the wall: by them each judge knows "
    "that the package is yours."
)


def _roles(line: PersonLine) -> str:
    return ", ".join(say(ROLE_TEXTS[role]) for role in line.roles)


_PEOPLE: Final = (
    Column[PersonLine](Text("Name"), lambda p: p.name, bold=True, stretch=True),
    Column[PersonLine](Text("Roles"), _roles, width=22, least=12),
    Column[PersonLine](Text("Institution"), lambda p: p.institution, width=30, least=15),
    Column[PersonLine](Text("Conflicts"), lambda p: p.conflicts, width=34, least=15),
)


class PeoplePage(Page):
    """Everything here is the next plan's, until the package is published."""

    form = "people.ui"
    shows = frozenset({"people", "entries", "organisations", "plan", "competition", "agenda"})

    package_chip: QLabel
    package_label: QLabel
    package_detail: QLabel
    words_label: QLabel
    tabs: QTabWidget
    people_tab: QWidget
    people_row: QHBoxLayout
    search: QWidget
    add_button: QPushButton
    edit_button: QPushButton
    remove_button: QPushButton
    import_button: QPushButton
    people_table: QTableView
    rubric_tree: QTreeWidget
    rubric_source: QLabel
    rubric_button: QPushButton
    rules_button: QPushButton

    def build(self) -> None:
        """Set up the tables and their actions."""
        self._found: PanelView | None = None
        self.finder = SearchField()
        self.finder.setObjectName("search_field")
        place(self.finder, self.search)
        BreakingRow(self.people_row, LEAST, self.people_tab)
        self.people = RowsModel(_PEOPLE, lambda p: p.id, self)
        self.assigning = AssignmentPart(self)
        show_rows(self.people_table, self.people, self._edit)
        self.finder.searched.connect(self._filter)
        self.finder.left_down.connect(self.people_table.setFocus)
        self.people_table.selectionModel().selectionChanged.connect(lambda *_: self._look())
        self.people.modelReset.connect(self._look)
        self.add_button.clicked.connect(lambda: self._edit(PersonLine(roles=("judge",))))
        self.edit_button.clicked.connect(lambda: self._edit(selected_row(self.people_table)))
        self.remove_button.clicked.connect(self._ask_to_remove)
        FileDrop(self).dropped.connect(self._dropped)
        self.import_button.clicked.connect(lambda: import_table(self, "people", import_people))
        self.rubric_button.clicked.connect(lambda: self.house.go_to("rubric"))
        self.rules_button.clicked.connect(lambda: self.house.go_to("rules"))
        header = self.rubric_tree.header()
        header.setStretchLastSection(False)
        self.rubric_tree.setColumnCount(3)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.rubric_tree.setWordWrap(True)
        self.tabs.tabBar().setDrawBase(False)
        self.keys_button = self.add_action(
            Text("Keys and words"),
            lambda: self.house.go_to("keys"),
            icon="key-round",
            name="keys_button",
        )
        self.publish_button = self.add_action(
            Text("Publish the package…"),
            self._publish,
            main=True,
            icon="usb",
            name="publish_button",
        )

    def load(self) -> None:
        """Read the next plan in the database thread."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: panel_view(workplace.panel), self._show)
        self.assigning.load()

    def say_all(self) -> None:
        """Say hints, states and the rubric again."""
        self.finder.say(say(Text("Search name, role or institution")))
        self.assigning.say()
        if self._found is not None:
            self._show(self._found)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [("Enter", Text("change the person"))]

    def _show(self, found: PanelView) -> None:
        self._found = found
        self.people.set_rows(found.people)
        self._select_any()
        judges = found.left[0].total if found.left else _count_judges(found)
        self.set_subtitle(
            Text(
                "{people} people, {judges} of them judges", people=len(found.people), judges=judges
            )
        )
        self._show_package(found)
        self._show_rubrics(found)
        self._look()

    def _show_package(self, found: PanelView) -> None:
        self.words_label.setText(found.words)
        if not found.revision:
            chip, tone = Text("Not published"), "wait"
            what = Text("Judges can start when the package has been published.")
            detail: Text | None = Text(
                "It fixes innovations, judges and rubric, and is signed by this desk."
            )
        elif found.changed:
            chip, tone = Text("Changed"), "wait"
            what = Text(
                "Package {revision} is published, but something changed since then.",
                revision=found.revision,
            )
            parts = ", ".join(f"{count} {say(PART_TEXTS[part])}" for part, count in found.parts)
            detail = Text("Changed since then: {parts}.", parts=parts) if parts else None
        else:
            chip, tone = Text("Published"), "good"
            what = Text("Package {revision} is published.", revision=found.revision)
            detail = Text("Nothing changed since then. Publishing again writes the same package.")
        if found.warnings:
            detail = found.warnings[0]
        # Publishing is the one thing to do here only while something is to be published.
        wanted = not found.revision or found.changed
        say_look(self.publish_button, "look", "main" if wanted else "plain")
        icons.wear(self.publish_button, "usb", "on_accent" if wanted else "text")
        self.package_chip.setText(say(chip))
        say_look(self.package_chip, "chip", tone)
        self.package_label.setText(say(what))
        self.package_detail.setText("" if detail is None else say(detail))

    def _show_rubrics(self, found: PanelView) -> None:
        tree = self.rubric_tree
        tree.clear()
        tree.setHeaderLabels(
            [say(Text("Criterion")), say(Text("Weight")), say(Text("Marks"))],
        )
        _to_the_right(tree.headerItem())
        for stage, rubric in found.rubrics:
            top = QTreeWidgetItem([f"{stage}: {rubric.name}"])
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            tree.addTopLevelItem(top)
            for criterion in rubric.criteria:
                top.addChild(_criterion_item(criterion, rubric))
            top.setExpanded(True)
        self.rubric_source.setText("\n".join(rubric.source for _, rubric in found.rubrics))

    def _filter(self, text: str) -> None:
        self.people.set_filter(text)
        self._select_any()

    def _select_any(self) -> None:
        if self.people.rowCount() and selected_row(self.people_table) is None:
            self.people_table.selectRow(0)

    def _look(self) -> None:
        line: PersonLine | None = selected_row(self.people_table)
        self.edit_button.setEnabled(line is not None)
        self.remove_button.setEnabled(line is not None and not line.keeper)

    # --- people ---

    def _dropped(self, paths: list[Path]) -> None:
        import_table(self, "people", import_people, paths[0])

    def _edit(self, line: PersonLine | None) -> None:
        if line is not None:
            PersonDialog(self.house, line, self.window()).open()

    def _ask_to_remove(self) -> None:
        line: PersonLine | None = selected_row(self.people_table)
        if line is None or line.keeper:
            return
        dialog = ConfirmDialog(
            Text("Take {name} out of the panel?", name=line.name),
            Text("It holds from the next package on. What this person signed stays."),
            Text("Take out"),
            self.window(),
        )
        dialog.accepted.connect(lambda: self._remove(line))
        dialog.open()

    def _remove(self, line: PersonLine) -> None:
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: remove_person(workplace.panel, line.id))

    # --- the package ---

    def _publish(self) -> None:
        """Say first what a further package changes; the first one, or none, needs no question."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: preview_plan(workplace.panel), self._ask_to_publish)

    def _ask_to_publish(self, preview: PlanPreview) -> None:
        if not (preview.changes or preview.touches):
            self._write_package()
            return
        dialog = PlanDialog(preview, self.window())
        dialog.accepted.connect(self._write_package)
        dialog.open()

    def _write_package(self) -> None:
        title = Text("Write the package to a stick")
        path = files.choose_save(self.window(), title, "paket.kipp", (files.PACKAGES,))
        if path is None:
            return
        workplace: Workplace = self.house.session.context
        ask_and_run(
            self.house,
            workplace.card,
            lambda task: publish_plan(workplace.home(task), workplace.panel, path),
            lambda published: self._show_words(published, path),
        )

    def _show_words(self, published: Published, path: Path) -> None:
        words = self._found.words if self._found is not None else ""
        self.house.show_message(
            Text("Package {revision} is published.", revision=published.revision)
        )
        WordsDialog(self.window(), HAND_OUT, words, path, published.warnings).open()


def _count_judges(found: PanelView) -> int:
    return sum("judge" in line.roles for line in found.people)


def _criterion_item(criterion: Criterion, rubric: Rubric) -> QTreeWidgetItem:
    """Return a criterion with its children, or with its levels."""
    leaf = next((leaf for leaf in rubric.leaves if leaf.id == criterion.id), None)
    marks = ""
    if leaf is not None:
        low, high = say_value(leaf.scale.minimum), say_value(leaf.scale.maximum)
        marks = f"{low}–{high}"
    item = QTreeWidgetItem([criterion.name, say_value(criterion.weight), marks])
    item.setToolTip(0, criterion.description)
    _to_the_right(item)
    for child in criterion.children:
        item.addChild(_criterion_item(child, rubric))
    for level in criterion.levels:
        marks = f"{say_value(level.start)}–{say_value(level.end)}"
        inner = QTreeWidgetItem([level.text, "", marks])
        inner.setToolTip(0, level.text)
        _to_the_right(inner)
        item.addChild(inner)
    return item


def _to_the_right(item: QTreeWidgetItem) -> None:
    for column in (1, 2):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
