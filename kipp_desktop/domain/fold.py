"""From records to the state of the panel: the fold.

The desk's ledger is walked in order; it says which keys are whose, which plan is in force, what is
closed. The sheets of one judge are then counted from the ledgers up to the heads that count. The
outcome depends on the set of records alone, never on when they arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.setup import Setup


@dataclass
class Key:
    """An admitted key. ``order`` is the seq of its admission; ``live`` until it is revoked.

    ``since`` is the seq from which it speaks: of its admission, or of the revocation that made a
    void admission good. ``revoked_by`` is the seq of its own revocation.
    """

    key: str
    person: str
    order: int
    compared: str
    live: bool
    revoked_at: str | None = None
    revoked: bool = False
    since: int = 0
    revoked_by: int = 0


@dataclass(frozen=True)
class Plan:
    """A plan in force from ``seq`` of the desk's ledger."""

    id: str
    seq: int
    revision: int
    setup: str
    people: str
    keeper: str
    at: str


@dataclass(frozen=True)
class Closing:
    """A closed stage: what counts is fixed."""

    id: str
    seq: int
    plan: str
    heads: Mapping[str, str]
    at: str


@dataclass(frozen=True)
class Abstention:
    """A judge marks nothing: in a stage, for some entries or (``None``) for all."""

    id: str
    judge: str
    stage: str
    entries: frozenset[str] | None
    why: str
    reason: str


@dataclass(frozen=True)
class Tie:
    """A tied set put in order by the plenary or by lot."""

    method: str
    order: tuple[str, ...]
    reason: str


