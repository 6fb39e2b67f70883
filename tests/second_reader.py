"""A second reader: checks a result file and computes its places anew.

Written from the pages in ``docs/formats`` alone, with Python's standard library and ``ssh-keygen``.
It shares no line with the program that wrote the file; numbers are those of ``fold.md``.

    python second_reader.py hasil.kipp
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata
import zlib
from fractions import Fraction
from pathlib import Path

F = Fraction
HEX = "[0-9a-f]{64}"
DECIMAL = re.compile(r"(?:0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9])\Z", re.ASCII)


class WrongError(Exception):
    """The file is not as the pages say."""


def need(holds, what):
    if not holds:
        raise WrongError(what)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


# -- bundle.md: the container ----------------------------------------------------------------------


def members_of(raw):
    """Return the members by name; every byte of the file must be where the page says."""
    found, at, entries = {}, 0, []
    while raw[at : at + 4] == b"PK\3\4":
        version, flags, method, time, date, crc, packed, size, length, extra = struct.unpack_from(
            "<HHHHHIIIHH", raw, at + 4
        )
        need((version, flags, time, date, extra) == (20, 0, 0, 33, 0), "a field of a member")
        name = raw[at + 30 : at + 30 + length].decode("ascii")
        data = raw[at + 30 + length : at + 30 + length + packed]
        if method == 8:
            stream = zlib.decompressobj(-15)
            data = stream.decompress(data)
            need(stream.eof and not stream.unused_data, "a deflated stream")
        need(method in {0, 8} and len(data) == size and zlib.crc32(data) == crc, "a member")
        need(size <= 200 * max(packed, 1) and name not in found, "a member")
        found[name] = data
        entries.append((name.encode(), method, crc, packed, size, at))
        at += 30 + length + packed
    directory = b"".join(
        struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, method, 0, 33, crc, packed, size,
                    len(name), 0, 0, 0, 0, 0, start) + name
        for name, method, crc, packed, size, start in entries
    )  # fmt: skip
    end = struct.pack(
        "<4sHHHHIIH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), at, 0
    )
    need(raw[at:] == directory + end, "the directory")
    return found


def check_names(files):
    names = list(files)
    ledgers = sorted(n for n in names if re.fullmatch(rf"ledgers/{HEX}\.ndjson", n))
    forks = sorted(n for n in names if re.fullmatch(rf"forks/{HEX}\.ndjson", n))
    blobs = sorted(n for n in names if re.fullmatch(rf"blobs/{HEX}", n))
    pairs = [n for name in ledgers + forks for n in (name, name + ".sig")]
    need(
        names == ["kipp.json", "VERIFY.txt", *pairs, *blobs, "allowed_signers", "SHA256SUMS"],
        "the order of the members",
    )
    sums = "".join(f"{sha(files[n])}  {n}\n" for n in sorted(names) if n != "SHA256SUMS")
    need(files["SHA256SUMS"] == sums.encode(), "SHA256SUMS")
    need(all(sha(files[name]) == name[6:] for name in blobs), "a blob")
    head = json.loads(files["kipp.json"])
    need(canonical(head) + b"\n" == files["kipp.json"], "kipp.json")
    need((head["format"], head["version"]) == ("kipp", 1), "the format")
    return head["competition"], ledgers, forks


# -- records.md: ledgers and their signatures ------------------------------------------------------


def read_ledger(data, signature, competition, folder):
    """Return the key, its SSH blob and the records of a ledger whose signature holds."""
    armour = base64.b64decode("".join(signature.decode().split("\n")[1:-2]))
    blob = armour[14 : 14 + 51]
    key = sha(blob)
    signer = f'{key} namespaces="ledger@kipp-desktop" ssh-ed25519 {base64.b64encode(blob).decode()}'
    (folder / "signers").write_text(signer + "\n")
    (folder / "sig").write_bytes(signature)
    ran = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", folder / "signers", "-I", key,
         "-n", "ledger@kipp-desktop", "-s", folder / "sig"],
        input=data, capture_output=True, check=False,
    )  # fmt: skip
    need(ran.returncode == 0, f"the signature of {key[:12]}")
    records, before = [], ""
    for number, line in enumerate(data.decode().split("\n")[:-1], start=1):
        record = json.loads(line)
        need(canonical(record) == line.encode(), "a line that is not canonical")
        need(unicodedata.is_normalized("NFC", line), "a line that is not normalised")
        need(
            (record["author"], record["competition"], record["seq"], record["prev"], record["v"])
            == (key, competition, number, before, 1)
            and len(record) == 9
            and (number == 1) == (record["kind"] == "enrolment"),
            f"record {number} of {key[:12]}",
        )
        before = record["id"] = sha(line.encode())
        records.append(record)
    return key, blob, signer, records


# -- fold.md: the desk's ledger --------------------------------------------------------------------


class Desk:
    """What the desk's records say, walked in order (1-7)."""

    def __init__(self, key, records):
        self.key = key
        self.plans, self.keys, self.waiting, self.closings = {}, {}, [], {}
        self.status, self.panel, self.accepted, self.abstentions = {}, {}, {}, []
        self.ties, self.awards, self.advances, self.deviations = [], {}, {}, {}
        self.corrections, self.receipts, self.plan = {}, {}, None
        for record in records:
            step = getattr(self, "on_" + record["kind"].replace("-", "_"), None)
            if step is not None:
                step(record, record["body"])

    def on_plan(self, record, _body):
        self.plan = self.plans[record["id"]] = record

    def on_admission(self, record, body):
        if body["key"] == self.key or body["key"] in self.keys:
            return
        key = {"key": body["key"], "person": body["person"], "order": record["seq"],
               "since": record["seq"], "revoked": 0, "head": None}  # fmt: skip
        alive = any(k["person"] == key["person"] and not k["revoked"] for k in self.keys.values())
        if not alive:
            self.keys[key["key"]] = key
            self.waiting = [k for k in self.waiting if k["key"] != key["key"]]
        elif all((k["key"], k["person"]) != (key["key"], key["person"]) for k in self.waiting):
            self.waiting.append(key)

    def on_revocation(self, record, body):
        key = self.keys.get(body["key"])
        if key is None or key["revoked"]:
            self.waiting = [k for k in self.waiting if k["key"] != body["key"]]
            return
        key.update(revoked=record["seq"], head=body["head"])
        heir = next((k for k in self.waiting if k["person"] == key["person"]), None)
        if heir is not None:
            self.waiting = [k for k in self.waiting if k["key"] != heir["key"]]
            heir["since"] = record["seq"]
            self.keys[heir["key"]] = heir

    def on_receipt(self, _record, body):
        self.receipts.update(body["heads"])

    def on_closing(self, record, body):
        self.closings.setdefault(body["stage"], record)

    def on_entry_status(self, _record, body):
        self.status[body["entry"]] = body["status"]

    def on_panel_mark(self, _record, body):
        self.panel[body["stage"], body["entry"], body["criterion"]] = body["mark"]

    def on_acceptance(self, _record, body):
        self.accepted[body["record"]] = body["counts"]

    def on_abstention(self, record, _body):
        self.abstentions.append(record)

    def on_decision(self, _record, body):
        about, stage, group = body["about"], body["stage"], body["group"]
        if about == "tie" and body["method"]:
            self.ties.append(body)
        elif about == "award" and group and body["tier"]:
            self.awards[group, body["tier"]] = body["entries"]
        elif about == "reopen" and stage:
            self.closings.pop(stage, None)
        elif about == "advance" and stage and group:
            self.advances[stage, group] = body["entries"]
        elif about == "deviate" and group:
            self.deviations[group] = body["entries"]
        elif about == "correct" and stage and body["criterion"] and body["entries"]:
            place = stage, body["entries"][0], body["criterion"]
            self.corrections.pop(place, None)
            if body["accepted"] and body["mark"] is not None:
                self.corrections[place] = body["mark"]


