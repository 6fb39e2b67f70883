"""Records: what a person commits to, one canonical JSON object a line of that person's ledger.

The exact fields of every kind stand in :data:`FIELDS`; ``docs/formats/records.md`` shows a line of
each. A line with other fields is refused as a whole ledger is: nothing is read in part.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kipp_desktop.domain.canonical import (
    DECIMAL,
    HASH,
    ID,
    MAX_LINE,
    Json,
    NotCanonical,
    decode,
    digest,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = 1

_AT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]\Z",
    re.ASCII,
)
_HEX32 = re.compile(r"[0-9a-f]{32}\Z", re.ASCII)


class Record(NamedTuple):
    """One signed line. ``prev`` and ``seen`` are ids of records, or empty."""

    id: str
    at: str
    author: str
    body: dict[str, Json]
    competition: str
    kind: str
    prev: str
    seen: str
    seq: int


def line_of(
    *,
    at: str,
    author: str,
    body: dict[str, Json],
    competition: str,
    kind: str,
    prev: str,
    seen: str,
    seq: int,
) -> bytes:
    """Return the line (without its newline) of a new record.

    Raises :class:`NotCanonical` when a field is not as its kind asks: a mistake of the program.
    """
    line = encode(
        {
            "at": at,
            "author": author,
            "body": body,
            "competition": competition,
            "kind": kind,
            "prev": prev,
            "seen": seen,
            "seq": seq,
            "v": VERSION,
        }
    )
    parse(line)
    return line


#: The envelope of a canonical line; what lies between ``"body":`` and ``,"competition":`` is left
#: to :func:`decode`, so that a line matches only if it is canonical whenever its body is.
_ENVELOPE = re.compile(
    rb'{"at":"([0-9T:+-]{25})","author":"([0-9a-f]{64})","body":({.*}),'
    rb'"competition":"([0-9a-f]{64})","kind":"([a-z-]+)","prev":"((?:[0-9a-f]{64})?)",'
    rb'"seen":"((?:[0-9a-f]{64})?)","seq":([1-9][0-9]{0,14}),"v":1}'
)


#: A score sheet with marks and nothing written beside them: most lines of most ledgers. A line
#: matches only if it is canonical, but for the order of its criteria and for four hashes that are
#: the same on almost every line: they are looked up in :data:`_known_hashes`.
_MARK = r'"[a-z0-9_-]+":"(?:0|[1-9][0-9]*|(?:0|[1-9][0-9]*)\.[0-9]*[1-9])"'
_PLAIN_SHEET = re.compile(
    r'{"at":"([0-9T:+-]{25})","author":"(.{64})","body":{"check":null,"comments":{},'
    r'"entry":"([a-z0-9-]+)","feedback":"","marks":({' + _MARK + r"(?:," + _MARK + r")*}),"
    r'"reason":null,"rubric":"(.{64})","stage":"([a-z0-9-]+)","supersedes":null},'
    r'"competition":"(.{64})","kind":"score-sheet","prev":"([0-9a-f]{64})",'
    r'"seen":"((?:.{64})?)","seq":([1-9][0-9]{0,14}),"v":1}'
)

#: The ``seen`` of each line of a ledger: the end of a canonical line, which nothing that a person
#: wrote can look like.
SEEN = re.compile(rb'"seen":"((?:[0-9a-f]{64})?)","seq":[0-9]+,"v":1}\n')

#: Orders of criteria that were found sorted and without repetition.
_sorted_orders: set[tuple[str, ...]] = set()
#: Author, rubric, competition, ``seen`` and stage of lines, found to be hashes: a ledger's records
#: share these few texts instead of each having its own.
_known_hashes: dict[tuple[str, str, str, str, str], tuple[str, str, str, str, str]] = {}


def _parse_plain_sheet(line: bytes) -> Record | None:
    """Return the record of a plain score sheet; ``None`` leaves the line to the full reader."""
    if len(line) > MAX_LINE or not line.isascii():
        return None
    found = _PLAIN_SHEET.fullmatch(line.decode("ascii"))
    if found is None:
        return None
    at, author, entry, given, rubric, stage, competition, prev, seen, seq = found.groups()
    marks: dict[str, Json] = _read_marks(given)[0]
    order = tuple(marks)
    if given.count(":") != len(order) or not _is_time(at):
        return None
    said = (author, rubric, competition, seen, stage)
    shared = _known_hashes.get(said)
    if shared is None:
        if not all(map(is_hash, said[:3])) or not (seen == "" or is_hash(seen)):
            return None
        shared = said
        if len(_known_hashes) < _REMEMBERED:
            _known_hashes[said] = said
    author, rubric, competition, seen, stage = shared
    if order not in _sorted_orders:
        if list(order) != sorted(order):
            return None
        if len(_sorted_orders) < _REMEMBERED:
            _sorted_orders.add(order)
    body: dict[str, Json] = {
        "check": None,
        "comments": {},
        "entry": entry,
        "feedback": "",
        "marks": marks,
        "reason": None,
        "rubric": rubric,
        "stage": stage,
        "supersedes": None,
    }
    return Record(digest(line), at, author, body, competition, "score-sheet", prev, seen, int(seq))


_read_marks = json.JSONDecoder().raw_decode


def parse(line: bytes) -> Record:
    """Return the record that stands on ``line`` (without its newline).

    Raises :class:`NotCanonical` unless it is exactly what the writer would have written.
    """
    plain = _parse_plain_sheet(line)
    if plain is not None:
        return plain
    found = _ENVELOPE.fullmatch(line) if len(line) <= MAX_LINE else None
    if found is None:
        return _parse_slowly(line)
    at, author, inner, competition, kind, prev, seen, seq = found.groups()
    body = decode(inner, depth=2)
    moment, name = at.decode("ascii"), kind.decode("ascii")
    if type(body) is not dict or not _is_time(moment):
        return _parse_slowly(line)
    check_body(name, body)
    return Record(
        digest(line),
        moment,
        author.decode("ascii"),
        body,
        competition.decode("ascii"),
        name,
        prev.decode("ascii"),
        seen.decode("ascii"),
        int(seq),
    )


def _parse_slowly(line: bytes) -> Record:
    """Parse any line, and say what is wrong with it."""
    value = decode(line)
    if type(value) is not dict or len(value) != 9:
        msg = "not a record"
        raise NotCanonical(msg)
    try:
        at, author, body = value["at"], value["author"], value["body"]
        competition, kind, prev = value["competition"], value["kind"], value["prev"]
        seen, seq, version = value["seen"], value["seq"], value["v"]
    except KeyError as error:
        msg = f"a record without {error}"
        raise NotCanonical(msg) from error
    if version != VERSION or type(version) is not int:
        msg = "a record of another version of the format"
        raise NotCanonical(msg)
    if not (
        is_time(at)
        and is_hash(author)
        and is_hash(competition)
        and type(prev) is str
        and (prev == "" or HASH.match(prev))
        and (seen == "" or is_hash(seen))
        and type(seq) is int
        and seq >= 1
        and type(kind) is str
        and type(body) is dict
    ):
        msg = "a record with a field that is not as it must be"
        raise NotCanonical(msg)
    check_body(kind, body)
    return Record(digest(line), at, author, body, competition, kind, prev, seen, seq)  # type: ignore[arg-type]


def check_body(kind: str, body: dict[str, Json]) -> None:
    """Raise :class:`NotCanonical` unless ``body`` has exactly the fields of ``kind``."""
    fields = FIELDS.get(kind)
    if fields is None:
        msg = f"a record of the unknown kind {kind[:40]!r}"
        raise NotCanonical(msg)
    _check_fields(fields, body, kind)


def _check_fields(fields: dict[str, Callable[[Json], bool]], value: Json, where: str) -> None:
    if type(value) is not dict or len(value) != len(fields):
        msg = f"{where}: other fields than the format has"
        raise NotCanonical(msg)
    for name, check in fields.items():
        if name not in value or not check(value[name]):
            msg = f"{where}: the field {name} is missing or not as it must be"
            raise NotCanonical(msg)


# A ledger says the same ids, hashes, marks and times on every line: each is matched once.
_REMEMBERED = 1 << 14


@lru_cache(_REMEMBERED)
def _matches_hash(text: str) -> bool:
    return HASH.match(text) is not None


@lru_cache(_REMEMBERED)
def _matches_id(text: str) -> bool:
    return ID.match(text) is not None


@lru_cache(_REMEMBERED)
def _matches_decimal(text: str) -> bool:
    return DECIMAL.match(text) is not None


def is_hash(value: Json) -> bool:
    """Return whether ``value`` is a SHA-256 in lower-case hex."""
    return type(value) is str and _matches_hash(value)


def is_id(value: Json) -> bool:
    """Return whether ``value`` is an id of ours."""
    return type(value) is str and _matches_id(value)


def is_text(value: Json) -> bool:
    """Return whether ``value`` is a text."""
    return type(value) is str


def is_decimal(value: Json) -> bool:
    """Return whether ``value`` is a canonical decimal string."""
    return type(value) is str and _matches_decimal(value)


def is_time(value: Json) -> bool:
    """Return whether ``value`` is a time with offset, to the second (RFC 3339)."""
    return type(value) is str and _is_time(value)


@lru_cache(_REMEMBERED)
def _is_time(text: str) -> bool:
    if not _AT.match(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_bool(value: Json) -> bool:
    return type(value) is bool


def _is_count(value: Json) -> bool:
    return type(value) is int and value >= 0


def _is_positive(value: Json) -> bool:
    return type(value) is int and value >= 1


def _is_nonce(value: Json) -> bool:
    return type(value) is str and _HEX32.match(value) is not None


def _one_of(*choices: str) -> Callable[[Json], bool]:
    return lambda value: type(value) is str and value in choices


def _or_none(check: Callable[[Json], bool]) -> Callable[[Json], bool]:
    return lambda value: value is None or check(value)


def _list_of(check: Callable[[Json], bool]) -> Callable[[Json], bool]:
    return lambda value: type(value) is list and all(check(item) for item in value)


def _object(**fields: Callable[[Json], bool]) -> Callable[[Json], bool]:
    def check(value: Json) -> bool:
        return (
            type(value) is dict
            and len(value) == len(fields)
            and all(name in value and inner(value[name]) for name, inner in fields.items())
        )

    return check


def _is_fraction(value: Json) -> bool:
    return type(value) is str and _FRACTION.match(value) is not None


_FRACTION = re.compile(r"(?:0|-?[1-9][0-9]*(?:/[1-9][0-9]*)?)\Z", re.ASCII)


def _is_marks(value: Json) -> bool:
    if type(value) is not dict:
        return False
    return all(map(is_decimal, value.values()))


def _is_comments(value: Json) -> bool:
    if type(value) is not dict:
        return False
    return all(map(is_text, value.values()))


def _is_heads(value: Json) -> bool:
    return type(value) is dict and all(
        is_hash(key) and is_hash(head) for key, head in value.items()
    )


def _is_unique_ids(value: Json) -> bool:
    return _list_of(is_id)(value) and len(set(value)) == len(value)  # type: ignore[arg-type]


_VOTES = _or_none(_object(**{"for": _is_count, "against": _is_count, "abstained": _is_count}))

_SHEET: dict[str, Callable[[Json], bool]] = {
    "check": _or_none(is_text),
    "comments": _is_comments,
    "entry": is_id,
    "feedback": is_text,
    "marks": _or_none(_is_marks),
    "reason": _or_none(is_text),
    "rubric": is_hash,
    "stage": is_id,
    "supersedes": _or_none(is_hash),
}

_EVIDENCE = _object(
    caption=is_text,
    copy=_or_none(is_hash),
    kind=_one_of("document", "photo", "interview", "seen"),
    original=_or_none(is_hash),
    private=_is_bool,
)

_CLAIM = _object(
    claim=is_text,
    criterion=_or_none(is_id),
    evidence=_list_of(_EVIDENCE),
    id=is_id,
    note=is_text,
    status=_one_of("as-claimed", "partly", "not-as-claimed", "unverifiable"),
)

_CONCLUSION = _object(
    criterion=_or_none(is_id),
    effect=_one_of("confirm", "correct", "disqualify"),
    mark=_or_none(is_decimal),
    reason=is_text,
)

#: What a decision is about; each takes the fields of :data:`FIELDS` that it needs, else ``null``.
DECISIONS = (
    "advance",
    "award",
    "correct",
    "deviate",
    "disqualify",
    "fork",
    "line",
    "reopen",
    "sheet",
    "tie",
)

#: The exact fields of the body of every kind, and what each may hold.
FIELDS: dict[str, dict[str, Callable[[Json], bool]]] = {
    "enrolment": {
        "certificate": _or_none(is_text),
        "compared": _one_of("words", "none"),
        "desk": is_hash,
        "passphrase": _is_bool,
        "person": is_id,
    },
    "plan": {
        "changes": _list_of(
            _object(
                added=_is_unique_ids, changed=_is_unique_ids, part=is_id, removed=_is_unique_ids
            )
        ),
        "keeper": is_id,
        "nonce": _is_nonce,
        "people": is_hash,
        "revision": _is_positive,
        "setup": is_hash,
    },
    "admission": {"compared": _one_of("words", "none"), "key": is_hash, "person": is_id},
    "revocation": {"head": _or_none(is_hash), "key": is_hash, "reason": is_text},
    "receipt": {"heads": _is_heads},
    "score-sheet": _SHEET,
    "paper-sheet": {
        **_SHEET,
        "judge": is_id,
        "source": _one_of("paper", "form"),
        "written_total": _or_none(is_decimal),
    },
    "paper-check": {"judge": is_id, "sheet": is_hash},
    "panel-mark": {
        "criterion": is_id,
        "entry": is_id,
        "mark": _or_none(is_decimal),
        "reason": _or_none(is_text),
        "rubric": is_hash,
        "stage": is_id,
    },
    "abstention": {
        "entries": _or_none(_is_unique_ids),
        "judge": is_id,
        "reason": is_text,
        "stage": is_id,
        "supersedes": _or_none(is_hash),
        "why": _or_none(_one_of("conflict", "absent")),
    },
    "entry-status": {
        "entry": is_id,
        "reason": is_text,
        "status": _one_of("present", "absent", "withdrawn", "disqualified"),
    },
    "observation": {
        "claims": _list_of(_CLAIM),
        "conclusion": _CONCLUSION,
        "ended": is_time,
        "entry": is_id,
        "marks": _or_none(_is_marks),
        "met": _list_of(_object(consent=_is_bool, role=is_text)),
        "mode": _one_of("visit", "video"),
        "people": _or_none(is_hash),
        "place": is_text,
        "reason": _or_none(is_text),
        "rubric": _or_none(is_hash),
        "stage": is_id,
        "started": is_time,
        "supersedes": _or_none(is_hash),
    },
    "closing": {"heads": _is_heads, "plan": is_hash, "stage": is_id},
    "acceptance": {
        "counts": _is_bool,
        "decision": _or_none(is_hash),
        "reason": is_text,
        "record": is_hash,
        "stage": is_id,
    },
    "decision": {
        "about": _one_of(*DECISIONS),
        "accepted": _or_none(_is_bool),
        "criterion": _or_none(is_id),
        "entries": _is_unique_ids,
        "group": _or_none(is_id),
        "mark": _or_none(is_decimal),
        "method": _or_none(_one_of("lot", "plenary")),
        "reason": is_text,
        "record": _or_none(is_hash),
        "seed": _or_none(_is_nonce),
        "stage": _or_none(is_id),
        "tier": _or_none(is_text),
        "votes": _VOTES,
    },
    "results": {
        "heads": _is_heads,
        "places": _list_of(
            _object(
                entries=_list_of(
                    _object(
                        award=_or_none(is_text),
                        by=_or_none(is_text),
                        entry=is_id,
                        exact=_or_none(_is_fraction),
                        place=_or_none(_is_positive),
                        reached=_or_none(is_id),
                        score=_or_none(is_decimal),
                        sheets=_is_count,
                        status=_one_of(
                            "present",
                            "absent",
                            "withdrawn",
                            "disqualified",
                            "not-advanced",
                            "incomplete",
                        ),
                    )
                ),
                group=is_id,
            )
        ),
        "plan": is_hash,
        "rules": lambda value: type(value) is dict,
        "supersedes": _or_none(is_hash),
    },
    "publication": {
        "documents": _list_of(_object(name=is_text, sha256=is_hash, size=_is_count)),
        "final": _is_bool,
        "results": is_hash,
    },
    "approval": {
        "dissent": _or_none(is_text),
        "person": is_id,
        "record": is_hash,
        "wet": _is_bool,
    },
    "agenda": {"agenda": is_hash},
}

#: Who may sign what: the desk's ledger travels in every package and carries nobody's marks.
DESK_KINDS = frozenset(
    "enrolment plan admission revocation receipt panel-mark abstention entry-status closing "
    "acceptance decision results publication approval agenda".split()
)
MEMBER_KINDS = frozenset(
    "enrolment score-sheet paper-sheet paper-check abstention observation approval".split()
)