@dataclass
class DeskState:
    """What the desk's ledger says, walked record by record.

    ``forked`` alone does not stand in it: the keys of which branches are held that differ, with
    the seq of the last record that these share. ``corrections`` are accepted marks by (stage,
    entry, criterion); ``acts`` the acceptances and revocations, for the minutes.
    """

    desk: str
    seq: int = 0
    head: str = ""
    enrolment: Record | None = None
    plans: list[Plan] = field(default_factory=list)
    keys: dict[str, Key] = field(default_factory=dict)
    waiting: list[Key] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    closings: dict[str, Closing] = field(default_factory=dict)
    statuses: dict[str, tuple[str, str]] = field(default_factory=dict)
    abstentions: list[tuple[int, Record]] = field(default_factory=list)
    panel_marks: dict[tuple[str, str, str], str | None] = field(default_factory=dict)
    acceptances: dict[str, bool] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    awards: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    advances: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    corrections: dict[tuple[str, str, str], str] = field(default_factory=dict)
    deviations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    decisions: list[Record] = field(default_factory=list)
    acts: list[Record] = field(default_factory=list)
    approvals: list[Record] = field(default_factory=list)
    forked: dict[str, int] = field(default_factory=dict)
    results: list[Record] = field(default_factory=list)
    publications: list[Record] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def plan(self) -> Plan | None:
        """The plan in force."""
        return self.plans[-1] if self.plans else None

    def live_key(self, person: str) -> Key | None:
        """Return the key that speaks for a person now."""
        return next((k for k in self.keys.values() if k.person == person and k.live), None)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The admitted keys with a fork that no revocation has settled."""
        return tuple(
            sorted(key for key in self.forked if key in self.keys and not self.keys[key].revoked)
        )

    def keys_of(self, person: str) -> list[Key]:
        """Return a person's keys in the order of their admission."""
        return sorted((k for k in self.keys.values() if k.person == person), key=lambda k: k.order)

    def cited_heads(self, key: str) -> frozenset[str]:
        """Return the heads that bound a key: of standing closings and of its revocation."""
        cited = {closing.heads[key] for closing in self.closings.values() if key in closing.heads}
        found = self.keys.get(key)
        if found is not None and found.revoked_at is not None:
            cited.add(found.revoked_at)
        return frozenset(cited)

    def plan_for(self, stage: str) -> Plan | None:
        """Return the plan that a stage is counted under: frozen when it was closed."""
        closing = self.closings.get(stage)
        if closing is None:
            return self.plan
        return next((plan for plan in self.plans if plan.id == closing.plan), None)

    def plan_at(self, head: str) -> Plan | None:
        """Return the plan in force at one of the desk's records; ``None`` where it is unknown."""
        seq = self.ids.get(head, 0)
        return next((plan for plan in reversed(self.plans) if plan.seq <= seq), None)

    def limit(self, key: Key, stage: str, seq_of: Callable[[str, str], int | None]) -> int | None:
        """Return the last seq of a key that counts in a stage; ``None`` for no limit.

        0 where nothing counts: the key was admitted after the stage closed, or no record of it
        was here by then. A revocation binds a closing that came later, not an earlier one.
        """
        closing = self.closings.get(stage)
        limit = None
        if closing is not None:
            head = closing.heads.get(key.key)
            if head is None or key.since > closing.seq:
                return 0
            limit = seq_of(key.key, head) or 0
        if key.revoked and (closing is None or key.revoked_by < closing.seq):
            stands = (seq_of(key.key, key.revoked_at) or 0) if key.revoked_at else 0
            limit = stands if limit is None else min(limit, stands)
        elif closing is None and key.key in self.forked:
            limit = self.forked[key.key]
        return limit

    def apply(self, record: Record) -> None:
        """Take the next record of the desk's ledger."""
        self.seq, self.head = record.seq, record.id
        self.ids[record.id] = record.seq
        handler = _HANDLERS.get(record.kind)
        if handler is not None:
            handler(self, record, record.body)

    def _enrolment(self, record: Record, _body: dict[str, Any]) -> None:
        self.enrolment = record

    def _plan(self, record: Record, body: dict[str, Any]) -> None:
        self.plans.append(
            Plan(
                record.id,
                record.seq,
                body["revision"],
                body["setup"],
                body["people"],
                body["keeper"],
                record.at,
            )
        )

    def _admission(self, record: Record, body: dict[str, Any]) -> None:
        key = Key(
            body["key"], body["person"], record.seq, body["compared"], live=True, since=record.seq
        )
        if key.key == self.desk or key.key in self.keys:
            return
        if self.live_key(key.person) is None:
            self.keys[key.key] = key
            # One key is one person: an admission that was void for somebody else stays so.
            self.waiting = [item for item in self.waiting if item.key != key.key]
        elif all((item.key, item.person) != (key.key, key.person) for item in self.waiting):
            self.waiting.append(key)

    def _revocation(self, record: Record, body: dict[str, Any]) -> None:
        self.acts.append(record)
        key = self.keys.get(body["key"])
        if key is None or key.revoked:
            self.waiting = [item for item in self.waiting if item.key != body["key"]]
            return
        key.live, key.revoked, key.revoked_at = False, True, body["head"]
        key.revoked_by = record.seq
        heir = next((item for item in self.waiting if item.person == key.person), None)
        if heir is not None:
            self.waiting = [item for item in self.waiting if item.key != heir.key]
            heir.since = record.seq
            self.keys[heir.key] = heir

    def _receipt(self, _record: Record, body: dict[str, Any]) -> None:
        self.receipts.update(body["heads"])

    def _closing(self, record: Record, body: dict[str, Any]) -> None:
        if body["stage"] not in self.closings:
            self.closings[body["stage"]] = Closing(
                record.id, record.seq, body["plan"], body["heads"], record.at
            )

    def _entry_status(self, _record: Record, body: dict[str, Any]) -> None:
        self.statuses[body["entry"]] = (body["status"], body["reason"])

    def _abstention(self, record: Record, _body: dict[str, Any]) -> None:
        self.abstentions.append((record.seq, record))

    def _panel_mark(self, _record: Record, body: dict[str, Any]) -> None:
        self.panel_marks[body["stage"], body["entry"], body["criterion"]] = body["mark"]

    def _acceptance(self, record: Record, body: dict[str, Any]) -> None:
        self.acts.append(record)
        self.acceptances[body["record"]] = body["counts"]

    def _approval(self, record: Record, _body: dict[str, Any]) -> None:
        self.approvals.append(record)

    def _decision(self, record: Record, body: dict[str, Any]) -> None:
        self.decisions.append(record)
        about = body["about"]
        if about == "tie" and body["method"] is not None:
            self.ties.append(Tie(body["method"], tuple(body["entries"]), body["reason"]))
        elif about == "award" and body["group"] and body["tier"]:
            self.awards[body["group"], body["tier"]] = tuple(body["entries"])
        elif about == "reopen" and body["stage"]:
            self.closings.pop(body["stage"], None)
        elif about == "advance" and body["stage"] and body["group"]:
            self.advances[body["stage"], body["group"]] = tuple(body["entries"])
        elif about == "deviate" and body["group"]:
            self.deviations[body["group"]] = tuple(body["entries"])
        elif about == "correct" and body["stage"] and body["criterion"] and body["entries"]:
            place = (body["stage"], body["entries"][0], body["criterion"])
            self.corrections.pop(place, None)
            if body["accepted"] and body["mark"] is not None:
                self.corrections[place] = body["mark"]

    def _results(self, record: Record, _body: dict[str, Any]) -> None:
        self.results.append(record)

    def _publication(self, record: Record, _body: dict[str, Any]) -> None:
        self.publications.append(record)


