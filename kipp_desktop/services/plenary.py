"""The plenary: what waits for the panel with the facts to decide on, and what it has decided.

Facts that tell places are given only where the places may be seen: once the stages are closed, or
the ranking was opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.standing import Standing
from kipp_desktop.services import resolutions
from kipp_desktop.services.board import is_opened, question_of
from kipp_desktop.services.case_facts import URGENT, Case, Facts
from kipp_desktop.services.standing import standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.resolutions import Waiting

_ORDER: Final = (*URGENT, "late", "correct", "disqualify", "tie")
_OF_PLACES: Final = frozenset({"line", "tie"})
MOST_NAMED: Final = 12


@dataclass(frozen=True)
class Resolved:
    """What the panel decided, in the sentence that the minutes print."""

    seq: int
    at: str
    about: str
    text: Text


@dataclass(frozen=True)
class StageState:
    """A stage that is closed or open; ``missing`` sheets, and the first of them in words.

    ``closed_at`` is empty while it is open; ``by_panel`` says whether the panel marks in it,
    ``counted`` whether it has a score, ``in_field`` whether verifiers visit in it.
    """

    id: str
    name: str
    closed_at: str
    missing: int
    first: tuple[Text, ...]
    by_panel: bool
    counted: bool
    in_field: bool = False


@dataclass(frozen=True)
class PlenaryView:
    """What the page of the plenary shows; ``hidden`` while places may not be seen yet."""

    cases: tuple[Case, ...]
    resolved: tuple[Resolved, ...]
    stages: tuple[StageState, ...]
    hidden: bool


def plenary_view(panel: Panel) -> PlenaryView:
    """Return what waits, problems first, and what was decided, latest first.

    Raises :class:`KippError` ``no-plan`` before the first plan.
    """
    setup = panel.setup
    result = standing(panel)
    closed = all(stage.id in panel.state.closings for stage in setup.rules.counted())
    return PlenaryView(
        cases=tuple(cases(panel)),
        resolved=tuple(resolved(panel)),
        stages=tuple(_stages(panel, setup, result)),
        hidden=not closed and not is_opened(panel),
    )


def cases(panel: Panel, *, open_early: bool = False) -> list[Case]:
    """Return what waits for the panel, each with its facts, problems first.

    With ``open_early`` also what tells places that may not be seen yet.
    """
    facts = Facts(panel, open_early=open_early)
    found: list[Case] = []
    lines = {frozenset(one.entries) for one in facts.waiting if one.about == "line"}
    late: dict[tuple[str, str], list[Waiting]] = {}
    for one in facts.waiting:
        if one.about == "late":
            late.setdefault((one.stage, one.person), []).append(one)
            continue
        if one.about in _OF_PLACES and not facts.places:
            continue
        if one.about == "tie" and frozenset(one.entries) in lines:
            continue  # the same question: the line says more
        if one.about == "advance" and not facts.shows(one.stage):
            continue
        question = question_of(panel.setup, facts.result, one.group, one.entries)
        found.append(Case(one, tuple(facts.of(one)), question if one.about in _OF_PLACES else None))
    position = {entry.id: number for number, entry in enumerate(panel.setup.entries)}
    for sheets in late.values():
        sheets.sort(key=lambda one: (position[one.entries[0]], one.record))
    found += [facts.late(sheets) for _, sheets in sorted(late.items())]
    return sorted(found, key=lambda case: _ORDER.index(case.waiting.about))


def resolved(panel: Panel) -> list[Resolved]:
    """Return what the panel decided, latest first."""
    records = sorted(resolutions.spoken(panel.state), key=lambda one: -one.seq)
    return [
        Resolved(
            record.seq,
            record.at,
            str(record.body.get("about") or record.kind),
            resolutions.sentence(panel, panel.setup, record),
        )
        for record in records
    ]


def _stages(panel: Panel, setup: Setup, result: Standing) -> Iterator[StageState]:
    for stage in setup.rules.stages:
        gaps = [gap for gap in result.missing if gap.stage == stage.id]
        closing = panel.state.closings.get(stage.id)
        yield StageState(
            stage.id,
            stage.name,
            closing.at if closing else "",
            len(gaps),
            tuple(
                Text(
                    "{judge}, entry {number}",
                    judge=setup.name_of(gap.judge),
                    number=setup.entry_by_id[gap.entry].number,
                )
                if gap.judge
                else Text("entry {number}", number=setup.entry_by_id[gap.entry].number)
                for gap in gaps[:MOST_NAMED]
            ),
            stage.rubric is not None and bool(setup.rubric_of(stage).by_panel.leaves),
            stage in setup.rules.counted(),
            stage.kind == "field",
        )