# -- fold.md: branches, limits, sheets -------------------------------------------------------------


def shared(one, other):
    """Return how many records two branches share from their beginning."""
    count = 0
    while count < min(len(one), len(other)) and one[count]["id"] == other[count]["id"]:
        count += 1
    return count


class Fold:
    """From the records to the sheets that count (8-27)."""

    def __init__(self, desk, branches, setups):
        self.desk, self.setups = desk, setups
        self.read, self.others = {}, {}
        for key, found in branches.items():
            self.read[key] = self.branch_to_read(key, found)
            self.others[key] = [branch for branch in found if branch is not self.read[key]]
        self.rubrics = {
            sha(canonical(rubric)): rubric
            for setup in setups.values()
            for rubric in setup["rubrics"]
        }

    def branch_to_read(self, key, branches):
        """Return the branch that the desk's citations ask for (25)."""
        cited = [
            c["body"]["heads"][key]
            for c in sorted(self.desk.closings.values(), key=lambda c: c["seq"])
            if key in c["body"]["heads"]
        ]
        cited += [k["head"] for k in self.desk.keys.values() if k["key"] == key and k["head"]]
        cited += [*self.desk.accepted]
        cited += [self.desk.receipts[key]] if key in self.desk.receipts else []
        for head in cited:
            having = [b for b in branches if any(r["id"] == head for r in b)]
            branches = having or branches
        return min(branches, key=lambda branch: branch[-1]["id"])

    def seq_of(self, key, head):
        """Return up to which seq a head vouches for the branch that is read (10, 26)."""
        mine = self.read.get(key, [])
        for branch in (mine, *self.others.get(key, ())):
            for record in branch:
                if record["id"] == head:
                    return (
                        record["seq"]
                        if branch is mine
                        else min(record["seq"], shared(mine, branch))
                    )
        return 0

    def limit(self, key, stage):
        """Return the last seq that counts, ``None`` for no limit (8, 9, 26)."""
        closing, limit = self.desk.closings.get(stage), None
        if closing is not None:
            head = closing["body"]["heads"].get(key["key"])
            if head is None or key["since"] > closing["seq"]:
                return 0
            limit = self.seq_of(key["key"], head)
        if key["revoked"] and (closing is None or key["revoked"] < closing["seq"]):
            stands = self.seq_of(key["key"], key["head"]) if key["head"] else 0
            limit = stands if limit is None else min(limit, stands)
        elif closing is None and self.others.get(key["key"]):
            mine = self.read[key["key"]]
            limit = min(shared(mine, other) for other in self.others[key["key"]])
        return limit

    def counting(self, key, stage, *kinds):
        """Return a key's records of some kinds that count in a stage (8-12)."""
        limit = self.limit(key, stage)
        return [
            record
            for record in self.read.get(key["key"], [])
            if record["kind"] in kinds
            and (
                limit is None
                or record["seq"] <= limit
                or self.desk.accepted.get(record["id"]) is True
            )
        ]

    def abstains(self, judge, stage):
        """Return from what a judge abstains: all, and which entries (24)."""
        closing = self.desk.closings.get(stage)
        found = [
            record
            for key in self.desk.keys.values()
            if key["person"] == judge
            for record in self.counting(key, stage, "abstention")
        ]
        found += [
            record
            for record in self.desk.abstentions
            if closing is None or record["seq"] < closing["seq"]
        ]
        bodies = [r["body"] | {"id": r["id"]} for r in found if r["body"]["judge"] == judge]
        bodies = [body for body in bodies if body["stage"] == stage]
        gone = {body["supersedes"] for body in bodies}
        stand = [b for b in bodies if b["id"] not in gone and b["why"]]
        every = any(body["entries"] is None for body in stand)
        return every, {entry for body in stand for entry in body["entries"] or ()}

    def sheet(self, judge, entry, stage, clerks):
        """Return the sheet that is chosen for a judge and an entry (13-20)."""
        own, typed, checked = [], {}, set()
        for key in sorted(self.desk.keys.values(), key=lambda k: k["order"]):
            if key["person"] == judge:
                own += self.counting(key, stage, "score-sheet")
            if key["key"] not in clerks:
                continue
            for record in self.counting(key, stage, "paper-sheet", "paper-check"):
                if record["body"]["judge"] != judge:
                    continue
                if record["kind"] == "paper-check":
                    checked.add(record["body"]["sheet"])
                elif (record["body"]["entry"], record["body"]["stage"]) == (entry, stage):
                    typed[key["key"]] = record
        own = [r for r in own if (r["body"]["entry"], r["body"]["stage"]) == (entry, stage)]
        if own and own[-1]["body"]["marks"] is not None:
            return own[-1]
        standing = [r for r in typed.values() if r["body"]["marks"] is not None]
        good = [r for r in standing if r["id"] in checked] or [
            r
            for r in standing
            if any(
                o is not r
                and o["body"]["marks"] == r["body"]["marks"]
                and self.shape(o["body"]["rubric"]) == self.shape(r["body"]["rubric"])
                and fits(o["body"]["marks"], self.judged(o["body"]["rubric"]))
                for o in standing
            )
        ]
        return good[-1] if good else None

    def shape(self, fingerprint):
        rubric = self.rubrics.get(fingerprint)
        return rubric and [leaf[:3] for leaf in leaves(rubric)]

    def judged(self, fingerprint):
        """Return the scales of the leaves that judges mark."""
        rubric = self.rubrics.get(fingerprint)
        found = leaves(rubric) if rubric else ()
        return {leaf: scale for leaf, by_panel, scale, _ in found if not by_panel}

    def stage(self, stage_id):
        """Return how a stage is counted: its rules, rubric, sheets and expected sheets."""
        closing = self.desk.closings.get(stage_id)
        plan = self.desk.plans[closing["body"]["plan"]] if closing else self.desk.plan
        setup = self.setups[plan["id"]]
        stage = next(item for item in setup["stages"] if item["id"] == stage_id)
        rubric = self.rubrics[stage["rubric"]]
        entries = [entry["id"] for entry in setup["entries"]]
        roles = {person["id"]: person["roles"] for person in setup["persons"]}
        clerks = {
            key["key"]
            for key in self.desk.keys.values()
            if key["person"] == plan["body"]["keeper"] or "clerk" in roles.get(key["person"], ())
        }
        judged = self.judged(stage["rubric"])
        marks, expected = {}, []
        for item in setup["assignments"]:
            if item["stage"] != stage_id:
                continue
            every, out = self.abstains(item["person"], stage_id)
            covered = [
                e
                for e in entries
                if (item["entries"] is None or e in item["entries"]) and e not in item["except"]
            ]
            for entry in covered:
                if every or entry in out:
                    continue
                expected.append((entry, item["person"]))
                sheet = self.sheet(item["person"], entry, stage_id, clerks)
                if (
                    sheet is not None
                    and self.shape(sheet["body"]["rubric"]) == self.shape(stage["rubric"])
                    and fits(sheet["body"]["marks"], judged)
                    and self.desk.accepted.get(sheet["id"]) is not False
                ):
                    marks.setdefault(entry, {})[item["person"]] = dict(sheet["body"]["marks"])
        return stage, rubric, marks, expected