_HANDLERS: dict[str, Callable[[DeskState, Record, dict[str, Any]], None]] = {
    "enrolment": DeskState._enrolment,  # noqa: SLF001 - the table belongs to the class
    "plan": DeskState._plan,  # noqa: SLF001
    "admission": DeskState._admission,  # noqa: SLF001
    "revocation": DeskState._revocation,  # noqa: SLF001
    "receipt": DeskState._receipt,  # noqa: SLF001
    "closing": DeskState._closing,  # noqa: SLF001
    "entry-status": DeskState._entry_status,  # noqa: SLF001
    "abstention": DeskState._abstention,  # noqa: SLF001
    "panel-mark": DeskState._panel_mark,  # noqa: SLF001
    "acceptance": DeskState._acceptance,  # noqa: SLF001
    "decision": DeskState._decision,  # noqa: SLF001
    "results": DeskState._results,  # noqa: SLF001
    "publication": DeskState._publication,  # noqa: SLF001
    "approval": DeskState._approval,  # noqa: SLF001
}


def read_desk(desk: str, records: Iterable[Record]) -> DeskState:
    """Walk the desk's ledger from its first record."""
    state = DeskState(desk)
    for record in records:
        state.apply(record)
    return state


# -- counting the sheets of one judge --------------------------------------------------------------


class SheetFact(NamedTuple):
    """What counting needs of a signed sheet.

    ``marks`` are packed by the rubric that the sheet cites (``shape`` is that rubric's);
    ``None`` when they do not fit it. ``withdrawn`` stands for ``"marks": null``.
    """

    author: str
    seq: int
    id: str
    paper: bool
    judge: str
    stage: str
    entry: str
    shape: str
    marks: bytes | None
    withdrawn: bool


class Counted(NamedTuple):
    """A sheet that counts, and how it came: ``laptop``, ``paper-twice`` or ``paper-checked``."""

    fact: SheetFact
    how: str


class Stopped(NamedTuple):
    """A sheet that does not count, and the rule that stopped it (see :data:`RULES`)."""

    fact: SheetFact
    rule: str


#: Why a signed sheet does not count; the words for people stand in ``services/standing``.
RULES = (
    "replaced",
    "withdrawn",
    "key-waiting",
    "after-limit",
    "not-assigned",
    "abstained",
    "other-rubric",
    "bad-marks",
    "own-sheet-counts",
    "typed-once",
    "typed-differently",
    "not-accepted",
)


@dataclass
class Tally:
    """One judge in one stage: the counted sheet by entry, and every sheet that was stopped."""

    counted: dict[str, Counted] = field(default_factory=dict)
    stopped: list[Stopped] = field(default_factory=list)


