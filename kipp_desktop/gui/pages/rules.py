"""Aturan: every rule with its value, one sentence, and what it does to a small example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QPushButton

from kipp_desktop.domain.competition import Decree, Signatory
from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.particulars import ParticularsDialog
from kipp_desktop.gui.dialogs.rows import Field, RowsDialog, Sheet
from kipp_desktop.gui.forms import chain_tabs
from kipp_desktop.gui.pages.base import Page
from kipp_desktop.gui.pages.rule_fields import (
    award_rows,
    group_choices,
    stage_columns,
    stage_fields,
    tie_choices,
    whole_fields,
)
from kipp_desktop.gui.translation import say
from kipp_desktop.gui.widgets.card import Card
from kipp_desktop.gui.widgets.rule_row import RuleRow
from kipp_desktop.services.creating import PRESETS
from kipp_desktop.services.explaining import Explanation, explain_rules
from kipp_desktop.services.rubrics import RubricLine, rubric_lines
from kipp_desktop.services.rules import (
    PublishedRules,
    RulesView,
    published_rules,
    rules_view,
    save_competition,
    save_groups,
    save_signatories,
    set_rule,
    use_preset,
)
from kipp_desktop.services.stages import StageLine, save_stages, stage_lines
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.competition import Rules
    from kipp_desktop.errors import KippError
    from kipp_desktop.gui.pages.rule_fields import RuleField
    from kipp_desktop.gui.tasks import TaskContext
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

GROUPS: Final = Text(
    "Each group is ranked apart, with awards of its own. A group that has entries or awards "
    "cannot go."
)
SIGNATORIES: Final = Text(
    "They sign the minutes below the panel. The NIP stays on this laptop and on paper: a change of "
    "it alone needs no new package."
)
DECREES: Final = Text("They stand in the opening sentence of the minutes.")
SLOT: Final = Text("The agenda gives each entry this time; the moderator's clock counts it down.")
AWARDS: Final = Text("In each group the smallest tier that holds an entry's place is its award.")
STAGES: Final = Text(
    "The stages in their order. A stage of an unchanged name keeps its other rules; one that has "
    "marks stays as it is."
)
TIES: Final = Text("The steps are asked from the top until one splits the equal scores.")


@dataclass(frozen=True)
class _Found:
    """What the page shows, read at once."""

    now: RulesView
    published: PublishedRules | None
    words: tuple[Explanation, ...]
    lines: tuple[RubricLine, ...]


class RulesPage(Page):
    """Each change is stored at once; what cannot be is told, and the old value stands again."""

    form = "rules.ui"
    shows = frozenset({"competition", "plan", "entries"})

    preset_label: QLabel
    preset: QComboBox
    preset_button: QPushButton
    state_label: QLabel
    cards: QVBoxLayout

    def build(self) -> None:
        """Connect the presets; the rows come with what they show."""
        self._found: _Found | None = None
        self._fields: list[RuleField] = []
        self._words_rows: dict[str, RuleRow] = {}
        self._shape: object = None
        self._widgets: list[QWidget] = []
        self.preset.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.preset_button.clicked.connect(self._ask_preset)
        self.add_action(
            Text("Back to the panel"),
            lambda: self.house.go_to("people"),
            icon="users",
            name="people_button",
        )

    def load(self) -> None:
        """Read the rules in the database thread."""
        workplace: Workplace = self.house.session.context
        self.run(lambda _task: _read(workplace.panel), self._show)

    def say_all(self) -> None:
        """Say everything again: rows are made anew, their lists hold words."""
        at = max(self.preset.currentIndex(), 0)
        self.preset.clear()
        for preset, text in PRESETS.items():
            self.preset.addItem(say(text), preset)
        self.preset.setCurrentIndex(at)
        self._shape = None
        if self._found is not None:
            self._show(self._found)

    def keys(self) -> list[tuple[str, Text]]:
        """Return the keys of this page."""
        return [("↑↓", Text("another value"))]

    # --- showing ---

    def _show(self, found: _Found) -> None:
        self._found = found
        shape = (
            [(s.id, s.name, s.kind, s.counted) for s in found.now.rules.stages],
            [(line.id, line.name, line.stages) for line in found.lines],
        )
        if shape != self._shape:
            self._shape = shape
            self._lay_out(found)
        rules = found.now.rules
        published = found.published
        changed = 0
        for field in self._fields:
            field.show(rules)
            differs = published is not None and field.value(rules) != field.value(published.rules)
            changed += differs
            sentence, effect = self._explained(found, field.key)
            field.row.explain(sentence, effect, changed=differs)
        changed += self._show_particulars(found)
        self.set_subtitle(Text("{count} stages", count=len(rules.stages)))
        self._say_state(published, changed)

    def _say_state(self, published: PublishedRules | None, changed: int) -> None:
        if published is None:
            text = Text("Nothing is published yet: the first package takes these rules.")
        elif changed:
            text = Text(
                "Package {revision} has other rules: {count} changes hold only after a new "
                "package (Panel and rubric).",
                revision=published.revision,
                count=changed,
            )
        else:
            text = Text(
                "These are the rules of package {revision}. What is changed here holds after a new "
                "package.",
                revision=published.revision,
            )
        self.state_label.setText(say(text))

    def _explained(self, found: _Found, key: tuple[str, str]) -> tuple[str, str]:
        stage, setting = key
        said = [w for w in found.words if (w.stage, w.setting) == key]
        if said:
            sentences, effects = (
                list(dict.fromkeys(map(say, texts)))
                for texts in ([w.sentence for w in said], [w.effect for w in said])
            )
            return _numbered(sentences), _numbered(effects)
        if setting == "rubric":
            fingerprint = found.now.rules.stage(stage).rubric
            if fingerprint is None:
                return say(Text("Nobody gives marks in this stage.")), ""
            rubric = found.now.rubrics[fingerprint]
            words = Text(
                "{count} criteria are marked; the highest total is {total}.",
                count=len(rubric.leaves),
                total=rubric.maximum,
            )
            return say(words), rubric.source
        if setting == "stages":
            names = (stage.name for stage in found.now.rules.stages)
            return " → ".join(names), say(STAGES)
        if setting == "slot":
            return say(_slot_words(found.now.rules.stage(stage).slot)), say(SLOT)
        if setting == "advance":
            return say(Text("All entries go on from this stage.")), ""
        if setting == "awards":
            return say(Text("No awards: places only.")), ""
        return say(Text("So it stands on sheets and in the minutes.")), ""

    def _lay_out(self, found: _Found) -> None:
        focus = QApplication.focusWidget()
        focused = focus.objectName() if focus is not None and self.isAncestorOf(focus) else ""
        for widget in self._widgets:
            self.cards.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets, self._fields = [], []
        for number, stage in enumerate(found.now.rules.stages, 1):
            rows = stage_fields(stage, found.lines, self._store, self._open)
            self._add(say(Text("Stage {number}: {name}", number=number, name=stage.name)), rows)
        self._add(say(Text("The whole")), whole_fields(self._open, self._store))
        self._words_rows = {
            key: RuleRow(title, [self._opener(key)], key)
            for key, title in (
                ("particulars", Text("Name and letterhead")),
                ("decrees", Text("Decrees")),
                ("signatories", Text("Signatories")),
                ("groups", Text("Groups")),
            )
        }
        self._add_rows(say(Text("Papers")), list(self._words_rows.values()))
        chain_tabs(self)
        for field in self._fields:
            for control in field.row.controls:
                if focused and control.objectName() == focused:
                    control.setFocus()

    def _add(self, heading: str, fields: list[RuleField]) -> None:
        self._fields += fields
        self._add_rows(heading, [field.row for field in fields])

    def _add_rows(self, heading: str, rows: list[RuleRow]) -> None:
        card = Card(heading)
        card.body.setSpacing(0)
        for number, row in enumerate(rows):
            if number:
                line = QFrame()
                line.setProperty("rule", True)
                card.body.addWidget(line)
            card.body.addWidget(row)
        self._widgets.append(card)
        self.cards.addWidget(card)

    def _opener(self, what: str) -> QPushButton:
        button = QPushButton(say(Text("Change…")))
        button.clicked.connect(lambda: self._open(what))
        return button

    def _show_particulars(self, found: _Found) -> int:
        """Say what stands on paper; return how much of it another package would change."""
        now, published = found.now, found.published
        none = say(Text("none"))
        c = now.competition
        texts = {
            "particulars": (
                " · ".join(filter(None, (c.name, c.organiser, str(c.year), c.place, c.paper))),
                " / ".join(c.letterhead),
            ),
            "decrees": ("; ".join(d.number for d in c.decrees) or none, say(DECREES)),
            "signatories": (
                "; ".join(f"{s.title} {s.name}".strip() for s in now.signatories) or none,
                say(SIGNATORIES),
            ),
            "groups": (", ".join(group.name for group in now.groups), say(GROUPS)),
        }
        differs = dict.fromkeys(texts, False)
        if published is not None:
            plain = {"decrees": ()}
            differs = {
                "particulars": replace(c, **plain) != replace(published.competition, **plain),  # type: ignore[arg-type]
                "decrees": c.decrees != published.competition.decrees,
                "signatories": tuple((s.title, s.name) for s in now.signatories)
                != published.signatories,
                "groups": now.groups != published.groups,
            }
        for key, row in self._words_rows.items():
            row.explain(*texts[key], changed=differs[key])
        return sum(differs.values())

    # --- changing ---

    def _store(self, work: Callable[[Home, Panel], Changes]) -> None:
        workplace: Workplace = self.house.session.context
        self.run(lambda task: work(workplace.home(task), workplace.panel), None, self._refused)

    def _refused(self, error: KippError) -> None:
        self.house.show_error(error)
        if self._found is not None:
            self._show(self._found)

    def _ask_preset(self) -> None:
        preset = str(self.preset.currentData())
        dialog = ConfirmDialog(
            Text("Take the rules of this preset?"),
            Text(
                "Stages, rubrics of the stages, equal scores, rounding and awards are replaced. "
                "Entries, people, groups and papers stay."
            ),
            Text("Take them"),
            self.window(),
        )
        dialog.accepted.connect(
            lambda: self._store(lambda home, panel: use_preset(home, panel, preset))
        )
        dialog.open()

    def _open(self, what: str, stage: str = "") -> None:
        if self._found is None:
            return
        view = self._found.now
        if what == "particulars":
            ParticularsDialog(self.house, view, self.window()).open()
            return
        made: type[RowsDialog] = RowsDialog
        if what == "slot":
            sheet, save = slot_list(view, stage)
        elif what == "stages":
            made, (sheet, save) = StagesDialog, stage_list(view, self._found.lines)
        else:
            sheet, save = LISTS[what](view)
        workplace: Workplace = self.house.session.context

        def store(task: TaskContext, rows: list[tuple[str, ...]]) -> Changes:
            return save(workplace.home(task), workplace.panel, rows)

        made(self.house, sheet, store, self.window()).open()


def _numbered(sentences: list[str]) -> str:
    if len(sentences) == 1:
        return sentences[0]
    return "\n".join(f"{number}. {words}" for number, words in enumerate(sentences, 1))


def _read(panel: Panel) -> _Found:
    now = rules_view(panel)
    return _Found(now, published_rules(panel), explain_rules(now.rules), tuple(rubric_lines(panel)))


# --- the lists, each with how it is stored ---

_Rows = list[tuple[str, ...]]


def _groups(view: RulesView) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    sheet = Sheet(
        Text("Groups"),
        GROUPS,
        (Field(Text("Name")),),
        tuple((group.name,) for group in view.groups),
    )
    return sheet, lambda home, panel, rows: save_groups(home, panel, [row[0] for row in rows])


def _signatories(view: RulesView) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    sheet = Sheet(
        Text("Signatories"),
        SIGNATORIES,
        (Field(Text("Position")), Field(Text("Name")), Field(Text("NIP"), 20)),
        tuple((item.title, item.name, item.nip) for item in view.signatories),
    )
    return sheet, lambda home, panel, rows: save_signatories(
        home, panel, [Signatory(*row) for row in rows]
    )


def _decrees(view: RulesView) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    competition = view.competition
    sheet = Sheet(
        Text("Decrees"),
        DECREES,
        (Field(Text("Number")), Field(Text("Date (2026-03-16)"), 16), Field(Text("About"))),
        tuple((item.number, item.on, item.about) for item in competition.decrees),
    )
    return sheet, lambda home, panel, rows: save_competition(
        home, panel, replace(competition, decrees=tuple(Decree(*row) for row in rows))
    )


def _awards(view: RulesView) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    sheet = Sheet(
        Text("Awards"),
        AWARDS,
        (
            Field(Text("Group"), 22, group_choices(view.groups)),
            Field(Text("Tier")),
            Field(Text("How many"), 12),
        ),
        award_rows(view.rules),
    )

    def save(home: Home, panel: Panel, rows: _Rows) -> Changes:
        tables = [{"group": row[0], "tier": row[1], "size": _whole(row[2])} for row in rows]
        return set_rule(home, panel, None, "awards", tables)

    return sheet, save


def _ties(view: RulesView) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    rules: Rules = view.rules
    sheet = Sheet(
        Text("Equal scores"),
        TIES,
        (Field(Text("Step"), 0, tie_choices(rules, view.rubrics.values())),),
        tuple((step,) for step in rules.ties),
    )
    return sheet, lambda home, panel, rows: set_rule(
        home, panel, None, "ties", list(dict.fromkeys(row[0] for row in rows))
    )


def slot_list(view: RulesView, stage: str) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    """Return the parts of an entry's time in a stage, and how they are stored."""
    sheet = Sheet(
        Text("Time for each entry"),
        SLOT,
        (Field(Text("Part")), Field(Text("Minutes"), 12)),
        tuple((part, str(minutes)) for part, minutes in view.rules.stage(stage).slot),
    )

    def save(home: Home, panel: Panel, rows: _Rows) -> Changes:
        parts = [{"part": row[0], "minutes": _whole(row[1])} for row in rows]
        return set_rule(home, panel, stage, "slot", parts)

    return sheet, save


