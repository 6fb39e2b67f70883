"""The seven steps of a competition: what is done, what is missing, where to go next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.setup import Setup, setup_changes
from kipp_desktop.services.inbox import waiting_keys
from kipp_desktop.services.setup import judges_left, next_setup
from kipp_desktop.services.standing import standing, status
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.standing import Standing
    from kipp_desktop.services.panel import Panel

#: How the judges mark, as it was answered when the competition was created.
HOW_MARKED = ("paper", "turns", "laptops", "mixed")
HOW_MARKED_TEXTS = {
    "paper": Text("On paper, typed by the secretariat"),
    "turns": Text("In turn on this laptop"),
    "laptops": Text("Each judge on a laptop of their own"),
    "mixed": Text("Some on paper, some on laptops"),
}

KEYS = ("created", "entries", "panel", "package", "marks", "decisions", "results")


@dataclass(frozen=True)
class Step:
    """One of the seven steps (``key`` of :data:`KEYS`): done or not, and what there is to say.

    ``missing`` are the things that stand between now and done, most important first.
    """

    key: str
    done: bool
    detail: Text
    missing: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Overview:
    """The steps in order. ``next_step`` is the key of the first that is not done, or ``""``."""

    name: str
    how_marked: str
    steps: tuple[Step, ...]

    @property
    def next_step(self) -> str:
        """The key of the first step that is not done; empty when all are."""
        return next((step.key for step in self.steps if not step.done), "")


def how_marked(panel: Panel) -> str:
    """Return how the judges mark: one of :data:`HOW_MARKED`."""
    found = panel.workbench.document("how_marked")
    return found if found in HOW_MARKED else "paper"


def overview(panel: Panel) -> Overview:
    """Compute the seven steps from what is stored and signed here."""
    setup, warnings = next_setup(panel)
    how = how_marked(panel)
    result = standing(panel) if panel.state.plan else None
    steps = (
        Step(
            "created",
            done=True,
            detail=Text(
                "{organiser}, {year}",
                organiser=setup.competition.organiser,
                year=str(setup.competition.year),
            ),
        ),
        _entries(setup),
        _panel(setup, warnings),
        _package(panel, setup, how),
        _marks(panel, result),
        _decisions(panel, result),
        _results(panel),
    )
    return Overview(setup.competition.name, how, steps)


def plan_difference(panel: Panel) -> tuple[bool, tuple[tuple[str, int], ...]]:
    """Return whether the next plan differs from the last, and how many things of each part.

    The parts are those of a plan's ``changes``; before the first plan there are none.
    """
    setup, _ = next_setup(panel)
    return _difference(panel, setup)


def _difference(panel: Panel, setup: Setup) -> tuple[bool, tuple[tuple[str, int], ...]]:
    if panel.state.plan is None:
        return True, ()
    parts = []
    for item in setup_changes(panel.setup, setup):
        assert isinstance(item, dict)
        touched = [item["added"], item["changed"], item["removed"]]
        parts.append((str(item["part"]), sum(len(ids) for ids in touched if isinstance(ids, list))))
    return panel.setup != setup, tuple(parts)


def _entries(setup: Setup) -> Step:
    count = len(setup.entries)
    agencies = len({entry.organisation for entry in setup.entries if entry.organisation})
    if not count:
        return Step(
            "entries",
            done=False,
            detail=Text("No innovation has been loaded yet."),
            missing=(Text("Load the table of innovations (Excel, ODS or CSV)."),),
        )
    return Step(
        "entries",
        done=True,
        detail=Text("{count} innovations of {agencies} agencies", count=count, agencies=agencies),
    )


def _panel(setup: Setup, warnings: list[Text]) -> Step:
    missing = [
        Text("Nobody is there to mark in the stage {stage}.", stage=stage.name)
        for stage in setup.rules.counted()
        if not setup.judges_of(stage.id)
    ]
    if not missing and setup.entries:
        lonely = [
            setup.entry_by_id[entry].number
            for entry, left in judges_left(setup).items()
            if left == 0
        ]
        if lonely:
            missing.append(
                Text(
                    "No judge is left for entry {numbers}: all have a conflict.",
                    numbers=", ".join(lonely[:5]),
                )
            )
    stage = setup.rules.counted()[0]
    detail = Text(
        "{judges} judges, {criteria} criteria",
        judges=len(setup.judges_of(stage.id)),
        criteria=len(setup.rubric_of(stage).leaves),
    )
    return Step("panel", not missing, detail, (*missing, *warnings))


def _package(panel: Panel, setup: Setup, how: str) -> Step:
    plan = panel.state.plan
    if plan is None:
        text = Text("The package has not been published yet.")
        sheets = Text("Publish it: it fixes innovations, judges and rubric, and is signed.")
        return Step("package", done=False, detail=text, missing=(sheets,))
    changed, _ = _difference(panel, setup)
    if changed and not panel.state.closings:
        return Step(
            "package",
            done=False,
            detail=Text("Package {revision} is published.", revision=plan.revision),
            missing=(Text("Something changed since then: publish the package again."),),
        )
    detail = (
        Text(
            "Package {revision} is published; the paper sheets can be typed.",
            revision=plan.revision,
        )
        if how == "paper"
        else Text("Package {revision} is published.", revision=plan.revision)
    )
    return Step("package", done=True, detail=detail)


def _marks(panel: Panel, result: Standing | None) -> Step:
    if result is None:
        return Step("marks", done=False, detail=Text("Marks come after the package."))
    found = status(panel)
    sent = sum(person.sent for person in found.people)
    expected = sum(person.expected for person in found.people)
    missing = []
    names = panel.setup.name_of
    waiting = sorted({names(person) for _, person in waiting_keys(panel)})
    if waiting:
        missing.append(
            Text("The laptop of {names} waits to be compared.", names=", ".join(waiting))
        )
    missing += [
        Text(
            "{name}: {count} sheets missing",
            name=person.person,
            count=person.expected - person.sent,
        )
        for person in found.people
        if person.sent < person.expected
    ]
    return Step(
        "marks",
        result.complete,
        Text("{sent} of {expected} sheets count", sent=sent, expected=expected),
        tuple(missing),
    )


def _decisions(panel: Panel, result: Standing | None) -> Step:
    if result is None or not result.complete:
        return Step(
            "decisions", done=False, detail=Text("The panel decides when all sheets are here.")
        )
    missing = []
    numbers = {entry.id: entry.number for entry in panel.setup.entries}
    if result.waiting:
        missing.append(
            Text(
                "Too few judges mark the entries {numbers}.",
                numbers=", ".join(numbers[entry] for entry in result.waiting),
            )
        )
    missing += [
        Text(
            "Entries {numbers} share a place across the line of {tier}.",
            numbers=", ".join(numbers[entry] for entry in line.entries),
            tier=line.tier,
        )
        for group in result.groups
        for line in group.lines
    ]
    detail = Text("Nothing is left to decide.") if not missing else Text("The panel must decide.")
    return Step("decisions", not missing, detail, tuple(missing))


def _results(panel: Panel) -> Step:
    publications = panel.state.publications
    if not publications:
        return Step("results", done=False, detail=Text("The minutes have not been made yet."))
    last = publications[-1]
    final = bool(last.body["final"])
    return Step(
        "results",
        done=final,
        detail=Text("The results are published.")
        if final
        else Text("A draft of the minutes is published; approvals are still missing."),
    )