@dataclass(frozen=True)
class Bounds:
    """Up to which seq each admitted key counts in a stage, and in which order keys were admitted.

    ``clerks`` are the keys that may type paper sheets.
    """

    order: Mapping[str, int]
    limits: Mapping[str, int | None]
    clerks: frozenset[str]
    accepted: Mapping[str, bool]

    def within(self, author: str, seq: int) -> bool:
        """Return whether a record of an admitted key stands before the limit of its key."""
        limit = self.limits[author]
        return limit is None or seq <= limit


def clerk_keys(state: DeskState, setup: Setup, keeper: str) -> frozenset[str]:
    """Return the keys that may type paper: of the plan's keeper and of clerks."""
    return frozenset(
        key.key
        for key in state.keys.values()
        if key.person == keeper
        or ((person := setup.person_by_id.get(key.person)) is not None and person.has("clerk"))
    )


def bounds_of(
    state: DeskState, setup: Setup, stage: str, seq_of: Callable[[str, str], int | None]
) -> Bounds:
    """Return which records count in a stage."""
    plan = state.plan_for(stage)
    keeper = plan.keeper if plan else ""
    clerks = clerk_keys(state, setup, keeper)
    return Bounds(
        order={key.key: key.order for key in state.keys.values()},
        limits={key.key: state.limit(key, stage, seq_of) for key in state.keys.values()},
        clerks=clerks,
        accepted=state.acceptances,
    )


def count_judge(  # noqa: PLR0917 - each is a fact of its own
    judge: str,
    own_keys: Collection[str],
    facts: Iterable[SheetFact],
    checked: Collection[str],
    abstentions: Iterable[Abstention],
    setup: Setup,
    stage: str,
    bounds: Bounds,
) -> Tally:
    """Count the sheets of ``judge`` in ``stage``.

    ``facts`` are all sheets of that judge and stage that are held, in any order; ``checked`` are
    the ids of typed sheets that have their paper-check. Sheets of the judge's own keys are taken
    by order of admission, then seq; the last is taken first and only then checked, so a sheet
    once replaced never returns.
    """
    tally = Tally()
    own: dict[str, list[SheetFact]] = {}
    typed: dict[str, list[SheetFact]] = {}
    order, limits, accepted = bounds.order, bounds.limits, bounds.accepted
    for fact in facts:
        author = fact.author
        if author not in order:
            tally.stopped.append(Stopped(fact, "key-waiting"))
        elif not fact.paper and author not in own_keys:
            tally.stopped.append(Stopped(fact, "not-assigned"))
        elif (
            (limit := limits[author]) is not None
            and fact.seq > limit
            and accepted.get(fact.id) is not True
        ):
            tally.stopped.append(Stopped(fact, "after-limit"))
        elif fact.paper:
            typed.setdefault(fact.entry, []).append(fact)
        elif fact.entry in own:
            own[fact.entry].append(fact)
        else:
            own[fact.entry] = [fact]
    assignment = setup.assignment(stage, judge)
    assigned = assignment.among(setup.entry_by_id) if assignment else frozenset()
    shape = setup.rubric_of(setup.rules.stage(stage)).shape
    all_out, out = _abstained(abstentions)
    for entry in sorted({**own, **typed}):
        mine = own.get(entry, ())
        chosen: Counted | None
        if len(mine) == 1 and entry not in typed and not mine[0].withdrawn:
            chosen = Counted(mine[0], "laptop")  # by far the most: one sheet, signed once
        else:
            chosen = _choose(mine, typed.get(entry, ()), checked, bounds, tally)
        if chosen is None:
            continue
        fact = chosen.fact
        if entry not in assigned:
            rule = "not-assigned"
        elif all_out or entry in out:
            rule = "abstained"
        elif fact.shape != shape:
            rule = "other-rubric"
        elif fact.marks is None:
            rule = "bad-marks"
        elif bounds.accepted.get(fact.id) is False:
            rule = "not-accepted"
        else:
            tally.counted[entry] = chosen
            continue
        tally.stopped.append(Stopped(fact, rule))
    return tally