def stage_list(
    view: RulesView, lines: Sequence[RubricLine]
) -> tuple[Sheet, Callable[[Home, Panel, _Rows], Changes]]:
    """Return the stages of the competition, and how they are stored."""
    rows = tuple((line.name, line.kind, line.rubric, line.combine) for line in stage_lines(view))
    sheet = Sheet(Text("Stages"), STAGES, stage_columns(lines), rows)
    return sheet, lambda home, panel, typed: save_stages(
        home, panel, [StageLine(*row) for row in typed]
    )


class StagesDialog(RowsDialog):
    """The list of stages, which has more columns than others: big letters may scroll it."""

    wide = 1040


def _slot_words(slot: tuple[tuple[str, int], ...]) -> Text:
    if not slot:
        return Text("No time is set.")
    return Text(
        "{parts}: {minutes} minutes together.",
        parts=tuple(f"{part} {minutes}" for part, minutes in slot),
        minutes=sum(minutes for _, minutes in slot),
    )


def _whole(typed: str) -> int | str:
    """Return a whole number, or what was typed, which the service then refuses."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else typed


#: What opens in a dialog: its rows, and how they are stored.
LISTS: Final = {
    "groups": _groups,
    "signatories": _signatories,
    "decrees": _decrees,
    "awards": _awards,
    "ties": _ties,
}
