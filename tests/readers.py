"""Every reader of bytes that somebody else may have written, by name.

``feed(name, data, folder)`` hands any bytes to one of them. It comes back soon, whatever they are:
the reader took them or refused them in a sentence. Whatever else is raised is our fault.
"""

from __future__ import annotations

import io
import re
import time
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from kipp_desktop.documents.pdf_checking import check_pdf
from kipp_desktop.domain.canonical import NotCanonical, decode, digest, encode
from kipp_desktop.domain.records import line_of, parse
from kipp_desktop.domain.rubric import read_rubric
from kipp_desktop.domain.setup import read_setup
from kipp_desktop.errors import KippError
from kipp_desktop.exchange import keys
from kipp_desktop.exchange.bundle import Bundle
from kipp_desktop.exchange.ledger_file import read_ledger, sign_ledger
from kipp_desktop.exchange.spreadsheet import read_workbook
from kipp_desktop.exchange.tables import choose_sheet, find_header, table_rows
from kipp_desktop.services.backups import restore
from kipp_desktop.services.catalogues import load_toml
from kipp_desktop.services.checking import verify
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.services.inbox import take_bundle
from kipp_desktop.services.new_competition import _documents
from kipp_desktop.services.panel import Panel
from kipp_desktop.services.standing import standing, status
from tests.examples import COMPETITION, DESK, judge, key_of

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2021, 4, 1, 12, 0, tzinfo=timezone(timedelta(hours=7)))
#: Seconds of our own processor time that any bytes may take.
SOON = 1.0

_numbers = count()


@cache
def _ledger() -> bytes:
    return judge(3).data


def canonical(data: bytes, _folder: Path) -> None:
    value = decode(data)
    assert encode(value) == data


def record(data: bytes, _folder: Path) -> None:
    found = parse(data)
    assert found.id == digest(data)
    fields = found._asdict()
    assert line_of(**{name: fields[name] for name in fields if name != "id"}) == data


def ledger(data: bytes, _folder: Path) -> None:
    found = read_ledger(data, sign_ledger(key_of("judge"), data))
    assert found.seq == data.count(b"\n")


def signature(data: bytes, _folder: Path) -> None:
    found = read_ledger(_ledger(), data)
    assert found.signature == sign_ledger(key_of("judge"), _ledger())


def bundle(data: bytes, _folder: Path) -> None:
    with Bundle(io.BytesIO(data)) as found:
        for part in found.ledgers():
            read_ledger(part.data, part.signature, author=part.name, competition=found.competition)
        for part in found.forks():
            read_ledger(part.data, part.signature, competition=found.competition)


def verified(data: bytes, folder: Path) -> None:
    found = verify(Context(folder, clock=lambda: AT), [_file(data, folder)])
    assert found.checks


def merged(data: bytes, folder: Path) -> None:
    with Panel(folder / "panel", COMPETITION, DESK) as panel:
        try:
            take_bundle(panel, _file(data, folder))
        finally:
            before = panel.projection.dump()
            panel.rebuild()
            assert panel.projection.dump() == before
        status(panel)
        standing(panel)


def setup(data: bytes, _folder: Path) -> None:
    public, _, people = data.partition(b"\0")
    read_setup(public, people or None)


def rubric(data: bytes, folder: Path) -> None:
    found = read_rubric(load_toml(_file(data, folder)))
    assert read_rubric(found.as_json()) == found


def competition(data: bytes, folder: Path) -> None:
    _documents(load_toml(_file(data, folder)), folder)


def table(data: bytes, folder: Path) -> None:
    workbook = read_workbook(_file(data, folder))
    for kind in ("entries", "people", "scores", "organisations"):
        try:
            sheet = choose_sheet(workbook, kind)
            list(table_rows(sheet, find_header(sheet, kind)))
        except KippError:
            continue


def backup(data: bytes, folder: Path) -> None:
    restore(Home(Context(folder / "home", clock=lambda: AT)), [_file(data, folder)])


def identity(data: bytes, folder: Path) -> None:
    path = _file(data, folder)
    card = keys.read_card(path)
    assert keys.unlock(path, None).card == card


def pdf(data: bytes, _folder: Path) -> None:
    check_pdf(data, None, AT)


READERS = {
    item.__name__: item
    for item in (
        canonical,
        record,
        ledger,
        signature,
        bundle,
        verified,
        merged,
        setup,
        rubric,
        competition,
        table,
        backup,
        identity,
        pdf,
    )
}


def feed(name: str, data: bytes, folder: Path, soon: float = SOON) -> None:
    """Hand bytes to a reader; ``folder`` is an empty one for its files."""
    began = time.process_time()
    try:
        READERS[name](data, folder)
    except KippError as error:
        _check_sentence(error)
    except NotCanonical:
        assert name in {"canonical", "record"}
    spent = time.process_time() - began
    assert spent < soon, f"{spent:.1f} s"


def _check_sentence(error: KippError) -> None:
    assert re.fullmatch(r"[a-z][a-z-]*", error.code)
    assert error.what.source


def _file(data: bytes, folder: Path) -> Path:
    path = folder / f"berkas-{next(_numbers)}"
    path.write_bytes(data)
    return path
