"""Which sheets count, whoever holds the records: a panel's database, or a file read in memory.

Both answer the same few questions (:class:`Records`); what follows from the answers is the fold of
:mod:`kipp_desktop.domain.fold`, asked here in one way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from kipp_desktop.domain.fold import (
    Abstention,
    Bounds,
    DeskState,
    SheetFact,
    Tally,
    abstentions_of,
    bounds_of,
    count_judge,
)
from kipp_desktop.domain.setup import Setup, read_setup
from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kipp_desktop.domain.fold import Plan
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.rubric import Rubric
    from kipp_desktop.domain.standing import Row


class Unadmitted(NamedTuple):
    """A key that is not admitted, whose it says it is, and how many sheets of its own it signed.

    ``second`` where it was admitted, and is void until the person's first key is revoked.
    """

    key: str
    person: str
    sheets: int
    second: bool


class Records(ABC):
    """The records of one competition, as far as they are held."""

    state: DeskState

    def __init__(self) -> None:
        self._setups: dict[tuple[str, str], Setup] = {}
        self._rubrics: dict[str, Rubric] = {}

    # -- what the holder knows

    @abstractmethod
    def blob(self, sha256: str) -> bytes | None:
        """Return a blob, ``None`` where it is not held."""

    @abstractmethod
    def seq_of(self, author: str, head: str) -> int | None:
        """Return up to which seq of a key a head vouches; ``None`` where it is not held."""

    @abstractmethod
    def records(self, author: str, kind: str | None = None) -> Sequence[Record]:
        """Return a ledger's records in order, of one kind or all."""

    @abstractmethod
    def sheet_facts(self, judge: str, stage: str, keys: Sequence[str]) -> list[SheetFact]:
        """Return the sheets of a judge in a stage: of the judge's keys, and typed from paper."""

    @abstractmethod
    def checks(self, judge: str) -> Iterable[tuple[str, int, str]]:
        """Return the paper-checks of a judge's sheets: author, seq, sheet."""

    @abstractmethod
    def accepted(self, author: str, seq: int) -> bool:
        """Return whether the desk accepted a record beyond its key's limit."""

    @abstractmethod
    def counted(self, stage: str) -> Sequence[Row]:
        """Return the counted sheets of a stage: entry, judge, total, marks."""

    @abstractmethod
    def counted_ways(self, stage: str) -> Iterable[tuple[str, str, str]]:
        """Return how each counted sheet of a stage came: entry, judge, how."""

    @abstractmethod
    def typed_judges(self, stage: str) -> Iterable[str]:
        """Return the judges for whom sheets of a stage were typed from paper."""

    @abstractmethod
    def unadmitted(self) -> list[Unadmitted]:
        """Return the keys that are here and nobody's, in order."""

    def waiting_persons(self) -> set[str]:
        """Return whose keys are here and wait to be admitted."""
        return {one.person for one in self.unadmitted() if not one.second}

    @abstractmethod
    def sheets_by_plan(self, stage: str) -> dict[str, int]:
        """Return how many counted sheets of a stage were signed under each plan (by its id).

        The plan is the one in force at the sheet's ``seen``; a sheet whose ``seen`` the desk's
        ledger does not have is left out.
        """

    # -- what the plan says

    @property
    def setup(self) -> Setup:
        """The setup of the plan in force; :class:`KippError` ``no-plan`` before the first."""
        plan = self.state.plan
        if plan is None:
            raise KippError(
                "no-plan",
                Text("The plan of this competition has not been published yet."),
                Text("Publish the plan first (kipp plan publish)."),
            )
        return self.setup_of(plan.setup, plan.people)

    def setup_for(self, stage: str) -> Setup:
        """Return the setup that a stage is counted under."""
        plan = self.state.plan_for(stage)
        if plan is None:
            return self.setup
        return self.setup_of(plan.setup, plan.people)

    def setup_of(self, setup: str, people: str) -> Setup:
        """Return the setup of two blobs; names are left out where the people blob is not here."""
        key = (setup, people)
        if key not in self._setups:
            data = self.blob(setup)
            if data is None:
                raise KippError(
                    "missing-blob",
                    Text("The setup of this competition is missing on this laptop."),
                    Text("Open the secretariat's package (paket.kipp) again."),
                )
            self._setups[key] = read_setup(data, self.blob(people))
        return self._setups[key]

    @property
    def naming(self) -> Setup:
        """The setup in force, with the persons and entries of earlier plans behind its own.

        For saying names alone: a judge who was replaced still has signed sheets.
        """
        setup = self.setup
        persons, entries = dict(setup.person_by_id), dict(setup.entry_by_id)
        for plan in reversed(self.state.plans[:-1]):
            if self._has_setup(plan):
                before = self.setup_of(plan.setup, plan.people)
                persons = {**before.person_by_id, **persons}
                entries = {**before.entry_by_id, **entries}
        if len(persons) == len(setup.persons) and len(entries) == len(setup.entries):
            return setup
        own = [*setup.persons, *(p for p in persons.values() if p.id not in setup.person_by_id)]
        said = [*setup.entries, *(e for e in entries.values() if e.id not in setup.entry_by_id)]
        return replace(setup, persons=tuple(own), entries=tuple(said))

    def rubric(self, fingerprint: str) -> Rubric | None:
        """Return a rubric of any plan of this competition."""
        found = self._rubrics.get(fingerprint)
        if found is None:
            for plan in self.state.plans:
                if self._has_setup(plan):
                    setup = self.setup_of(plan.setup, plan.people)
                    self._rubrics.update(setup.rubric_by_fingerprint)
            found = self._rubrics.get(fingerprint)
        return found

    def rubric_shaped(self, shape: str) -> Rubric | None:
        """Return a rubric of any plan with these leaves and scales: what a draft was marked by."""
        for plan in self.state.plans:
            if self._has_setup(plan):
                for rubric in self.setup_of(plan.setup, plan.people).rubrics:
                    if rubric.shape == shape:
                        return rubric
        return None

    def _has_setup(self, plan: Plan) -> bool:
        return (plan.setup, plan.people) in self._setups or self.blob(plan.setup) is not None

    # -- what counts

    def bounds(self, stage: str) -> Bounds:
        """Return which records count in a stage."""
        return bounds_of(self.state, self.setup_for(stage), stage, self.seq_of)

    def tally(self, judge: str, stage: str, bounds: Bounds, setup: Setup | None = None) -> Tally:
        """Count the sheets of a judge in a stage, under its own setup or one that is proposed."""
        keys = [key.key for key in self.state.keys_of(judge)]
        return count_judge(
            judge,
            frozenset(keys),
            self.sheet_facts(judge, stage, keys),
            self.checked_sheets(judge, bounds),
            self.abstentions(judge, stage, bounds),
            setup or self.setup_for(stage),
            stage,
            bounds,
        )

    def everybody(self, stage: str) -> set[str]:
        """Return all whose sheets of a stage are looked at: its judges, and others with sheets."""
        judges = self.setup_for(stage).judges_of(stage)
        owners = {key.person for key in self.state.keys.values()}
        return {*judges, *owners, *self.typed_judges(stage)}

    def checked_sheets(self, judge: str, bounds: Bounds) -> frozenset[str]:
        """Return the typed sheets of a judge that have a paper-check that counts in a stage."""
        return frozenset(
            sheet
            for author, seq, sheet in self.checks(judge)
            if author in bounds.clerks
            and (bounds.within(author, seq) or self.accepted(author, seq))
        )

    def abstentions(self, judge: str, stage: str, bounds: Bounds | None = None) -> list[Abstention]:
        """Return the abstentions of a judge in a stage that stand.

        Whoever asks for many judges of a stage hands in its ``bounds``.
        """
        own = [
            (key.key, record)
            for key in self.state.keys_of(judge)
            for record in self.records(key.key, "abstention")
        ]
        if not own:  # asked with every mark; hardly anybody abstains
            return abstentions_of(judge, stage, [], self.state)
        bounds = bounds or self.bounds(stage)
        standing = [
            record
            for key, record in own
            if bounds.within(key, record.seq) or bounds.accepted.get(record.id) is True
        ]
        return abstentions_of(judge, stage, standing, self.state)

    def lacking(self) -> list[str]:
        """Return the keys of whose ledgers a record is cited by the desk and not held here."""
        cited = set(self.state.receipts.items())
        for closing in self.state.closings.values():
            cited |= set(closing.heads.items())
        for results in self.state.results:
            heads: Any = results.body["heads"]
            cited |= set(heads.items())
        return sorted({key for key, head in cited if self.seq_of(key, head) is None})
