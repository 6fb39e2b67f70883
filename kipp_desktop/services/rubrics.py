"""Rubrics of the next plan: the catalogue, a competition's own, and their files.

An own rubric is kept at the desk as it was typed, with its mistakes, until a plan uses it. A stage
that uses it follows every change of it that has no mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.changes import Changes
from kipp_desktop.domain.rubric import Mistake, Rubric, examine_rubric
from kipp_desktop.domain.rubric_draft import (
    RubricDraft,
    WeightSum,
    draft_of,
    examine_draft,
    table_of,
    weight_sums,
)
from kipp_desktop.domain.sheet_preview import SheetPreview, preview
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.rubric_sheet import rubric_of_workbook
from kipp_desktop.exchange.spreadsheet import read_workbook
from kipp_desktop.exchange.toml_text import toml_text
from kipp_desktop.files import write_whole
from kipp_desktop.services.catalogues import load_rubric, load_toml, rubric_catalogue
from kipp_desktop.services.rules import rules_view, save_rules
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kipp_desktop.domain.canonical import Json
    from kipp_desktop.services.home import Home
    from kipp_desktop.services.panel import Panel

_OWN = "own-rubrics"

#: The keys that a draft carries; a table's other keys would be lost.
_KEYS = frozenset(
    "id name source total scale criterion weight description marked_by levels".split()
)

#: Lists of tables that are written under a heading of their own.
SECTIONS = frozenset({"criterion"})


@dataclass(frozen=True)
class RubricLine:
    """A rubric that a stage may use; ``stages`` are the names of those that use it now.

    ``own`` where it is kept at this desk, ``usable`` where it has no mistake.
    """

    id: str
    name: str
    source: str
    own: bool
    usable: bool
    stages: tuple[str, ...]


@dataclass(frozen=True)
class DraftView:
    """A draft as the editor shows it; ``sheet`` is ``None`` while there are mistakes."""

    draft: RubricDraft
    sums: tuple[WeightSum, ...]
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Text, ...]
    sheet: SheetPreview | None


def look_at(draft: RubricDraft) -> DraftView:
    """Return the sums, every mistake by its place, and the sheet as the judge sees it."""
    rubric, mistakes = examine_draft(draft)
    return DraftView(
        draft,
        weight_sums(draft),
        mistakes,
        tuple(rubric.warnings()) if rubric else (),
        preview(rubric) if rubric else None,
    )


def mistake_clause(mistake: Mistake) -> Text:
    """Return a mistake with the number of its place: 2.1 is the first part of the second."""
    place = ".".join(str(position + 1) for position in mistake.place)
    if not place:
        return mistake.problem
    return Text("{place}: {problem}", place=place, problem=mistake.problem)


def rubric_lines(panel: Panel) -> list[RubricLine]:
    """Return the own rubrics, those in use, and the catalogue; each id once, in that order."""
    view = rules_view(panel)
    users: dict[str, list[str]] = {}
    for stage in view.rules.stages:
        if stage.rubric is not None:
            users.setdefault(view.rubrics[stage.rubric].id, []).append(stage.name)
    found: dict[str, RubricLine] = {}

    def add(rubric_id: str, name: str, source: str, *, own: bool, usable: bool) -> None:
        stages = tuple(users.get(rubric_id, ()))
        found.setdefault(rubric_id, RubricLine(rubric_id, name, source, own, usable, stages))

    for rubric_id, table in _own(panel).items():
        draft = draft_of(table)
        usable = examine_draft(draft)[0] is not None
        add(rubric_id, draft.name, draft.source, own=True, usable=usable)
    for rubric in (*view.rubrics.values(), *map(load_rubric, rubric_catalogue())):
        add(rubric.id, rubric.name, rubric.source, own=False, usable=True)
    return list(found.values())


def open_draft(panel: Panel, rubric_id: str) -> RubricDraft:
    """Return a rubric to be edited: the own one of this id, the one in use, or the catalogue's.

    Raises :class:`KippError` with code ``no-rubric``.
    """
    own = _own(panel)
    if rubric_id in own:
        return draft_of(own[rubric_id])
    return draft_of(find_rubric(panel, rubric_id).as_json())


def keep_draft(home: Home, panel: Panel, draft: RubricDraft) -> Changes:
    """Keep an own rubric as it was typed; stages that use its id follow where it can be used."""
    home.card(panel.competition, "desk")
    table: dict[str, Json] = table_of(draft)
    rubric_id = str(table["id"])
    rubric, _ = examine_draft(draft)
    with panel.workbench.together():
        panel.workbench.set_document(_OWN, {**_own(panel), rubric_id: table})
        if rubric is not None:
            view = rules_view(panel)
            users = [fp for fp, known in view.rubrics.items() if known.id == rubric_id]
            stages = tuple(
                replace(stage, rubric=rubric.fingerprint) if stage.rubric in users else stage
                for stage in view.rules.stages
            )
            if stages != view.rules.stages:
                save_rules(home, panel, replace(view.rules, stages=stages), [rubric])
    return Changes.of("competition")


def remove_draft(home: Home, panel: Panel, rubric_id: str) -> Changes:
    """Forget an own rubric; a stage that uses it keeps what it has."""
    home.card(panel.competition, "desk")
    own = _own(panel)
    own.pop(rubric_id, None)
    panel.workbench.set_document(_OWN, own)
    return Changes.of("competition")


def use_rubric(home: Home, panel: Panel, stage_id: str, rubric_id: str | None) -> Changes:
    """Let a stage be marked by a rubric, or (``None``) not be marked.

    Raises :class:`KippError` with code ``no-rubric``, ``bad-rubric`` or ``bad-competition``.
    """
    rubric = None if rubric_id is None else find_rubric(panel, rubric_id)
    rules = rules_view(panel).rules
    rules.stage(stage_id)
    fingerprint = rubric.fingerprint if rubric else None
    stages = tuple(
        replace(stage, rubric=fingerprint) if stage.id == stage_id else stage
        for stage in rules.stages
    )
    return save_rules(home, panel, replace(rules, stages=stages), [rubric] if rubric else [])


def find_rubric(panel: Panel, rubric_id: str) -> Rubric:
    """Return the rubric of an id: the own one, the one in use, or the catalogue's.

    Raises :class:`KippError` with code ``no-rubric`` or ``bad-rubric``.
    """
    own = _own(panel).get(rubric_id)
    if own is not None:
        return usable(draft_of(own))
    for rubric in rules_view(panel).rubrics.values():
        if rubric.id == rubric_id:
            return rubric
    return load_rubric(rubric_id)


def _own(panel: Panel) -> dict[str, Any]:
    return dict(panel.workbench.document(_OWN) or {})


# -- files -----------------------------------------------------------------------------------------


def usable(draft: RubricDraft) -> Rubric:
    """Return the rubric of a draft; :class:`KippError` ``bad-rubric`` names every mistake."""
    rubric, mistakes = examine_draft(draft)
    if rubric is None:
        raise bad_rubric(mistakes)
    return rubric


def bad_rubric(mistakes: Sequence[Mistake]) -> KippError:
    """Return the error that names every mistake (of very many the first twenty)."""
    return KippError(
        "bad-rubric",
        Text(
            "The rubric has {count} mistakes: {problems}.",
            count=len(mistakes),
            problems=tuple(mistake_clause(item) for item in mistakes[:20]),
        ),
        Text("Correct these places and try again; nothing was stored."),
    )


def read_rubric_file(path: Path) -> RubricDraft:
    """Return the draft in a TOML file, or in a spreadsheet (XLSX, XLS, ODS, CSV).

    Raises :class:`KippError` where the file cannot be read as either; mistakes in its values stand
    in the draft.
    """
    if path.suffix.casefold() == ".toml":
        table = load_toml(path)
        _, mistakes = examine_rubric(table)
        lost = [item for item in mistakes if item.field not in _KEYS]
        if lost:
            raise bad_rubric(lost)
        return draft_of(table)
    return rubric_of_workbook(read_workbook(path), path.stem)


def write_rubric_file(rubric: Rubric, path: Path) -> None:
    """Write a rubric as TOML, or as XLSX where the name ends so."""
    if path.suffix.casefold() == ".xlsx":
        # Heavy, and needed only here.
        from kipp_desktop.documents.rubric_book import render_rubric_book

        write_whole(path, render_rubric_book(rubric))
        return
    write_whole(path, toml_text(_ordered(rubric), sections=SECTIONS).encode())


def _ordered(rubric: Rubric) -> dict[str, Json]:
    table = rubric.as_json()
    order = ("id", "name", "source", "total", "scale", "criterion")
    return {key: table[key] for key in order if key in table}
