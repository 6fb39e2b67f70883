"""A dishonest hand at a real laptop: it has the key, and signs what the program would not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import encode
from kipp_desktop.domain.records import Record, line_of, parse
from kipp_desktop.exchange.bundle import Blob, Bundle, Ledger, write_bundle
from kipp_desktop.exchange.ledger_file import sign_ledger
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.exchange.keys import Identity


@dataclass
class Hand:
    """A key with its ledger, and the desk's ledger as that laptop has it."""

    identity: Identity
    competition: str
    lines: list[bytes]
    desk: Ledger

    @classmethod
    def at(cls, folder: Path, role: str = "member") -> Hand:
        home = Home(Context(folder))
        listed = home.choose(None)
        identity = home.unlock(home.card(listed.id, role))
        with home.open(listed) as panel:
            mine = panel.ledgers.read(identity.fingerprint)
            desk = panel.ledgers.read(panel.desk)
            return cls(
                identity,
                listed.id,
                mine[0].split(b"\n")[:-1],
                Ledger(panel.desk, *desk),
            )

    @property
    def key(self) -> str:
        return self.identity.fingerprint

    @property
    def records(self) -> list[Record]:
        return [parse(line) for line in self.lines]

    @property
    def ledger(self) -> Ledger:
        data = b"".join(line + b"\n" for line in self.lines)
        return Ledger(self.key, data, sign_ledger(self.identity.key, data))

    def cut(self, keep: int) -> Hand:
        """Return the same hand that never signed more than ``keep`` records."""
        return Hand(self.identity, self.competition, self.lines[:keep], self.desk)

    def sign(self, kind: str, body: dict, *, check: bool = True, **fields: object) -> Record | None:
        """Sign one more record; without ``check`` whatever it says."""
        values = {
            "at": "2021-03-16T23:00:00+07:00",
            "author": self.key,
            "body": body,
            "competition": self.competition,
            "kind": kind,
            "prev": self.records[-1].id if self.lines else "",
            "seen": "",
            "seq": len(self.lines) + 1,
            **fields,
        }
        if check:
            self.lines.append(line_of(**values))
            return self.records[-1]
        self.lines.append(encode({**values, "v": 1}))
        return None

    def write(self, path: Path, desk: Ledger | None = None) -> Path:
        """Write this hand's file as ``hand-in`` would."""
        ledgers = {self.key: self.ledger}
        ledgers.setdefault(self.desk.name, desk or self.desk)
        write_bundle(
            path, competition=self.competition, purpose="sheets", ledgers=list(ledgers.values())
        )
        return path


def results_with(source: Path, target: Path, *ledgers: Ledger) -> Path:
    """Write a result file in which some ledgers are others."""
    with Bundle.open(source) as bundle:
        found = {ledger.name: ledger for ledger in bundle.ledgers()}
        found |= {ledger.name: ledger for ledger in ledgers}
        write_bundle(
            target,
            competition=bundle.competition,
            purpose="results",
            ledgers=list(found.values()),
            blobs=[Blob(name, bundle.blob(name)) for name in bundle.blobs()],
        )
    return target