def on_scale(mark, scale):
    low, high, step = F(scale["min"]), F(scale["max"]), F(scale.get("step", "1"))
    return low <= F(mark) <= high and ((F(mark) - low) / step).denominator == 1


def fits(marks, judged):
    return set(marks) == set(judged) and all(
        DECIMAL.match(mark) and on_scale(mark, judged[leaf]) for leaf, mark in marks.items()
    )


# -- ranking.md ------------------------------------------------------------------------------------


def leaves(rubric):
    """Return (id, marked by the panel, scale, coefficient) of each leaf."""
    percent, found = rubric["total"] == "percent", []

    def walk(criteria, share):
        whole = sum(F(c["weight"]) for c in criteria)
        for c in criteria:
            part = share * F(c["weight"]) / (whole if percent else 1)
            if c.get("criterion"):
                walk(c["criterion"], part)
                continue
            scale = c.get("scale") or rubric["scale"]
            unit = 100 / F(scale["max"]) if percent else 1
            found.append((c["id"], c["marked_by"] == "panel", scale, part * unit))

    walk(rubric["criterion"], F(1))
    return found


def mean(values):
    return sum(values, F(0)) / len(values)


def median(values):
    values, middle = sorted(values), len(values) // 2
    return F(values[middle]) if len(values) % 2 else F(values[middle - 1] + values[middle]) / 2