def _abstained(abstentions: Iterable[Abstention]) -> tuple[bool, frozenset[str]]:
    everything, some = False, set[str]()
    for item in abstentions:
        if item.entries is None:
            everything = True
        else:
            some |= item.entries
    return everything, frozenset(some)


def _choose(
    own: Sequence[SheetFact],
    typed: Sequence[SheetFact],
    checked: Collection[str],
    bounds: Bounds,
    tally: Tally,
) -> Counted | None:
    """Return the sheet that stands for (judge, stage, entry): the judge's own beats paper."""
    if len(own) == 1 and not typed and not own[0].withdrawn:
        return Counted(own[0], "laptop")

    def arrival(fact: SheetFact) -> tuple[int, int]:
        return bounds.order[fact.author], fact.seq

    mine = sorted(own, key=arrival)
    for fact in mine[:-1]:
        tally.stopped.append(Stopped(fact, "replaced"))
    last = mine[-1] if mine else None
    if last is not None and last.withdrawn:
        tally.stopped.append(Stopped(last, "withdrawn"))
        last = None
    paper = _choose_typed(sorted(typed, key=arrival), checked, bounds, tally)
    if last is None:
        return paper
    if paper is not None:
        tally.stopped.append(Stopped(paper.fact, "own-sheet-counts"))
    return Counted(last, "laptop")


def _choose_typed(
    typed: list[SheetFact], checked: Collection[str], bounds: Bounds, tally: Tally
) -> Counted | None:
    """Return the typed sheet that counts: two keys typed the same, or one has its paper-check."""
    last: dict[str, SheetFact] = {}
    for fact in typed:
        if fact.author not in bounds.clerks:
            tally.stopped.append(Stopped(fact, "not-assigned"))
            continue
        replaced = last.get(fact.author)
        if replaced is not None:
            tally.stopped.append(Stopped(replaced, "replaced"))
        last[fact.author] = fact
    found: Counted | None = None
    standing = []
    for fact in last.values():
        if fact.withdrawn:
            tally.stopped.append(Stopped(fact, "withdrawn"))
        else:
            standing.append(fact)
    for fact in reversed(standing):
        if found is None and fact.id in checked:
            found = Counted(fact, "paper-checked")
    if found is None:
        for fact in reversed(standing):
            twins = [
                other
                for other in standing
                if other.author != fact.author and _same_marks(fact, other)
            ]
            if found is None and twins:
                found = Counted(fact, "paper-twice")
    for fact in standing:
        if found is None:
            rule = "typed-once" if len(standing) == 1 else "typed-differently"
            tally.stopped.append(Stopped(fact, rule))
        elif fact is not found.fact:
            same = _same_marks(fact, found.fact)
            tally.stopped.append(Stopped(fact, "replaced" if same else "typed-differently"))
    return found


def _same_marks(one: SheetFact, other: SheetFact) -> bool:
    """Return whether two typings say the same; marks that do not fit their rubric equal none."""
    return one.marks is not None and (one.marks, one.shape) == (other.marks, other.shape)


def abstentions_of(
    judge: str,
    stage: str,
    records: Iterable[Record],
    state: DeskState,
) -> list[Abstention]:
    """Return the abstentions of a judge in a stage that stand.

    ``records`` are the judge's own, already limited to what counts; the desk's for this judge are
    taken up to the stage's closing. A record that supersedes another takes its place; one with
    ``"why": null`` withdraws it.
    """
    closing = state.closings.get(stage)
    found = [record for record in records if record.kind == "abstention"]
    found += [
        record
        for seq, record in state.abstentions
        if (closing is None or seq < closing.seq) and record.body["judge"] == judge
    ]
    found = [r for r in found if (r.body["judge"], r.body["stage"]) == (judge, stage)]
    superseded = {record.body["supersedes"] for record in found}
    standing = []
    for record in found:
        body: dict[str, Any] = record.body
        if record.id in superseded or body["why"] is None:
            continue
        entries = None if body["entries"] is None else frozenset(body["entries"])
        standing.append(Abstention(record.id, judge, stage, entries, body["why"], body["reason"]))
    return standing
