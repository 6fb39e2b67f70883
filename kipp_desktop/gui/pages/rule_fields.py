"""The rules as rows with controls: which there are, what each shows, and what a change stores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSpinBox

from kipp_desktop.domain.competition import Rounding, Rules, Stage
from kipp_desktop.domain.rule_words import (
    BETWEEN_TEXTS,
    COMBINE_TEXTS,
    KIND_TEXTS,
    ROLE_TEXTS,
    ROUNDING_TEXTS,
    step_text,
)
from kipp_desktop.gui import forms
from kipp_desktop.gui.dialogs.rows import Field
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.gui.widgets.rule_row import RuleRow
from kipp_desktop.services.creating import APPROVALS
from kipp_desktop.services.rubrics import use_rubric
from kipp_desktop.services.rules import set_rule
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from kipp_desktop.domain.changes import Changes
    from kipp_desktop.domain.competition import Group
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.rubrics import RubricLine

    Store = Callable[[Callable[[Home, Panel], Changes]], None]

MISSING_TEXTS: Final = {
    "block": Text("every sheet that is due"),
    "present": Text("those that are here"),
}
NOT_MARKED: Final = ""


@dataclass(frozen=True)
class RuleField:
    """A row of the page.

    ``key`` is (stage or "", setting); ``show`` puts the value into the controls; ``value`` gives
    what is compared with the plan in force.
    """

    key: tuple[str, str]
    row: RuleRow
    show: Callable[[Rules], None]
    value: Callable[[Rules], object]


def stage_fields(
    stage: Stage,
    lines: Sequence[RubricLine],
    store: Store,
    open_list: Callable[[str, str], None],
) -> list[RuleField]:
    """Return the rows of a stage; ``open_list`` opens a list of a stage in a dialog."""
    found = [_name(stage, store), _rubric(stage, lines, store)]
    if stage.counted:
        found += [_between(stage, store), _missing(stage, store), _fewest(stage, store)]
    found += [_combine(stage, store), _advance(stage, store)]
    if stage.kind == "presentation" or stage.slot:
        found.append(_slot(stage, open_list))
    return found


def _keep(store: Store, stage: str | None, key: str, value: Any) -> None:
    store(lambda home, panel: set_rule(home, panel, stage, key, value))


def _of(stage: Stage, rules: Rules) -> Stage | None:
    return next((item for item in rules.stages if item.id == stage.id), None)


def _field(  # noqa: PLR0917 - a row and its two readers
    stage: Stage,
    setting: str,
    title: Text,
    controls: Sequence[QWidget],
    show: Callable[[Stage], None],
    value: Callable[[Stage], object],
) -> RuleField:
    """Return the row of a stage's setting."""

    def show_rules(rules: Rules) -> None:
        now = _of(stage, rules)
        if now is not None:
            blockers = [QSignalBlocker(control) for control in controls]
            show(now)
            del blockers

    def of_rules(rules: Rules) -> object:
        now = _of(stage, rules)
        return None if now is None else value(now)

    row = RuleRow(title, controls, f"{setting}_{stage.id}")
    return RuleField((stage.id, setting), row, show_rules, of_rules)


def choices(texts: Mapping[str, Text], chosen: Callable[[str], None]) -> QComboBox:
    """Return a list of values with their words; ``chosen`` hears of the user's choices only."""
    box = QComboBox()
    for value, text in texts.items():
        words = say(text)
        box.addItem(_capital(words), value)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.activated.connect(lambda _at: chosen(str(box.currentData())))
    return box


def _number(
    low: int, high: int, name: Text, chosen: Callable[[int], None], prefix: Text | None = None
) -> QSpinBox:
    box = QSpinBox()
    forms.SpinMargin(box)
    box.setRange(low, high)
    box.setKeyboardTracking(False)
    box.setAccessibleName(say(name))
    box.setProperty("named", True)
    if prefix is not None:
        box.setPrefix(f"{say(prefix)} ")
    box.valueChanged.connect(chosen)
    return box


def _typed(chosen: Callable[[str], None]) -> QLineEdit:
    field = QLineEdit()

    def finished() -> None:
        if field.isModified():
            field.setModified(False)
            chosen(field.text())

    field.editingFinished.connect(finished)
    return field


# --- of a stage ---


def _name(stage: Stage, store: Store) -> RuleField:
    field = _typed(partial(_keep, store, stage.id, "name"))
    return _field(
        stage, "name", Text("Name of the stage"), [field],
        lambda now: field.setText(now.name),
        lambda now: now.name,
    )  # fmt: skip