def half_up(x, digits):
    return F((2 * x.numerator * 10**digits + x.denominator) // (2 * x.denominator), 10**digits)


def printed(x, digits):
    whole, part = divmod(int(half_up(x, digits) * 10**digits), 10**digits)
    return f"{whole}.{part:0{digits}}" if digits else str(whole)


class Stage:
    """A stage with a score: totals by entry and judge, scores by entry."""

    def __init__(self, fold, stage_id, alive, group_of):
        self.rules, self.rubric, counted, expected = fold.stage(stage_id)
        self.leaves = leaves(self.rubric)
        self.marks = {entry: counted.get(entry, {}) for entry in alive}
        self.panel = {}
        for leaf, by_panel, scale, _ in self.leaves:
            for entry in alive:
                corrected = fold.desk.corrections.get((stage_id, entry, leaf))
                if corrected is not None and not on_scale(corrected, scale):
                    corrected = None
                if by_panel:
                    mark = corrected or fold.desk.panel.get((stage_id, entry, leaf))
                    if mark is not None and on_scale(mark, scale):
                        self.panel[entry, leaf] = mark
                elif corrected is not None:
                    for marks in self.marks[entry].values():
                        marks[leaf] = corrected
        whole = {
            entry
            for entry in alive
            if all((entry, leaf) in self.panel for leaf, by_panel, *_ in self.leaves if by_panel)
        }
        least = max(
            self.rules["min_judges"],
            self.rules["quorum"] if self.rules["missing"] == "present" else 1,
        )
        self.totals = {
            entry: {judge: self.total(entry, marks) for judge, marks in of.items()}
            for entry, of in self.marks.items()
            if entry in whole and len(of) >= least
        }
        self.complete = whole == set(alive) and (
            all(j in self.marks[e] for e, j in expected if e in self.marks)
            if self.rules["missing"] == "block"
            else all(len(of) >= self.rules["quorum"] for of in self.marks.values())
        )
        self.scores = (
            self.by_places(group_of)
            if self.rules["between_judges"] == "placing"
            else {e: self.between([*of.values()]) for e, of in self.totals.items()}
        )

    def total(self, entry, marks):
        return sum(
            part * F(self.panel[entry, leaf] if by_panel else marks[leaf])
            for leaf, by_panel, _, part in self.leaves
        )

    def between(self, totals):
        rule = self.rules["between_judges"]
        if rule == "median":
            return median(totals)
        if rule == "trimmed-mean" and len(totals) >= self.rules["trim_from"]:
            return mean(sorted(totals)[1:-1])
        return mean(totals)

    def by_places(self, group_of):
        scores = {}
        for entry, of in self.totals.items():
            places = []
            for judge, mine in of.items():
                others = [
                    theirs[judge]
                    for other, theirs in self.totals.items()
                    if judge in theirs and group_of[other] == group_of[entry]
                ]
                better = sum(total > mine for total in others)
                places.append(better + F(others.count(mine) + 1, 2))
            scores[entry] = mean(places)
        return scores

    def mean_mark(self, entry, leaf):
        if (entry, leaf) in self.panel:
            return F(self.panel[entry, leaf])
        marks = [F(of[leaf]) for of in self.marks.get(entry, {}).values() if leaf in of]
        return mean(marks) if marks else None


def who_goes_on(setup, desk):
    """Return who is alive in each stage, who stopped where, who is alive at the end."""
    alive = [e["id"] for e in setup["entries"] if desk.status.get(e["id"], "present") == "present"]
    group_of = {e["id"]: e["group"] for e in setup["entries"]}
    stages, field, stopped, decided = setup["stages"], {}, {}, True
    for number, stage in enumerate(stages):
        field[stage["id"]] = list(alive)
        later = any(s["rubric"] and s["combine"] in {"gate", "weighted"}
                    for s in stages[number + 1 :])  # fmt: skip
        for group in {group_of[e] for e in alive}:
            names = desk.advances.get((stage["id"], group))
            if names is None and stage["advance"] and later:
                decided, names = False, []
                alive = [e for e in alive if group_of[e] != group]
            elif names is not None:
                out = [e for e in alive if group_of[e] == group and e not in names]
                stopped |= dict.fromkeys(out, stage["id"])
                alive = [e for e in alive if e not in out]
    return field, stopped, alive, decided


def rank(setup, desk, fold):
    """Return the places as a results record has them, and whether the ranking is complete."""
    group_of = {e["id"]: e["group"] for e in setup["entries"]}
    field, stopped, at_the_end, complete = who_goes_on(setup, desk)
    scored = [
        Stage(fold, stage["id"], field[stage["id"]], group_of)
        for stage in setup["stages"]
        if stage["rubric"] and stage["combine"] in {"gate", "weighted"}
    ]
    complete = complete and all(stage.complete for stage in scored)
    run = []
    for stage in scored:
        run = [stage] if stage.rules["combine"] == "gate" else [*run, stage]
    digits, when = setup["rounding"]["digits"], setup["rounding"]["when"]
    final = {}
    for entry in at_the_end:
        if all(entry in stage.scores for stage in run):
            parts = [
                half_up(s.scores[entry], digits) if when == "stage" else s.scores[entry]
                for s in run
            ]
            weights = [F(stage.rules["weight"]) for stage in run]
            score = parts[0]
            if len(run) > 1:
                score = sum(w * p for w, p in zip(weights, parts, strict=True)) / sum(weights)
            final[entry] = score if when == "print" else half_up(score, digits)
    return [
        {"entries": group_places(setup, desk, group["id"], scored, final, stopped),
         "group": group["id"]}
        for group in setup["groups"]
    ], complete  # fmt: skip


def group_places(setup, desk, group, scored, final, stopped):  # noqa: PLR0917 - one group
    members = [e["id"] for e in setup["entries"] if e["group"] == group]
    last = scored[-1]
    lower = last.rules["between_judges"] == "placing"
    ranked = []
    for score in sorted({final[e] for e in members if e in final}, reverse=not lower):
        tied = [e for e in members if final.get(e) == score]
        for part, step in split(tied, setup["ties"], None, scored, desk.ties):
            place = len(ranked) + 1
            ranked += [{"entry": e, "place": place, "exact": score, "by": step} for e in part]
    prints = prints_of({row["exact"] for row in ranked}, setup["rounding"]["digits"])
    given = awards(setup, desk, group, ranked)
    rows = [
        {
            "award": given.get(row["entry"]),
            "by": row["by"],
            "entry": row["entry"],
            "exact": str(row["exact"]),
            "place": row["place"],
            "reached": last.rules["id"],
            "score": trimmed(prints[row["exact"]]),
            "sheets": len(last.marks[row["entry"]]),
            "status": "present",
        }
        for row in ranked
    ]
    nothing = dict.fromkeys(("award", "by", "exact", "place", "reached", "score"))
    for entry in members:
        if entry in final:
            continue
        status, where, sheets = desk.status.get(entry, "present"), None, 0
        if status == "present" and entry in stopped:
            status, where = "not-advanced", stopped[entry]
            sheets = sum(len(s.marks[entry]) for s in scored if s.rules["id"] == where)
        elif status == "present":
            status, sheets = "incomplete", len(last.marks.get(entry, ()))
        rows.append(
            {**nothing, "entry": entry, "reached": where, "sheets": sheets, "status": status}
        )
    return rows


def split(tied, ladder, step, scored, decided):
    """Return ``[(entries that share a place, the step that set them apart), …]``."""
    if len(tied) == 1 or not ladder:
        return [(tied, step)]
    now, rest = ladder[0], ladder[1:]
    if now in {"plenary", "lot"}:
        for tie in reversed(decided):
            if tie["method"] == now and set(tied) <= set(tie["entries"]):
                return [([e], now) for e in tie["entries"] if e in tied]
        return split(tied, rest, step, scored, decided)
    values = {entry: value(now, entry, scored) for entry in tied}
    if None in values.values() or len(set(values.values())) == 1:
        return split(tied, rest, step, scored, decided)
    return [
        part
        for found in sorted(set(values.values()), reverse=True)
        for part in split([e for e in tied if values[e] == found], rest, now, scored, decided)
    ]


def value(step, entry, scored):
    """Return what a step of the ladder compares; more is better."""
    name, _, argument = step.partition(":")
    last = scored[-1]
    if name == "criterion":
        having = [s for s in scored if any(leaf[0] == argument for leaf in s.leaves)]
        return having[-1].mean_mark(entry, argument) if having else None
    if name == "stage":
        for stage in scored:
            if stage.rules["id"] == argument and entry in stage.scores:
                lower = stage.rules["between_judges"] == "placing"
                return -stage.scores[entry] if lower else stage.scores[entry]
        return None
    if name == "median":
        return median([*last.totals[entry].values()])
    return -sum(F(m) < F(argument) for of in last.marks[entry].values() for m in of.values())


def prints_of(scores, digits):
    """Print scores; those that print alike get more digits until they differ."""
    found, more = {score: printed(score, digits) for score in scores}, digits
    while more < 12:
        texts = list(found.values())
        alike = [score for score, text in found.items() if texts.count(text) > 1]
        if not alike:
            break
        more += 1
        found |= {score: printed(score, more) for score in alike}
    return found


def trimmed(text):
    return text.rstrip("0").rstrip(".") if "." in text else text


def awards(setup, desk, group, ranked):
    place = {row["entry"]: row["place"] for row in ranked}
    named = [entry for entry in desk.deviations.get(group, ()) if entry in place]
    if named:
        order = {entry: number for number, entry in enumerate(named, start=1)}
        for shared_place in sorted({place[e] for e in place if e not in order}):
            first = len(order) + 1
            order |= {e: first for e in place if e not in named and place[e] == shared_place}
        place = order
    given, blocked = {}, set()
    tiers = [award for award in setup["awards"] if award["group"] == group]
    for award in sorted(tiers, key=lambda item: item["size"]):
        tier, size = award["tier"], award["size"]
        if (group, tier) in desk.awards:
            for entry in desk.awards[group, tier]:
                given.setdefault(entry, tier)
            continue
        for entry in sorted(place, key=place.get):
            sharing = [e for e in place if place[e] == place[entry]]
            if place[entry] > size:
                break
            if entry in given:
                continue
            if place[entry] + len(sharing) - 1 > size:
                blocked |= set(sharing)
                break
            if entry not in blocked:
                given[entry] = tier
    return given


# -- the whole file --------------------------------------------------------------------------------


def check(path):
    """Check a result file; return its published places, those computed anew, and completeness."""
    files = members_of(Path(path).read_bytes())
    competition, ledgers, forks = check_names(files)
    branches, blobs_of, signers = {}, {}, set()
    with tempfile.TemporaryDirectory() as folder:
        for name in ledgers + forks:
            key, blob, signer, records = read_ledger(
                files[name], files[name + ".sig"], competition, Path(folder)
            )
            need(name.startswith("forks/") or name == f"ledgers/{key}.ndjson", "a ledger's name")
            branches.setdefault(key, []).append(records)
            blobs_of[key] = blob
            signers.add(signer + "\n")
    need(files["allowed_signers"].decode() == "".join(sorted(signers)), "allowed_signers")
    desk_key = next(
        key
        for key, found in branches.items()
        if found[0][0]["body"]["desk"] == key
        and any(
            r["kind"] == "plan"
            and sha(blobs_of[key] + bytes.fromhex(r["body"]["nonce"])) == competition
            for r in found[0]
        )
    )
    need(len(branches[desk_key]) == 1, "the desk's ledger forked")
    records = branches.pop(desk_key)[0]
    results = [record for record in records if record["kind"] == "results"][-1]
    before = [record for record in records if record["seq"] < results["seq"]]
    desk = Desk(desk_key, before)
    heads = results["body"]["heads"]
    known = {key: {r["id"] for branch in found for r in branch} for key, found in branches.items()}
    for record in [*before, results]:
        if record["kind"] in {"receipt", "closing", "results"}:
            for key, head in record["body"]["heads"].items():
                need(head in known.get(key, ()), f"a cited record of {key[:12]} is not here")
    seen = {record["id"] for record in records} | {""}
    need(
        all(r["seen"] in seen for found in branches.values() for b in found for r in b),
        "a record of the desk that a member had seen is not here",
    )
    cited = {key: [cut(b, heads[key]) for b in found if cut(b, heads[key])]
             for key, found in branches.items() if key in heads}  # fmt: skip
    setups = {
        plan: json.loads(files["blobs/" + record["body"]["setup"]])
        for plan, record in desk.plans.items()
    }
    fold = Fold(desk, cited, setups)
    places, complete = rank(setups[desk.plan["id"]], desk, fold)
    return results["body"]["places"], places, complete


def cut(branch, head):
    """Return a branch up to a head that it has, or nothing."""
    for number, record in enumerate(branch, start=1):
        if record["id"] == head:
            return branch[:number]
    return []


def main(path):
    published, computed, complete = check(path)
    need(complete, "sheets that the rules require are missing")
    need(published == computed, "the published places are not those computed anew")
    print("whole; places and awards are those computed anew")


if __name__ == "__main__":
    main(sys.argv[1])
