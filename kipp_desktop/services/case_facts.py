"""The facts of what waits for the panel, as sentences: what differs, and what would follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from kipp_desktop.domain.ranking import rank, tie_steps
from kipp_desktop.domain.rule_words import step_text
from kipp_desktop.domain.scoring import printed
from kipp_desktop.domain.sheet import total, unpack
from kipp_desktop.domain.standing import Ranked, StageCount, Standing
from kipp_desktop.services import resolutions
from kipp_desktop.services.board import Question, is_opened
from kipp_desktop.services.standing import stage_count, standing
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kipp_desktop.domain.fold import DeskState
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel
    from kipp_desktop.services.resolutions import Waiting

#: What stands before a publication, most pressing first; the others may be decided.
URGENT: Final = ("fork", "few-judges", "advance", "line")
MOST_EFFECTS: Final = 6


@dataclass(frozen=True)
class Case:
    """Something that waits for the panel. ``question`` is there for shared places.

    Late sheets of one judge in one stage are one case; ``records`` are the ids of all of them.
    """

    waiting: Waiting
    facts: tuple[Text, ...]
    question: Question | None = None
    records: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether it stands before a publication."""
        return self.waiting.about in URGENT


class Facts:
    """The standing as it is, and as it would be after a decision."""

    def __init__(self, panel: Panel, *, open_early: bool = False) -> None:
        self.panel, self.setup = panel, panel.setup
        self.waiting = resolutions.waiting(panel)
        self.counts: dict[str, StageCount] = {
            stage.id: stage_count(panel, stage.id) for stage in self.setup.rules.counted()
        }
        self.result = rank(self.setup, panel.state, self.counts)
        #: Whether places may be seen.
        self.places = (
            open_early
            or is_opened(panel)
            or all(stage.id in panel.state.closings for stage in self.setup.rules.counted())
        )

    def shows(self, stage: str) -> bool:
        """Return whether who is best in a stage may be seen."""
        return self.places or stage in self.panel.state.closings

    def of(self, one: Waiting) -> Iterator[Text]:
        """Yield the facts of what waits."""
        match one.about:
            case "line" | "tie":
                yield from self._shared(one)
            case "advance":
                yield from self._advance(one)
            case "few-judges":
                yield from self._few(one)
            case "correct":
                yield from self._correction(one)
            case "disqualify":
                yield from self._disqualification(one)
            case _:
                yield Text(
                    "Both versions are kept. What both have in common counts until the key is "
                    "revoked at the record that stands."
                )

    # -- shared places

    def _shared(self, one: Waiting) -> Iterator[Text]:
        setup = self.setup
        ranked = {
            item.entry: item
            for group in self.result.groups
            if group.group == one.group
            for item in group.entries
        }
        for entry in one.entries:
            found = setup.entry_by_id[entry]
            yield Text(
                "{number} · {title}: {where}",
                number=found.number,
                title=found.title,
                where=place_text(ranked[entry]),
            )
        people = []
        for step, values in tie_steps(setup, self.panel.state, self.counts, one.entries):
            if not values:
                people.append(step_text(step, setup.rubrics, setup.rules.stages))
                continue
            shared = values[0]
            # What a step splits is not tied any more: here all have the same value, or one none.
            yield (
                Text(
                    "{step}: there is nothing to compare",
                    step=step_text(step, setup.rubrics, setup.rules.stages),
                )
                if shared is None or None in values
                else Text(
                    "{step}: {value} for all of them, so it does not split them",
                    step=step_text(step, setup.rubrics, setup.rules.stages),
                    value=Fraction(printed(shared, 2)),
                )
            )
        if people:
            yield Text("What the rules still offer: {steps}.", steps=tuple(people))
        if one.about == "line":
            yield from self._line(one, ranked)

    def _line(self, one: Waiting, ranked: Mapping[str, Ranked]) -> Iterator[Text]:
        place = ranked[one.entries[0]].decided or ranked[one.entries[0]].place or 0
        size = next(
            award.size
            for award in self.setup.rules.awards
            if (award.group, award.tier) == (one.group, one.tier)
        )
        above = [e for e, item in ranked.items() if item.place and item.place < place]
        below = [e for e, item in ranked.items() if item.place and item.place > place]
        yield Text(
            "{tier} takes {size}: {above} above the line, {free} left for {count} entries.",
            tier=one.tier,
            size=size,
            above=self._numbers(above),
            free=size - place + 1,
            count=len(one.entries),
        )
        if below:
            yield Text("Next below: {numbers}.", numbers=self._numbers(below[:3]))

    # -- who goes on

    def _advance(self, one: Waiting) -> Iterator[Text]:
        entries = [item for item in proposal(self.panel, one.stage, one.group) if item.place]
        for item in entries[: one.size + 2]:
            entry = self.setup.entry_by_id[item.entry]
            text = Text(
                "{number} · {title}: {where}",
                number=entry.number,
                title=entry.title,
                where=place_text(item),
            )
            goes_on = (item.place or 0) <= one.size
            yield text if goes_on else Text("Below the line: {fact}", fact=text)

    # -- too few sheets

    def _few(self, one: Waiting) -> Iterator[Text]:
        for entry in one.entries:
            found = self.setup.entry_by_id[entry]
            for stage, count in self.counts.items():
                judges = [row[1] for row in count.rows if row[0] == entry]
                least = count.stage.min_judges
                if len(judges) >= least:
                    continue
                out = [
                    judge
                    for judge, entries in count.abstaining.items()
                    if entries is None or entry in entries
                ]
                yield Text(
                    "{number} · {title}: {count} of {least} sheets in {stage} ({judges}); does not "
                    "mark: {out}.",
                    number=found.number,
                    title=found.title,
                    count=len(judges),
                    least=least,
                    stage=self.setup.rules.stage(stage).name,
                    judges=self._names(judges),
                    out=self._names(out),
                )
        yield Text(
            "The panel may take the entry out of the ranking with a reason; a further judge or "
            "another rule needs a new package."
        )

    # -- what would change

    def late(self, sheets: Sequence[Waiting]) -> Case:
        """Return the case of all late sheets of a judge in a stage."""
        first = sheets[0]
        numbers = tuple(number for one in sheets for number in one.numbers)
        waiting = first
        if len(sheets) > 1:
            waiting = replace(
                first,
                text=Text(
                    "{count} sheets of {judge} came after {stage} was closed (entries {numbers}).",
                    count=len(sheets),
                    judge=self.setup.name_of(first.person),
                    stage=self.setup.rules.stage(first.stage).name,
                    numbers=", ".join(numbers),
                ),
                numbers=numbers,
                entries=tuple(entry for one in sheets for entry in one.entries),
            )
        records = tuple(one.record for one in sheets)
        return Case(waiting, tuple(self._late(waiting, records)), records=records)

    def _late(self, one: Waiting, records: Sequence[str]) -> Iterator[Text]:
        count = self.counts.get(one.stage)
        if count is None:
            return
        bounds = self.panel.bounds(one.stage)
        accepted = {**bounds.accepted, **dict.fromkeys(records, True)}
        tally = self.panel.tally(one.person, one.stage, replace(bounds, accepted=accepted))
        counted = {
            entry: fact.marks
            for entry, (fact, _) in tally.counted.items()
            if fact.marks is not None
        }
        before = {row[0]: row for row in count.rows if row[1] == one.person}
        unit = count.rubric.judged.denominator
        for entry in one.entries[:MOST_EFFECTS]:
            number = self.setup.entry_by_id[entry].number
            packed, known = counted.get(entry), before.get(entry)
            if packed is None:
                yield Text("Entry {number}: it would not count even so.", number=number)
                continue
            new = Fraction(total(count.rubric, packed), unit)
            if known is None:
                yield Text(
                    "Entry {number}: its total is {total}; no sheet of this judge counts so far.",
                    number=number,
                    total=new,
                )
            else:
                yield Text(
                    "Entry {number}: its total is {total}; the sheet that counts has {old}.",
                    number=number,
                    total=new,
                    old=Fraction(known[2], unit),
                )
        if len(one.entries) > MOST_EFFECTS:
            yield Text("… and {count} more", count=len(one.entries) - MOST_EFFECTS)
        rows = [row for row in count.rows if row[1] != one.person]
        rows += [
            (entry, one.person, total(count.rubric, marks), marks)
            for entry, marks in counted.items()
        ]
        changed = {**self.counts, one.stage: replace(count, rows=rows)}
        yield from self._effects(rank(self.setup, self.panel.state, changed))

    def _correction(self, one: Waiting) -> Iterator[Text]:
        count = self.counts.get(one.stage)
        if count is None:
            return
        by_judge = {row[1]: row[3] for row in count.rows if row[0] == one.entries[0]}
        marks = [
            unpack(count.rubric, by_judge[person.id]).get(one.criterion)
            for person in self.setup.persons
            if person.id in by_judge
        ]
        known = [mark for mark in marks if mark is not None]
        if known:
            yield Text(
                "The judges gave {marks}; in every sheet it would be {mark}.",
                marks=tuple(Fraction(mark) for mark in known),
                mark=Fraction(one.mark or 0),
            )
        state = replace(
            self.panel.state,
            corrections={
                **self.panel.state.corrections,
                (one.stage, one.entries[0], one.criterion): one.mark,
            },
        )
        yield from self._effects(self._with(state))

    def _disqualification(self, one: Waiting) -> Iterator[Text]:
        state = replace(
            self.panel.state,
            statuses={
                **self.panel.state.statuses,
                one.entries[0]: ("disqualified", ""),
            },
        )
        yield from self._effects(self._with(state))

    def _with(self, state: DeskState) -> Standing:
        return rank(self.setup, state, self.counts)

    def _effects(self, after: Standing) -> Iterator[Text]:
        """Say which places, scores and awards would change."""
        if not self.places:
            yield Text("What it changes is shown once the places are open.")
            return
        changed = list(effects(self.setup, self.result, after))
        yield from changed[:MOST_EFFECTS]
        if len(changed) > MOST_EFFECTS:
            yield Text("… and {count} more", count=len(changed) - MOST_EFFECTS)
        if not changed:
            yield Text("No place, score or award changes.")

    def _numbers(self, entries: Sequence[str]) -> str:
        return ", ".join(self.setup.entry_by_id[entry].number for entry in entries) or "–"

    def _names(self, persons: Sequence[str]) -> str:
        return ", ".join(self.setup.name_of(person) for person in persons) or "–"