def _rubric(stage: Stage, lines: Sequence[RubricLine], store: Store) -> RuleField:
    texts = {NOT_MARKED: Text("nobody marks")}
    box = choices(texts, lambda name: store(lambda h, p: use_rubric(h, p, stage.id, name or None)))
    for line in lines:
        box.addItem(line.name, line.id)

    def show(now: Stage) -> None:
        used = next((line.id for line in lines if stage.name in line.stages), NOT_MARKED)
        box.setCurrentIndex(box.findData(used if now.rubric is not None else NOT_MARKED))

    return _field(stage, "rubric", Text("Rubric"), [box], show, lambda now: now.rubric)


def _between(stage: Stage, store: Store) -> RuleField:
    box = choices(BETWEEN_TEXTS, partial(_keep, store, stage.id, "between_judges"))
    least = _number(
        3, 1000, Text("Sheets from which the highest and lowest are dropped"),
        partial(_keep, store, stage.id, "trim_from"), Text("from"),
    )  # fmt: skip

    def show(now: Stage) -> None:
        box.setCurrentIndex(box.findData(now.between_judges))
        least.setValue(now.trim_from)
        least.setVisible(now.between_judges == "trimmed-mean")

    return _field(
        stage, "between_judges", Text("Between the judges"), [box, least], show,
        lambda now: (now.between_judges, now.trim_from),
    )  # fmt: skip


def _missing(stage: Stage, store: Store) -> RuleField:
    box = choices(MISSING_TEXTS, partial(_keep, store, stage.id, "missing"))
    quorum = _number(
        1, 1000, Text("Fewest sheets"), partial(_keep, store, stage.id, "quorum"), Text("from")
    )

    def show(now: Stage) -> None:
        box.setCurrentIndex(box.findData(now.missing))
        quorum.setValue(now.quorum)
        quorum.setVisible(now.missing == "present")

    return _field(
        stage, "missing", Text("Sheets required"), [box, quorum], show,
        lambda now: (now.missing, now.quorum),
    )  # fmt: skip


def _fewest(stage: Stage, store: Store) -> RuleField:
    box = _number(1, 1000, Text("Fewest judges"), partial(_keep, store, stage.id, "min_judges"))
    return _field(
        stage, "min_judges", Text("Fewest judges"), [box],
        lambda now: box.setValue(now.min_judges),
        lambda now: now.min_judges,
    )  # fmt: skip


def _combine(stage: Stage, store: Store) -> RuleField:
    box = choices(COMBINE_TEXTS, partial(_keep, store, stage.id, "combine"))
    weight = _typed(lambda text: _keep(store, stage.id, "weight", text.strip().replace(",", ".")))
    weight.setAccessibleName(say(Text("Weight of the stage")))
    weight.setProperty("named", True)

    def show(now: Stage) -> None:
        box.setCurrentIndex(box.findData(now.combine))
        weight.setText(say_value(now.weight))
        weight.setVisible(now.combine == "weighted" and now.rubric is not None)

    return _field(
        stage, "combine", Text("How it counts"), [box, weight], show,
        lambda now: (now.combine, now.weight),
    )  # fmt: skip


def _advance(stage: Stage, store: Store) -> RuleField:
    def chosen(size: int) -> None:
        _keep(store, stage.id, "advance", {"per_group": size} if size else None)

    box = _number(0, 100_000, Text("Who goes on"), chosen)
    box.setSpecialValueText(say(Text("all")))
    return _field(
        stage, "advance", Text("Who goes on"), [box],
        lambda now: box.setValue(now.advance_per_group or 0),
        lambda now: now.advance_per_group,
    )  # fmt: skip


def _slot(stage: Stage, open_list: Callable[[str, str], None]) -> RuleField:
    button = QPushButton(say(Text("Change…")))
    button.clicked.connect(lambda: open_list("slot", stage.id))
    return _field(
        stage, "slot", Text("Time for each entry"), [button], lambda _now: None,
        lambda now: now.slot,
    )  # fmt: skip


# --- of the whole ---


