"""What verifiers signed: the observations that stand, where two differ, what has not arrived."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kipp_desktop.domain.fold import Key
from kipp_desktop.domain.visit import Visit, differences, visit_of
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kipp_desktop.domain.competition import Stage
    from kipp_desktop.domain.records import Record
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.services.panel import Panel

#: How the parts of a delivery that is too large for one file are called.
PART: Final = re.compile(r"(?P<stem>.+)-(?P<part>[0-9]+)-dari-(?P<parts>[0-9]+)\.kipp(?:backup)?\Z")


@dataclass(frozen=True)
class Approver:
    """Another verifier's word on an observation: agreed, or the reason of a dissent."""

    person: str
    dissent: str | None
    at: str


@dataclass(frozen=True)
class Observed:
    """The observation of one verifier of one entry that stands, and what others said of it."""

    person: str
    record: Record
    visit: Visit
    approved: tuple[Approver, ...] = ()

    @property
    def entry(self) -> str:
        """The entry that was visited."""
        return str(self.record.body["entry"])

    @property
    def stage(self) -> str:
        """The stage of the visit."""
        return str(self.record.body["stage"])


def field_stages(setup: Setup) -> tuple[Stage, ...]:
    """Return the stages in which verifiers visit."""
    return tuple(stage for stage in setup.rules.stages if stage.kind == "field")


def standing_records(panel: Panel, *, unadmitted: bool = False) -> list[tuple[Key, Record]]:
    """Return of each (verifier, stage, entry) the last observation that counts.

    In the order of the admission of keys, then of signing: a later one replaces an earlier one,
    also of the verifier's earlier key. A closing or revocation bounds them as it bounds sheets.
    With ``unadmitted`` also what keys signed that the desk, as it was last seen here, had not
    admitted yet: on site one verifier's laptop knows the other's by its file alone.
    """
    last: dict[tuple[str, str, str], tuple[Key, Record]] = {}
    keys = sorted(panel.state.keys.values(), key=lambda item: item.order)
    if unadmitted:
        keys = [*_unadmitted(panel), *keys]
    for key in keys:
        for record in panel.records(key.key, "observation"):
            stage = str(record.body["stage"])
            limit = panel.state.limit(key, stage, panel.seq_of)
            accepted = panel.state.acceptances.get(record.id)
            if accepted is False or (
                limit is not None and record.seq > limit and accepted is not True
            ):
                continue
            last[key.person, stage, str(record.body["entry"])] = key, record
    return list(last.values())


def _unadmitted(panel: Panel) -> list[Key]:
    return [
        Key(row.author, row.person, 0, "none", live=True)
        for row in panel.projection.ledgers()
        if not row.desk and row.author not in panel.state.keys
    ]


def observed(panel: Panel, stage: str | None = None, *, unadmitted: bool = False) -> list[Observed]:
    """Return the observations that stand, in the order of the plan's entries."""
    said: dict[str, list[Approver]] = defaultdict(list)
    extra = _unadmitted(panel) if unadmitted else []
    for key in (*extra, *panel.state.keys.values()):
        for record in panel.records(key.key, "approval"):
            body: dict[str, Any] = record.body
            if body["person"] == key.person:
                others = [one for one in said[body["record"]] if one.person != key.person]
                said[body["record"]] = [
                    *others,
                    Approver(key.person, body["dissent"], record.at),
                ]
    position = {entry.id: number for number, entry in enumerate(panel.setup.entries)}
    found = [
        Observed(
            key.person,
            record,
            visit_of(record.body, _people(panel, record)),
            tuple(said.get(record.id, ())),
        )
        for key, record in standing_records(panel, unadmitted=unadmitted)
        if stage is None or record.body["stage"] == stage
    ]
    return sorted(found, key=lambda item: position.get(item.entry, len(position)))


def _people(panel: Panel, record: Record) -> bytes | None:
    sha256 = record.body["people"]
    return panel.blobs.get(str(sha256)) if sha256 else None


def differing(found: Iterable[Observed], names: Mapping[str, str]) -> list[Text]:
    """Return where the verifiers of one entry differ, unless one approved the other's.

    ``names`` are those of the criteria, by id.
    """
    several = list(found)
    texts = []
    for number, one in enumerate(several):
        for other in several[number + 1 :]:
            agreed = any(
                word.person == by.person and word.dissent is None
                for by, about in ((one, other), (other, one))
                for word in about.approved
            )
            if not agreed:
                texts += differences(one.visit, other.visit, names)
    return texts


@dataclass(frozen=True)
class Lacking:
    """Photos and documents of one verifier that are cited and not here.

    ``parts`` are the numbers of that verifier's files that were not opened, where it is known;
    ``of`` is how many files there are (0: not known).
    """

    person: str
    numbers: tuple[str, ...]
    missing: int
    cited: int
    parts: tuple[int, ...] = ()
    of: int = 0


def lacking(panel: Panel) -> list[Lacking]:
    """Return whose photos have not all arrived, by the verifiers in the order of the plan."""
    cited: dict[str, set[str]] = defaultdict(set)
    gone: dict[str, set[str]] = defaultdict(set)
    entries: dict[str, set[str]] = defaultdict(set)
    for key, record in standing_records(panel):
        for sha256 in copies_of(record):
            cited[key.person].add(sha256)
            if not panel.blobs.has(sha256):
                gone[key.person].add(sha256)
                entries[key.person].add(str(record.body["entry"]))
    return [
        Lacking(
            person.id,
            tuple(item.number for item in panel.setup.entries if item.id in entries[person.id]),
            len(gone[person.id]),
            len(cited[person.id]),
            *_parts(panel, person.id),
        )
        for person in panel.setup.persons
        if gone[person.id]
    ]


def lacking_text(setup: Setup, item: Lacking) -> Text:
    """Return what is missing of a verifier in one sentence, and which file would bring it."""
    text = Text(
        "{missing} of {cited} photos of {name} have not arrived (entries {numbers}).",
        missing=item.missing,
        cited=item.cited,
        name=setup.name_of(item.person),
        numbers=", ".join(item.numbers),
    )
    if not item.parts:
        return text
    return Text(
        "{text} Not opened yet: file {parts} of {of}.",
        text=text,
        parts=", ".join(map(str, item.parts)),
        of=item.of,
    )


def _parts(panel: Panel, person: str) -> tuple[tuple[int, ...], int]:
    """Return which numbered files of a person's last delivery were not opened, by their names."""
    keys = {key.key for key in panel.state.keys.values() if key.person == person}
    opened: dict[tuple[str, int], set[int]] = {}
    for file in panel.received.all():
        match = PART.match(file.name)
        if match and file.outcome != "refused" and keys & set(json.loads(file.heads)):
            place = match["stem"], int(match["parts"])
            opened.setdefault(place, set()).add(int(match["part"]))
    if not opened:
        return (), 0
    (_, count), numbers = next(iter(opened.items()))  # the list begins with the latest
    return tuple(n for n in range(1, min(count, 99) + 1) if n not in numbers), count


def copies_of(record: Record) -> Iterator[str]:
    """Yield the travelling copies that an observation cites, and its blob of names."""
    body: Any = record.body
    for claim in body["claims"]:
        for item in claim["evidence"]:
            if item["copy"] is not None:
                yield item["copy"]
    if body["people"] is not None:
        yield body["people"]
