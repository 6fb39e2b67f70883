"""One valid line of every kind of record, with keys that never change.

``BODIES`` has a body for each kind, ``line(kind)`` the whole line. ``Author`` signs a chain of
records; ``DESK``, ``JUDGE`` and ``OTHER`` are such authors' keys.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kipp_desktop.domain.records import Record, line_of, parse
from kipp_desktop.exchange import sshsig
from kipp_desktop.exchange.bundle import Ledger
from kipp_desktop.exchange.keys import competition_id
from kipp_desktop.exchange.ledger_file import sign_ledger

AT = "2021-03-16T09:31:05+07:00"
NONCE = "00112233445566778899aabbccddeeff"


def seed(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


@cache
def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed(name))


@cache
def author_of(name: str) -> str:
    return sshsig.fingerprint(sshsig.public_blob(key_of(name).public_key()))


DESK, JUDGE, OTHER = author_of("desk"), author_of("judge"), author_of("other")
COMPETITION = competition_id(sshsig.public_blob(key_of("desk").public_key()), bytes.fromhex(NONCE))
HASH = "ab" * 32

_SHEET = {
    "check": None,
    "comments": {"kebaruan": "Baru di kota ini."},
    "entry": "e1",
    "feedback": "",
    "marks": {"efektif": "7.5", "kebaruan": "8"},
    "reason": None,
    "rubric": HASH,
    "stage": "presentasi",
    "supersedes": None,
}

BODIES: dict[str, dict] = {
    "enrolment": {
        "certificate": None,
        "compared": "words",
        "desk": DESK,
        "passphrase": True,
        "person": "juri-1",
    },
    "plan": {
        "changes": [{"added": ["e2"], "changed": [], "part": "entries", "removed": ["e1"]}],
        "keeper": "sekretaris",
        "nonce": NONCE,
        "people": HASH,
        "revision": 1,
        "setup": HASH,
    },
    "admission": {"compared": "words", "key": JUDGE, "person": "juri-1"},
    "revocation": {"head": HASH, "key": JUDGE, "reason": "laptop hilang"},
    "receipt": {"heads": {JUDGE: HASH}},
    "score-sheet": _SHEET,
    "paper-sheet": {**_SHEET, "judge": "juri-1", "source": "paper", "written_total": "77.5"},
    "paper-check": {"judge": "juri-1", "sheet": HASH},
    "panel-mark": {
        "criterion": "kehadiran",
        "entry": "e1",
        "mark": "5",
        "reason": None,
        "rubric": HASH,
        "stage": "presentasi",
    },
    "abstention": {
        "entries": ["e1"],
        "judge": "juri-1",
        "reason": "satu dinas",
        "stage": "presentasi",
        "supersedes": None,
        "why": "conflict",
    },
    "entry-status": {"entry": "e1", "reason": "tidak hadir", "status": "absent"},
    "observation": {
        "claims": [
            {
                "claim": "dipakai setiap hari",
                "criterion": "efektif",
                "evidence": [
                    {
                        "caption": "loket",
                        "copy": HASH,
                        "kind": "photo",
                        "original": HASH,
                        "private": False,
                    }
                ],
                "id": "k1",
                "note": "",
                "status": "as-claimed",
            }
        ],
        "conclusion": {"criterion": None, "effect": "confirm", "mark": None, "reason": ""},
        "ended": "2021-03-18T11:00:00+07:00",
        "entry": "e1",
        "marks": None,
        "met": [{"consent": True, "role": "petugas loket"}],
        "mode": "visit",
        "people": None,
        "place": "Puskesmas",
        "reason": None,
        "rubric": None,
        "stage": "lapangan",
        "started": "2021-03-18T09:00:00+07:00",
        "supersedes": None,
    },
    "closing": {"heads": {JUDGE: HASH}, "plan": HASH, "stage": "presentasi"},
    "acceptance": {
        "counts": True,
        "decision": None,
        "reason": "terlambat karena listrik",
        "record": HASH,
        "stage": "presentasi",
    },
    "decision": {
        "about": "tie",
        "accepted": None,
        "criterion": None,
        "entries": ["e1", "e2"],
        "group": "umum",
        "mark": None,
        "method": "lot",
        "reason": "diundi",
        "record": None,
        "seed": NONCE,
        "stage": None,
        "tier": None,
        "votes": {"abstained": 0, "against": 1, "for": 4},
    },
    "results": {
        "heads": {JUDGE: HASH},
        "places": [
            {
                "entries": [
                    {
                        "award": "Top 1",
                        "by": None,
                        "entry": "e1",
                        "exact": "155/2",
                        "place": 1,
                        "reached": "presentasi",
                        "score": "77.5",
                        "sheets": 3,
                        "status": "present",
                    }
                ],
                "group": "umum",
            }
        ],
        "plan": HASH,
        "rules": {"ties": []},
        "supersedes": None,
    },
    "publication": {
        "documents": [{"name": "berita-acara.pdf", "sha256": HASH, "size": 12345}],
        "final": False,
        "results": HASH,
    },
    "approval": {"dissent": None, "person": "juri-1", "record": HASH, "wet": False},
    "agenda": {"agenda": HASH},
}


def line(kind: str, **fields: object) -> bytes:
    """Return a whole line of the kind; ``fields`` replace those around the body."""
    values = {
        "at": AT,
        "author": JUDGE,
        "body": BODIES[kind],
        "competition": COMPETITION,
        "prev": "",
        "seen": "",
        "seq": 1,
    }
    return line_of(**{**values, "kind": kind, **fields})


@dataclass
class Author:
    """Signs a chain of records, as a laptop does."""

    name: str
    competition: str = COMPETITION
    lines: list[bytes] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    @property
    def id(self) -> str:
        return author_of(self.name)

    @property
    def data(self) -> bytes:
        return b"".join(item + b"\n" for item in self.lines)

    @property
    def signature(self) -> bytes:
        return sign_ledger(key_of(self.name), self.data)

    @property
    def head(self) -> str:
        return self.records[-1].id if self.records else ""

    def write(self, kind: str, **changes: object) -> Record:
        made = line(
            kind,
            author=self.id,
            body={**BODIES[kind], **changes},
            competition=self.competition,
            prev=self.head,
            seq=len(self.lines) + 1,
        )
        self.lines.append(made)
        self.records.append(parse(made))
        return self.records[-1]

    def ledger(self) -> Ledger:
        return Ledger(self.id, self.data, self.signature)


def judge(sheets: int = 2, name: str = "judge") -> Author:
    """Return a judge who enrolled and signed sheets for entries e1, e2, …"""
    author = Author(name)
    author.write("enrolment")
    for number in range(1, sheets + 1):
        author.write("score-sheet", entry=f"e{number}")
    return author


def desk() -> Author:
    """Return a desk with a plan that has admitted the judge."""
    author = Author("desk")
    author.write("enrolment", person="sekretaris", desk=author.id)
    author.write("plan", changes=[])
    author.write("admission")
    return author