def whole_fields(open_list: Callable[[str], None], store: Store) -> list[RuleField]:
    """Return the rows of rounding, ladder, awards and approvals; lists open in a dialog."""

    def opener(what: str) -> QPushButton:
        button = QPushButton(say(Text("Change…")))
        button.clicked.connect(lambda: open_list(what))
        return button

    def row(
        key: str,
        title: Text,
        controls: Sequence[QWidget],
        show: Callable[[Rules], None],
        value: Callable[[Rules], object],
    ) -> RuleField:
        def quietly(rules: Rules) -> None:
            blockers = [QSignalBlocker(control) for control in controls]
            show(rules)
            del blockers

        return RuleField(("", key), RuleRow(title, controls, key), quietly, value)

    def nothing(_rules: Rules) -> None:
        """Leave a button as it is."""

    now: list[Rounding] = [Rounding()]

    def round_so(**changed: Any) -> None:
        wanted = replace(now[0], **changed)
        _keep(store, None, "rounding", {"digits": wanted.digits, "when": wanted.when})

    when = choices(ROUNDING_TEXTS, lambda value: round_so(when=value))
    digits = _number(0, 9, Text("Decimals"), lambda value: round_so(digits=value))
    digits.setSuffix(f" {say(Text('decimals'))}")

    def show_rounding(rules: Rules) -> None:
        now[0] = rules.rounding
        when.setCurrentIndex(when.findData(rules.rounding.when))
        digits.setValue(rules.rounding.digits)

    asked = QComboBox()
    asked.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    asked.activated.connect(
        lambda at: _keep(store, None, "approvals", str(asked.itemData(at)).split())
    )

    def show_approvals(rules: Rules) -> None:
        asked.clear()
        for roles, text in APPROVALS.items():
            asked.addItem(say(text), " ".join(roles))
        if rules.approvals not in APPROVALS:
            words = ", ".join(say(ROLE_TEXTS[role]) for role in rules.approvals)
            asked.addItem(words, " ".join(rules.approvals))
        asked.setCurrentIndex(asked.findData(" ".join(rules.approvals)))

    return [
        row(
            "stages", Text("Stages"), [opener("stages")], nothing,
            lambda r: [(stage.id, stage.kind) for stage in r.stages],
        ),
        row("rounding", Text("Rounding"), [when, digits], show_rounding, lambda r: r.rounding),
        row("ties", Text("Equal scores"), [opener("ties")], nothing, lambda r: r.ties),
        row("awards", Text("Awards"), [opener("awards")], nothing, lambda r: r.awards),
        row(
            "approvals", Text("Who approves the results"), [asked], show_approvals,
            lambda r: r.approvals,
        ),
    ]  # fmt: skip


def tie_choices(rules: Rules, rubrics: Iterable[Rubric]) -> tuple[tuple[str, str], ...]:
    """Return every step that may split ties here, and its words."""
    known = {rubric.fingerprint: rubric for rubric in rubrics}
    used = [known[stage.rubric or ""] for stage in rules.counted()]
    steps = list(rules.ties)
    steps += [f"criterion:{leaf.id}" for rubric in used for leaf in rubric.leaves]
    if len(rules.counted()) > 1:
        steps += [f"stage:{stage.id}" for stage in rules.counted()]
    steps += ["median"]
    for rubric in used:
        scales = {leaf.scale for leaf in rubric.leaves}
        for scale in scales:
            bound = int((scale.minimum + scale.maximum) / 2)
            steps.append(f"fewest-below:{bound}")
    steps += ["plenary", "lot"]
    return tuple(
        (step, _capital(say(step_text(step, known.values(), rules.stages))))
        for step in dict.fromkeys(steps)
    )


#: What the values of a stage are called in the narrow list of stages.
_SHORT_COMBINE: Final = {
    "weighted": Text("Averaged"),
    "gate": Text("Counts alone"),
    "confirm": Text("Confirms"),
    "correct": Text("Corrects"),
}


def stage_columns(lines: Sequence[RubricLine]) -> tuple[Field, ...]:
    """Return the columns of the list of stages: name, kind, rubric, how it counts."""
    rubrics = [(NOT_MARKED, _capital(say(Text("nobody marks"))))]
    rubrics += [(line.id, line.name) for line in lines if line.usable]
    return (
        Field(Text("Name of the stage"), 28),
        Field(Text("Kind"), 26, tuple((kind, say(text)) for kind, text in KIND_TEXTS.items())),
        Field(Text("Rubric"), 34, tuple(rubrics)),
        Field(Text("How it counts"), 18, tuple((k, say(t)) for k, t in _SHORT_COMBINE.items())),
    )


def award_rows(rules: Rules) -> tuple[tuple[str, ...], ...]:
    """Return the awards as rows of a list: group, tier, size."""
    return tuple((award.group, award.tier, str(award.size)) for award in rules.awards)


def group_choices(groups: Sequence[Group]) -> tuple[tuple[str, str], ...]:
    """Return the groups with their names."""
    return tuple((group.id, group.name) for group in groups)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
