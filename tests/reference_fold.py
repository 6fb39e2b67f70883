"""The fold of ``docs/formats/fold.md``, slow and obvious; numbers in brackets are its sentences.

``fold(ledgers, desk, setups)`` takes every ledger that was ever seen, in any order, as lists of
records (doubled ones, beginnings of others and branches too) and ``{sha256 of a setup: setup}``.
It knows nothing of what the program keeps, and looks at everything anew for each question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Outcome:
    """``counted`` is ``{(stage, judge, entry): (key, seq, how)}``; ``stopped`` has
    ``(stage, judge, key, seq, entry, rule)``; ``forked`` says up to where branches agree."""

    counted: dict = field(default_factory=dict)
    stopped: set = field(default_factory=set)
    forked: dict = field(default_factory=dict)
    lacking: set = field(default_factory=set)


@dataclass
class Admitted:
    key: str
    person: str
    order: int
    since: int
    revoked: int | None = None
    head: str | None = None


def agreed(branches):
    """Return how many records all branches share."""
    count = 0
    while all(len(b) > count and b[count].id == branches[0][count].id for b in branches):
        count += 1
    return count


def branches_of(ledgers):
    """Return ``{key: its branches}``: the ledgers that no other continues (25)."""
    found = {}
    for ledger in ledgers:
        mine = found.setdefault(ledger[0].author, [])
        ids = [record.id for record in ledger]
        if any([r.id for r in other[: len(ids)]] == ids for other in mine):
            continue
        mine[:] = [o for o in mine if [r.id for r in o] != ids[: len(o)]] + [ledger]
    return found


class Fold:
    def __init__(self, ledgers, desk, setups):
        branches = branches_of(ledgers)
        self.desk_key, self.setups = desk, setups
        self.desk = branches.pop(desk)[0] if len(branches.get(desk, ())) == 1 else (
            branches[desk][0][: agreed(branches.pop(desk))])  # fmt: skip  # (27)
        self.branches = branches
        self.plans = [record for record in self.desk if record.kind == "plan"]
        self.keys = self.admitted()
        self.read = {key: self.branch_read(key) for key in branches}

    # -- the desk's ledger

    def said(self, kind):
        return [record for record in self.desk if record.kind == kind]

    def admitted(self):
        """Return the keys that are somebody's (3-5)."""
        keys, waiting = {}, []
        for record in self.desk:
            body = record.body
            if record.kind == "admission":
                new = Admitted(body["key"], body["person"], record.seq, record.seq)
                if new.key != self.desk_key and new.key not in keys:
                    waiting.append(new)
            elif record.kind == "revocation":
                key = keys.get(body["key"])
                if key is None:
                    waiting = [item for item in waiting if item.key != body["key"]]
                elif key.revoked is None:
                    key.revoked, key.head = record.seq, body["head"]
            for item in list(waiting):
                free = all(k.revoked or k.person != item.person for k in keys.values())
                if item.key not in keys and free:
                    item.since = record.seq
                    keys[item.key] = item
            waiting = [item for item in waiting if item.key not in keys]
        return keys

    def closing(self, stage):
        """Return the closing that stands (7)."""
        standing = None
        for record in self.desk:
            if record.kind == "closing" and record.body["stage"] == stage:
                standing = standing or record
            if record.kind == "decision" and record.body["about"] == "reopen":
                standing = None if record.body["stage"] == stage else standing
        return standing

    def accepted(self, record_id):
        """Return the last word of the desk on a record: counts, counts not, nothing (6)."""
        words = [r.body["counts"] for r in self.said("acceptance") if r.body["record"] == record_id]
        return words[-1] if words else None

    def plan(self, stage):
        """Return the plan that a stage is counted under (2, 7)."""
        closing = self.closing(stage)
        if closing is None:
            return self.plans[-1]
        return next(plan for plan in self.plans if plan.id == closing.body["plan"])

    # -- limits

    def branch_read(self, key):
        """Return the branch that is read (25)."""
        stages = {record.body["stage"] for record in self.said("closing")}
        closings = sorted(filter(None, map(self.closing, stages)), key=lambda r: r.seq)
        cited = [r.body["heads"][key] for r in closings if key in r.body["heads"]]
        if key in self.keys and self.keys[key].head:
            cited.append(self.keys[key].head)
        cited += [record.body["record"] for record in self.said("acceptance")]
        cited += [r.body["heads"][key] for r in self.said("receipt") if key in r.body["heads"]][-1:]
        remain = self.branches[key]
        for head in cited:
            having = [b for b in remain if head in [record.id for record in b]]
            remain = having or remain
        return min(remain, key=lambda branch: branch[-1].id)

    def vouched(self, key, head):
        """Return up to where a head vouches for what is read; ``None`` if it is not held (26)."""
        for branch in self.branches.get(key, ()):
            for record in branch:
                if record.id == head:
                    return min(record.seq, agreed([branch, self.read[key]]))
        return None

    def limit(self, key, stage):
        """Return the last seq of a key that counts in a stage (8-10, 26)."""
        whole = len(self.read[key])
        item, closing = self.keys[key], self.closing(stage)
        limits = []
        if closing is not None:
            head = closing.body["heads"].get(key)
            late = item.since > closing.seq
            limits.append(0 if head is None or late else self.vouched(key, head) or 0)
        if item.revoked and (closing is None or item.revoked < closing.seq):
            limits.append((self.vouched(key, item.head) or 0) if item.head else 0)
        elif closing is None and len(self.branches[key]) > 1:
            limits.append(agreed(self.branches[key]))
        return min(limits, default=whole)

    def within(self, record, stage):
        """Tell whether a record of an admitted key counts by its place (8-12)."""
        return record.seq <= self.limit(record.author, stage) or self.accepted(record.id) is True

    def records(self, *kinds):
        return [r for branch in self.read.values() for r in branch if r.kind in kinds]

    # -- sheets

    def rubric(self, fingerprint):
        """Return a rubric that stands in any plan (23)."""
        for plan in self.plans:
            for rubric in self.setups[plan.body["setup"]].rubrics:
                if rubric.fingerprint == fingerprint:
                    return rubric
        return None

    def marks_fit(self, sheet):
        """Tell whether exactly the judged leaves are marked, each on its scale (23)."""
        rubric, marks = self.rubric(sheet.body["rubric"]), sheet.body["marks"]
        leaves = {leaf.id: leaf.scale for leaf in rubric.judged.leaves} if rubric else {}
        return set(marks) == set(leaves) and all(
            re.fullmatch(r"[0-9.]+", mark)
            and leaves[leaf].minimum <= Fraction(mark) <= leaves[leaf].maximum
            and ((Fraction(mark) - leaves[leaf].minimum) / leaves[leaf].step).denominator == 1
            for leaf, mark in marks.items()
        )

    def alike(self, one, other):
        """Tell whether two typed sheets say the same (18, 19)."""
        shapes = [self.rubric(sheet.body["rubric"]) for sheet in (one, other)]
        return (
            one.body["marks"] == other.body["marks"]
            and self.marks_fit(one)
            and self.marks_fit(other)
            and shapes[0].shape == shapes[1].shape
        )

    def clerks(self, stage):
        """Return the keys that may type (16)."""
        plan = self.plan(stage)
        setup = self.setups[plan.body["setup"]]
        may = {person.id for person in setup.persons if "clerk" in person.roles}
        may.add(plan.body["keeper"])
        return {key for key, item in self.keys.items() if item.person in may}

    def abstains(self, judge, stage, entry):
        """Tell whether a judge marks nothing here (24)."""
        closing = self.closing(stage)
        found = [
            record
            for record in self.records("abstention")
            if record.author in self.keys
            and self.keys[record.author].person == judge
            and self.within(record, stage)
        ]
        found += [r for r in self.said("abstention") if closing is None or r.seq < closing.seq]
        found = [r for r in found if (r.body["judge"], r.body["stage"]) == (judge, stage)]
        gone = {record.body["supersedes"] for record in found}
        return any(
            record.body["entries"] is None or entry in record.body["entries"]
            for record in found
            if record.id not in gone and record.body["why"] is not None
        )

    def run(self):
        """Count every sheet of every stage that is marked (13-23)."""
        outcome = Outcome()
        for key, branches in self.branches.items():
            if len(branches) > 1:
                outcome.forked[key] = agreed(branches)
        cited = [(k, h) for r in self.said("receipt")[-1:] for k, h in r.body["heads"].items()]
        for record in self.said("receipt"):
            cited = [item for item in cited if item[0] not in record.body["heads"]]
            cited += record.body["heads"].items()
        for stage in {record.body["stage"] for record in self.said("closing")}:
            closing = self.closing(stage)
            cited += closing.body["heads"].items() if closing else []
        cited += [item for r in self.said("results") for item in r.body["heads"].items()]
        outcome.lacking = {key for key, head in cited if self.vouched(key, head) is None}
        for stage in self.setups[self.plans[-1].body["setup"]].rules.stages:
            groups = {}
            for sheet in self.records("score-sheet", "paper-sheet"):
                if sheet.body["stage"] != stage.id:
                    continue
                groups.setdefault((self.judge(sheet), sheet.body["entry"]), []).append(sheet)
            for (judge, entry), sheets in groups.items():
                self.choose(outcome, stage.id, judge, entry, sheets)
        return outcome

    def judge(self, sheet):
        if sheet.kind == "paper-sheet":
            return sheet.body["judge"]
        if sheet.author in self.keys:
            return self.keys[sheet.author].person
        return str(self.read[sheet.author][0].body["person"])

    def choose(self, outcome, stage, judge, entry, sheets):
        """Say of every sheet of a judge for an entry whether it counts (13-23)."""

        def stop(sheet, rule):
            outcome.stopped.add((stage, judge, sheet.author, sheet.seq, entry, rule))

        there = []
        for sheet in sheets:  # (13)
            if sheet.author not in self.keys:
                if sheet.kind == "paper-sheet":
                    stop(sheet, "key-waiting")
            elif not self.within(sheet, stage):
                stop(sheet, "after-limit")
            else:
                there.append(sheet)
        there.sort(key=lambda r: (self.keys[r.author].order, r.seq))  # (14)
        own = [sheet for sheet in there if sheet.kind == "score-sheet"]
        for sheet in own[:-1]:  # (15)
            stop(sheet, "replaced")
        if own and own[-1].body["marks"] is None:
            stop(own[-1], "withdrawn")
            own = []
        typed = [sheet for sheet in there if sheet.kind == "paper-sheet"]
        for sheet in typed:  # (16)
            later = [o for o in typed if o.author == sheet.author and o.seq > sheet.seq]
            if sheet.author not in self.clerks(stage):
                stop(sheet, "not-assigned")
            elif later:
                stop(sheet, "replaced")
            elif sheet.body["marks"] is None:
                stop(sheet, "withdrawn")
        left = [s for s in typed if (stage, judge, s.author, s.seq) not in
                {item[:4] for item in outcome.stopped}]  # fmt: skip
        checks = [
            record
            for record in self.records("paper-check")
            if record.author in self.clerks(stage)
            and self.within(record, stage)
            and record.body["judge"] == judge
        ]
        checked = [s for s in left if s.id in {record.body["sheet"] for record in checks}]  # (17)
        twice = [s for s in left if any(o is not s and self.alike(s, o) for o in left)]  # (18)
        stands = (checked or twice or [None])[-1]
        for sheet in left:  # (19)
            if stands is not None and sheet is not stands:
                stop(sheet, "replaced" if self.alike(sheet, stands) else "typed-differently")
            elif stands is None:
                stop(sheet, "typed-once" if len(left) == 1 else "typed-differently")
        if own and stands is not None:  # (20)
            stop(stands, "own-sheet-counts")
        chosen = own[-1] if own else stands
        if chosen is None:
            return
        how = "laptop" if own else "paper-checked" if checked else "paper-twice"
        setup = self.setups[self.plan(stage).body["setup"]]
        rule = self.fault(setup, stage, judge, entry, chosen)
        if rule is None:
            outcome.counted[stage, judge, entry] = (chosen.author, chosen.seq, how)
        else:
            stop(chosen, rule)

    def fault(self, setup, stage, judge, entry, chosen):
        """Return the first rule that the chosen sheet breaks (21-23)."""
        assigned = any(
            (item.stage, item.person) == (stage, judge)
            and (item.entries is None or entry in item.entries)
            and entry not in item.excluded
            for item in setup.assignments
        )
        if not assigned or entry not in {item.id for item in setup.entries}:
            return "not-assigned"
        if self.abstains(judge, stage, entry):
            return "abstained"
        rubric = self.rubric(chosen.body["rubric"])
        if rubric is None or rubric.shape != setup.rubric_of(setup.rules.stage(stage)).shape:
            return "other-rubric"
        if not self.marks_fit(chosen):
            return "bad-marks"
        return "not-accepted" if self.accepted(chosen.id) is False else None


def fold(ledgers, desk, setups):
    """Return what counts, what does not, and where keys forked."""
    return Fold(ledgers, desk, setups).run()
