"""Decisions of the panel: what waits for one, with its facts, and what the minutes say of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kipp_desktop.services.observations import standing_records
from kipp_desktop.services.standing import standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kipp_desktop.domain.fold import DeskState
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel


@dataclass(frozen=True)
class Waiting:
    """Something that only the panel can decide; ``numbers`` of the entries that it touches.

    ``about`` is ``tie``, ``line``, ``advance``, ``few-judges``, ``late``, ``fork``, ``correct`` or
    ``disqualify``. What it is about otherwise, by id: ``record`` is a late sheet or a verifier's
    observation, ``person`` whose it is, ``size`` how many go on, ``criterion`` and ``mark`` what
    the verifier proposes.
    """

    about: str
    text: Text
    numbers: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    stage: str = ""
    group: str = ""
    tier: str = ""
    size: int = 0
    person: str = ""
    record: str = ""
    criterion: str = ""
    mark: str = ""


def waiting(panel: Panel) -> list[Waiting]:
    """Return what waits for the panel, with the facts that it needs."""
    setup = panel.setup
    result = standing(panel)
    found: list[Waiting] = []
    for open_advance in result.undecided:
        numbers = _proposed(panel, open_advance.stage, open_advance.group, open_advance.size)
        found.append(
            Waiting(
                "advance",
                Text(
                    "It is not decided who goes on from {stage} in the group {group}; the best "
                    "{size} are: {numbers}.",
                    stage=setup.rules.stage(open_advance.stage).name,
                    group=open_advance.group,
                    size=open_advance.size,
                    numbers=", ".join(numbers) or "-",
                ),
                numbers,
                stage=open_advance.stage,
                group=open_advance.group,
                size=open_advance.size,
            )
        )
    for group in result.groups:
        for line in group.lines:
            numbers = _numbers(setup, line.entries)
            found.append(
                Waiting(
                    "line",
                    Text(
                        "Entries {numbers} share a place across the line of {tier}.",
                        numbers=", ".join(numbers),
                        tier=line.tier,
                    ),
                    numbers,
                    line.entries,
                    group=group.group,
                    tier=line.tier,
                )
            )
        for tie in group.ties:
            numbers = _numbers(setup, tie.entries)
            text = Text(
                "Entries {numbers} share a place; the ladder leaves it to a decision.",
                numbers=", ".join(numbers),
            )
            found.append(Waiting("tie", text, numbers, tie.entries, group=group.group))
    few = _numbers(setup, result.waiting)
    if few:
        text = Text("Too few judges mark the entries {numbers}.", numbers=", ".join(few))
        found.append(Waiting("few-judges", text, few, result.waiting))
    found += _late(panel, setup)
    found += [
        Waiting(
            "fork",
            Text(
                "The key of {name} has signed two different versions; revoke it at the record "
                "that stands.",
                name=setup.name_of(panel.state.keys[key].person),
            ),
            person=panel.state.keys[key].person,
        )
        for key in result.forks
    ]
    found += _proposed_corrections(panel, setup)
    return found


def _proposed(panel: Panel, stage: str, group: str, size: int) -> tuple[str, ...]:
    """Return the entries that the computed places would let go on; with a shared line all."""
    if panel.setup.rules.stage(stage) not in panel.setup.rules.counted():
        return ()
    result = standing(panel, stage)
    return tuple(
        panel.setup.entry_by_id[item.entry].number
        for found in result.groups
        if found.group == group
        for item in found.entries
        if item.place is not None and item.place <= size
    )


def _late(panel: Panel, setup: Setup) -> Iterator[Waiting]:
    decided = panel.state.acceptances
    for stage in setup.rules.stages:
        if stage.rubric is None or stage.id not in panel.state.closings:
            continue
        for judge, author, seq, entry, rule in panel.projection.stopped(stage.id):
            row = panel.projection.record(author, seq)
            if rule == "after-limit" and row.id not in decided:
                number = _number(setup, entry)
                yield Waiting(
                    "late",
                    Text(
                        "A sheet of {judge} for entry {number} came after {stage} was closed "
                        "(signed {at} by that laptop's clock).",
                        judge=setup.name_of(judge),
                        number=number,
                        stage=stage.name,
                        at=datetime.fromisoformat(row.at),
                    ),
                    (number,),
                    (entry,),
                    stage=stage.id,
                    person=judge,
                    record=row.id,
                )


def _proposed_corrections(panel: Panel, setup: Setup) -> Iterator[Waiting]:
    decided = {
        record.body["record"]
        for record in panel.state.decisions
        if record.body["about"] in {"correct", "disqualify"}
    }
    for key, record in standing_records(panel):
        conclusion: Any = record.body["conclusion"]
        if conclusion["effect"] == "confirm" or record.id in decided:
            continue
        number = _number(setup, str(record.body["entry"]))
        correct = conclusion["effect"] == "correct"
        yield Waiting(
            conclusion["effect"],
            Text(
                "{name} proposes after the visit, for entry {number}: {criterion} {mark}. {reason}",
                name=setup.name_of(key.person),
                number=number,
                criterion=_criterion(setup, conclusion["criterion"] or ""),
                mark=Fraction(conclusion["mark"] or 0),
                reason=conclusion["reason"],
            )
            if correct
            else Text(
                "{name} recommends after the visit to disqualify entry {number}. {reason}",
                name=setup.name_of(key.person),
                number=number,
                reason=conclusion["reason"],
            ),
            (number,),
            (str(record.body["entry"]),),
            stage=stage_of(setup, str(conclusion["criterion"] or "")),
            person=key.person,
            record=record.id,
            criterion=str(conclusion["criterion"] or ""),
            mark=str(conclusion["mark"] or ""),
        )


def stage_of(setup: Setup, criterion: str) -> str:
    """Return the last stage with a score that has a criterion; empty where none has it."""
    for stage in reversed(setup.rules.counted()):
        if any(leaf.id == criterion for leaf in setup.rubric_of(stage).leaves):
            return stage.id
    return ""


# -- the sentences of the minutes ------------------------------------------------------------------


def sentences(panel: Panel, setup: Setup) -> Iterator[Text]:
    """Return what the minutes say of each decision, then of each acceptance and revocation."""
    for record in spoken(panel.state):
        yield sentence(panel, setup, record)


def spoken(state: DeskState) -> list[Record]:
    """Return decisions, then acceptances and revocations, each with a sentence of its own.

    A decision that one of the latter carries out has none: its votes stand in theirs.
    """
    carried = {decision.id for act in state.acts if (decision := _behind(state, act)) is not None}
    return [*(one for one in state.decisions if one.id not in carried), *state.acts]


def _behind(state: DeskState, act: Record) -> Record | None:
    """Return the decision that an acceptance or a revocation carries out."""
    body: dict[str, Any] = act.body
    found = (
        one
        for one in reversed(state.decisions)
        if (
            one.id == body["decision"]
            if act.kind == "acceptance"
            else one.seq < act.seq
            and (one.body["about"], one.body["record"]) == ("fork", body["head"])
        )
    )
    return next(found, None)


def sentence(panel: Panel, setup: Setup, record: Record) -> Text:
    """Return what the minutes say of a decision, an acceptance or a revocation."""
    decision: Record | None = record
    if record.kind == "decision":
        text = _decision(setup, record)
    else:
        say_act = _acceptance if record.kind == "acceptance" else _revocation
        text = say_act(panel, setup, record)
        decision = _behind(panel.state, record)
    votes: Any = decision.body["votes"] if decision is not None else None
    if votes is None:
        return text
    return Text(
        "{decision} Votes: {agreed} for, {against} against, {abstained} abstained.",
        decision=text,
        agreed=votes["for"],
        against=votes["against"],
        abstained=votes["abstained"],
    )


def _decision(setup: Setup, record: Record) -> Text:
    body: dict[str, Any] = record.body
    numbers = ", ".join(_numbers(setup, body["entries"]))
    reason = body["reason"]
    stages = {stage.id: stage.name for stage in setup.rules.stages}
    groups = {group.id: group.name for group in setup.groups}
    stage = stages.get(body["stage"], body["stage"] or "")
    group = groups.get(body["group"], body["group"] or "")
    match body["about"]:
        case "tie":
            how = (
                Text("drawn by lot") if body["method"] == "lot" else Text("decision of the plenary")
            )
            return Text(
                "The order of the entries {numbers} was settled ({how}): {reason}",
                numbers=numbers,
                how=how,
                reason=reason,
            )
        case "award" | "line":
            return Text(
                "The panel gives {tier} in the group {group} to the entries {numbers}: {reason}",
                tier=body["tier"],
                group=group,
                numbers=numbers,
                reason=reason,
            )
        case "advance":
            return Text(
                "From the stage {stage}, group {group}, the entries {numbers} go on: {reason}",
                stage=stage,
                group=group,
                numbers=numbers,
                reason=reason,
            )
        case "deviate" if not numbers:
            return Text(
                "In the group {group} the panel returns to the computed order: {reason}",
                group=group,
                reason=reason,
            )
        case "deviate":
            return Text(
                "In the group {group} the panel departs from the computed order; it decides: "
                "{numbers}. {reason}",
                group=group,
                numbers=numbers,
                reason=reason,
            )
        case "correct" if body["accepted"]:
            return Text(
                "The mark of {criterion} of entry {number} in the stage {stage} is corrected to "
                "{mark} in every sheet's computation: {reason}",
                criterion=_criterion(setup, body["criterion"]),
                number=numbers,
                stage=stage,
                mark=Fraction(body["mark"] or 0),
                reason=reason,
            )
        case "correct":
            return Text(
                "A correction of {criterion} of entry {number} in the stage {stage} is not "
                "accepted: {reason}",
                criterion=_criterion(setup, body["criterion"]),
                number=numbers,
                stage=stage,
                reason=reason,
            )
        case "reopen":
            return Text("The stage {stage} was reopened: {reason}", stage=stage, reason=reason)
        case "disqualify" if body["accepted"] is False:
            return Text(
                "The panel does not disqualify {numbers}: {reason}", numbers=numbers, reason=reason
            )
        case "disqualify":
            return Text(
                "The panel disqualifies {numbers}: {reason}", numbers=numbers, reason=reason
            )
        case "sheet":
            return Text("The panel decided whether a sheet counts: {reason}", reason=reason)
    return Text("The panel decided about a forked ledger: {reason}", reason=reason)


def _acceptance(panel: Panel, setup: Setup, record: Record) -> Text:
    body: dict[str, Any] = record.body
    where = panel.projection.find(body["record"])
    key = panel.state.keys.get(where[0]) if where else None
    number = "?"
    name = "?"
    if where is not None:
        sheet = panel.record(*where).body
        number = _number(setup, str(sheet.get("entry", "")))
        name = setup.name_of(str(sheet.get("judge") or (key.person if key else "?")))
    if body["counts"]:
        return Text(
            "A sheet of {judge} for entry {number} counts after all: {reason}",
            judge=name,
            number=number,
            reason=body["reason"],
        )
    return Text(
        "A sheet of {judge} for entry {number} does not count: {reason}",
        judge=name,
        number=number,
        reason=body["reason"],
    )


def _revocation(panel: Panel, setup: Setup, record: Record) -> Text:
    body: dict[str, Any] = record.body
    key = panel.state.keys.get(body["key"])
    name = setup.name_of(key.person) if key else body["key"][:12]
    if body["key"] in panel.state.forked:
        return Text(
            "The key {key} of {name} had signed two different versions and was revoked; what it "
            "signed up to record {head} counts: {reason}",
            key=body["key"][:12],
            name=name,
            head=(body["head"] or "-")[:12],
            reason=body["reason"],
        )
    return Text(
        "The key {key} of {name} was revoked: {reason}",
        key=body["key"][:12],
        name=name,
        reason=body["reason"],
    )


def _criterion(setup: Setup, criterion: str) -> str:
    for rubric in setup.rubrics:
        for leaf in rubric.leaves:
            if leaf.id == criterion:
                return leaf.criterion.name
    return criterion


def _numbers(setup: Setup, entries: Any) -> tuple[str, ...]:
    return tuple(_number(setup, entry) for entry in entries)


def _number(setup: Setup, entry: str) -> str:
    found = setup.entry_by_id.get(entry)
    return found.number if found else "?"
