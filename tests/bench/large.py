"""A large competition: 100 judges, 3,054 entries, eight criteria, every sheet signed.

The judges' lines are put together as text, because signing 300,000 sheets through the program would
take longer than what is measured; the reader refuses a line that is not as the program writes it.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import encode
from kipp_desktop.exchange.bundle import Ledger, write_bundle
from kipp_desktop.exchange.keys import new_identity
from kipp_desktop.exchange.ledger_file import sign_ledger
from kipp_desktop.services import desk, new_competition, setup
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.storage.workbench import StoredEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JUDGES, ENTRIES, CRITERIA = 100, 3_054, 8
AT = "2021-03-16T08:00:00+07:00"


@dataclass(frozen=True)
class Signed:
    """A judge's ledger as it stands in the judge's file."""

    name: str
    signature: bytes


@dataclass(frozen=True)
class Large:
    """The desk's home, and one file of each judge."""

    home: Home
    files: list[Path]
    ledgers: list[Signed]


def _rubric(folder: Path, criteria: int) -> str:
    lines = ['id = "besar"', 'name = "Besar"', 'source = "bench"', 'total = "percent"',
             'scale = {min = "1", max = "10", step = "1"}']  # fmt: skip
    for number in range(criteria):
        lines += ["[[criterion]]", f'id = "kriteria-{number}"', f'name = "Kriteria {number}"',
                  'weight = "10"', 'marked_by = "judge"']  # fmt: skip
    (folder / "besar.toml").write_text("\n".join(lines), "utf-8")
    return "besar.toml"


def make_home(
    folder: Path, judges: int = JUDGES, entries: int = ENTRIES, criteria: int = CRITERIA
) -> Home:
    """Create the competition at the desk and publish its plan."""
    numbers = random.Random(1)
    home = Home(Context(folder / "home", lambda: datetime.fromisoformat(AT), numbers.randbytes))
    stage = {
        "id": "presentasi",
        "kind": "presentation",
        "rubric": _rubric(folder, criteria),
        "combine": "weighted",
        "weight": "100",
    }
    people = [{"name": f"Juri {number}", "roles": ["judge"]} for number in range(1, judges + 1)]
    table = {
        "name": "Besar",
        "organiser": "Bench",
        "year": 2021,
        "groups": ["umum"],
        "ties": ["criterion:kriteria-1", "plenary", "lot"],
        "stage": [stage],
        "award": [{"group": "umum", "tier": "Top 10", "size": 10}],
        "person": people,
    }
    listed = new_competition.create_competition(home, table, beside=folder)
    rows = [
        StoredEntry(
            f"e{number:05x}", number, str(number + 1), f"Inovasi {number + 1}", None, "", "umum",
            "", "", "[]", "", "")
        for number in range(entries)
    ]  # fmt: skip
    with home.open(listed) as panel:
        panel.workbench.put_entries(rows)
        setup.publish_plan(home, panel, folder / "paket.kipp")
    return home


def _sheets(  # noqa: PLR0917 - the parts of a line
    entries: list[str], head: bytes, rubric: str, marks: random.Random, prev: str,
            criteria: int) -> Iterator[bytes]:  # fmt: skip
    before, after = head.split(b"BODY")
    for seq, entry in enumerate(entries, start=2):
        given = ",".join(
            f'"kriteria-{number}":"{marks.randrange(1, 11)}"' for number in range(criteria)
        )
        body = (
            f'{{"check":null,"comments":{{}},"entry":"{entry}","feedback":"","marks":{{{given}}},'
            f'"reason":null,"rubric":"{rubric}","stage":"presentasi","supersedes":null}}'
        )
        line = (
            before
            + body.encode()
            + after.replace(b"PREV", prev.encode()).replace(b"SEQ", str(seq).encode())
        )
        prev = hashlib.sha256(line).hexdigest()
        yield line + b"\n"


def make(folder: Path, judges: int = JUDGES, entries: int = ENTRIES,
         criteria: int = CRITERIA) -> Large:  # fmt: skip
    """Return the home with all keys admitted, and the judges' files, not merged yet."""
    home = make_home(folder, judges, entries, criteria)
    files, found, admissions = [], [], []
    with home.open(home.choose()) as panel:
        competition, desk_key = panel.competition, panel.desk
        people = panel.setup.judges_of("presentasi")
        names = [entry.id for entry in panel.setup.entries]
        rubric = panel.setup.rubrics[0].fingerprint
        numbers = random.Random(2)
        identities = [
            new_identity(numbers.randbytes(32), competition=competition, person=person,
                         name=person, role="member")
            for person in people
        ]  # fmt: skip
        admissions = [
            ("admission", {"compared": "words", "key": item.fingerprint, "person": person})
            for item, person in zip(identities, people, strict=True)
        ]
        panel.sign(desk.desk_identity(home, panel), AT, admissions)
        held = panel.ledgers.read(desk_key)
        assert held is not None
        seen = panel.state.head
        for identity, person in zip(identities, people, strict=True):
            envelope = {"at": AT, "author": identity.fingerprint, "competition": competition,
                        "seen": seen, "v": 1}  # fmt: skip
            enrolment = encode(
                {
                    **envelope,
                    "body": {
                        "certificate": None,
                        "compared": "words",
                        "desk": desk_key,
                        "passphrase": False,
                        "person": person,
                    },
                    "kind": "enrolment",
                    "prev": "",
                    "seq": 1,
                }
            )
            head = (
                f'{{"at":"{AT}","author":"{identity.fingerprint}","body":BODY,'
                f'"competition":"{competition}","kind":"score-sheet","prev":"PREV",'
                f'"seen":"{seen}","seq":SEQ,"v":1}}'
            ).encode()
            first = hashlib.sha256(enrolment).hexdigest()
            data = b"".join(
                [enrolment + b"\n", *_sheets(names, head, rubric, numbers, first, criteria)]
            )
            ledger = Ledger(identity.fingerprint, data, sign_ledger(identity.key, data))
            path = folder / f"{identity.fingerprint[:16]}.kipp"
            write_bundle(
                path,
                competition=competition,
                purpose="sheets",
                ledgers=[ledger, Ledger(desk_key, *held)],
            )
            files.append(path)
            found.append(Signed(ledger.name, ledger.signature))
    return Large(home, files, found)
