"""Real files for the fuzzer to begin with, and a way to change them that keeps seals whole."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
from reportlab.pdfgen.canvas import Canvas

from kipp_desktop.assets import asset
from kipp_desktop.documents.certificates import make_certificate, new_rsa_key
from kipp_desktop.documents.pdf_signing import seal_pdf
from kipp_desktop.domain.canonical import digest
from kipp_desktop.domain.records import MEMBER_KINDS
from kipp_desktop.domain.setup import people_blob, setup_blob
from kipp_desktop.errors import KippError
from kipp_desktop.exchange.bundle import write_bundle
from kipp_desktop.exchange.container import content, scan
from kipp_desktop.exchange.keys import new_identity, save_identity
from kipp_desktop.exchange.ledger_file import sign_ledger
from kipp_desktop.services.backups import back_up
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from tests.attacks.bytes_of import sums_of, zip_of
from tests.examples import (
    BODIES,
    COMPETITION,
    DESK,
    JUDGE,
    Author,
    author_of,
    judge,
    key_of,
    line,
    seed,
)
from tests.flow.kipp import Competition
from tests.flow.test_histories import BLOBS, RUBRIC, SETUP
from tests.readers import AT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAMES = ("desk", "judge", "l1", "t1")
KEYS = {author_of(name): key_of(name) for name in NAMES}


def day(folder: Path, *, fork: bool = False) -> bytes:
    """A file of a whole small day, of which every key is known here."""
    desk, mine, clerk = Author("desk"), Author("l1"), Author("t1")
    desk.write("enrolment", person="sekretaris", desk=DESK)
    plan = desk.write("plan", changes=[], keeper="sekretaris",
                      setup=BLOBS[0].sha256, people=BLOBS[1].sha256,
                      nonce=BODIES["plan"]["nonce"])  # fmt: skip
    mine.write("enrolment", person="juri-1")
    clerk.write("enrolment", person="petugas")
    desk.write("admission", key=mine.id, person="juri-1")
    desk.write("admission", key=clerk.id, person="petugas")
    marks = {"c": "7"}
    mine.write("score-sheet", entry="e1", marks=marks, comments={}, rubric=RUBRIC.fingerprint)
    typed = clerk.write("paper-sheet", entry="e1", marks=marks, comments={}, judge="juri-5",
                        rubric=RUBRIC.fingerprint)  # fmt: skip
    clerk.write("paper-check", judge="juri-5", sheet=typed.id)
    clerk.write("approval", person="petugas", record=plan.id)
    mine.write("abstention", judge="juri-1", entries=["e2"])
    heads = {mine.id: mine.head, clerk.id: clerk.head}
    desk.write("receipt", heads=heads)
    desk.write("entry-status", entry="e3", status="withdrawn")
    desk.write("panel-mark", rubric=RUBRIC.fingerprint, criterion="c")
    desk.write("closing", stage="presentasi", plan=plan.id, heads=heads)
    desk.write("acceptance", record=typed.id)
    for about in ("tie", "award", "advance", "deviate", "correct"):
        desk.write("decision", about=about, tier="Top 1", stage="presentasi", criterion="c",
                   accepted=True, mark="8")  # fmt: skip
    results = desk.write("results", heads=heads, plan=plan.id)
    desk.write("publication", results=results.id)
    forks = []
    if fork:
        other = Author("l1", lines=mine.lines[:2], records=mine.records[:2])
        other.write("abstention", judge="juri-1", entries=["e3"])
        forks = [replace(other.ledger(), name=other.head)]
    path = folder / "hari.kipp"
    write_bundle(path, competition=COMPETITION, purpose="results", forks=forks,
                 ledgers=[desk.ledger(), mine.ledger(), clerk.ledger()], blobs=BLOBS)  # fmt: skip
    return path.read_bytes()


def seeds(folder: Path) -> dict[str, list[bytes]]:
    """Return real bytes for every reader."""
    small = Competition(folder / "kipp")
    small.folder.mkdir()
    small.create([("Juri 1", "juri", "")])
    home = Home(Context(small.desk))
    back_up(home, folder / "rumah.kippbackup")
    files = [day(folder), day(folder, fork=True)]
    lines = [line(kind) for kind in BODIES]
    mine = judge(3)
    every = Author("judge")
    for kind in sorted(MEMBER_KINDS, key=lambda kind: (kind != "enrolment", kind)):
        every.write(kind)
    identity = new_identity(seed("judge"), competition="ab" * 32, person="p", name="Juri 1",
                            role="member")  # fmt: skip
    envelopes = []
    for passphrase in (None, "rahasia"):
        save_identity(identity, folder / "kunci.json", passphrase, random.Random(1).randbytes)
        envelopes.append((folder / "kunci.json").read_bytes())
    root = asset("resources")
    return {
        "canonical": lines,
        "record": lines,
        "ledger": [mine.data, every.data],
        "signature": [sign_ledger(key_of("judge"), mine.data)],
        "bundle": files,
        "verified": files,
        "merged": files,
        "setup": [setup_blob(SETUP) + b"\0" + people_blob(replace(SETUP, salt="00"))],
        "rubric": [path.read_bytes() for path in root.glob("rubrics/*.toml")],
        "competition": [
            (root / "sample/kompetisi.toml").read_bytes(),
            (root / "presets/kota.toml").read_bytes(),
        ],
        "table": [
            *(path.read_bytes() for path in root.glob("sample/*.csv")),
            *_workbooks(folder),
        ],
        "backup": [(folder / "rumah.kippbackup").read_bytes()],
        "identity": envelopes,
        "pdf": [_sealed()],
    }


def changed(data: bytes, mutate: Callable[[bytes], bytes], chance: random.Random) -> bytes | None:
    """Change one member of a container and seal it anew; ``None`` where it is no container."""
    try:
        file = io.BytesIO(data)
        members = [(member.name, b"".join(content(file, member))) for member in scan(file)]
    except KippError:
        return None
    if not members:
        return None
    number = chance.randrange(len(members))
    name, body = members[number]
    if chance.randrange(8) == 0:
        name = mutate(name.encode()).decode("ascii", "replace").replace("\ufffd", "x")[:200] or "x"
    elif chance.randrange(8) == 0:
        del members[number]
    elif chance.randrange(3) and b"\n" in body:
        body = b"".join(_one_line(body, mutate, chance))
    else:
        body = mutate(body)
    if number < len(members):
        members[number] = name, body
    found = dict(_sealed_anew(members))
    if "SHA256SUMS" in found:
        rest = {key: value for key, value in found.items() if key != "SHA256SUMS"}
        found["SHA256SUMS"] = sums_of(rest)
    try:
        return zip_of(list(found.items()))
    except KippError:
        return None


def _one_line(
    body: bytes, mutate: Callable[[bytes], bytes], chance: random.Random
) -> Iterator[bytes]:
    """Change one line of a ledger; the chain and what is behind it are made to fit."""
    lines = body.split(b"\n")[:-1]
    number = chance.randrange(len(lines))
    prev = ""
    for place, item in enumerate(lines):
        new = mutate(item) if place == number else item
        if place > number:
            new = new.replace(digest(lines[place - 1]).encode(), prev.encode())
        prev = digest(new)
        yield new + b"\n"


def _sealed_anew(members: list[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    found = dict(members)
    for name, body in members:
        ledger = found.get(name.removesuffix(".sig"))
        key = KEYS.get(name[-64 - 11 : -11])
        blob = name.removeprefix("blobs/")
        if key is not None and name.endswith(".ndjson.sig") and ledger is not None:
            yield name, sign_ledger(key, ledger)
        elif blob != name:
            yield f"blobs/{hashlib.sha256(body).hexdigest()}", body
        else:
            yield name, body


def _sealed() -> bytes:
    """A sealed page of a few kilobytes: the minutes themselves carry their fonts."""
    file = io.BytesIO()
    page = Canvas(file, pagesize=(99, 99))
    page.drawString(9, 9, "1")
    page.save()
    key = new_rsa_key()
    certificate = make_certificate(key, JUDGE, AT, serial_seed=b"s" * 16)
    return seal_pdf(file.getvalue(), key, certificate, signed_at=AT, reason="Berita acara")


def _workbooks(folder: Path) -> list[bytes]:
    book = openpyxl.Workbook()
    for row in (["Nomor", "Judul"], ["01", "Satu"], [2, 7.5]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(folder / "tabel.xlsx")
    return [(folder / "tabel.xlsx").read_bytes()]