def effects(setup: Setup, before: Standing, after: Standing) -> Iterator[Text]:
    """Yield, for every entry whose place, score or award differs, how it is before and after."""
    old = {item.entry: item for group in before.groups for item in group.entries}
    for group in after.groups:
        for item in group.entries:
            known = old[item.entry]
            if (known.place, known.score, known.award) != (item.place, item.score, item.award):
                yield Text(
                    "Entry {number}: {before} → {after}",
                    number=setup.entry_by_id[item.entry].number,
                    before=place_text(known),
                    after=place_text(item),
                )


def place_text(item: Ranked) -> Text:
    """Return where an entry stands, as a part of a sentence."""
    if item.place is None:
        return Text("without a place")
    score = Fraction(item.score or 0)
    if item.award is None:
        return Text("place {place}, score {score}", place=item.place, score=score)
    return Text(
        "place {place}, score {score}, {award}",
        place=item.place,
        score=score,
        award=item.award,
    )


def proposed_mark(waiting: Waiting) -> Fraction | None:
    """Return the mark that a verifier proposes; ``None`` where there is none."""
    return Fraction(waiting.mark) if waiting.mark else None


def proposal(panel: Panel, stage: str, group: str) -> tuple[Ranked, ...]:
    """Return the entries of a group that are alive in a stage, best first."""
    if panel.setup.rules.stage(stage) not in panel.setup.rules.counted():
        return ()
    result = standing(panel, stage)
    return next(found.entries for found in result.groups if found.group == group)
