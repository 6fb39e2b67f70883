"""Forked keys: ledgers of one key of which neither continues the other.

Every branch is kept. One of them is read (its records are projected); which one follows from what
the desk cites, never from the order of arrival.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.domain.canonical import digest
from kipp_desktop.domain.records import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kipp_desktop.domain.fold import DeskState
    from kipp_desktop.storage.ledgers import LedgerFiles


def record_ids(data: bytes) -> list[str]:
    """Return the ids of a ledger's records in order."""
    return [digest(line) for line in data.split(b"\n")[:-1]]


def shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many records two branches share from their beginning."""
    for number, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return number
    return min(len(one), len(other))


class Branches:
    """The branches of forked keys: ids of the records of the one that is read, and the others."""

    def __init__(self, ledgers: LedgerFiles) -> None:
        self._ledgers = ledgers
        self.others: dict[str, list[list[str]]] = {}
        self._read: dict[str, list[str]] = {}

    def load(self) -> None:
        """Look at the files again."""
        self.others, self._read = {}, {}
        for _, data, _ in self._ledgers.forks():
            author = parse(data.split(b"\n", 1)[0]).author
            self.others.setdefault(author, []).append(record_ids(data))
        for author in self.others:
            found = self._ledgers.read(author)
            self._read[author] = record_ids(found[0]) if found else []

    def forked(self) -> dict[str, int]:
        """Return the forked keys, with the seq of the last record that all branches share."""
        return {
            author: min(shared(self._read[author], other) for other in others)
            for author, others in self.others.items()
        }

    def seq_of(self, author: str, head: str) -> int | None:
        """Return how far a head on another branch vouches for the one that is read."""
        for other in self.others.get(author, ()):
            if head in other:
                return min(other.index(head) + 1, shared(self._read[author], other))
        return None

    def holds(self, author: str, head: str) -> bool:
        """Return whether a branch that is not read has a record."""
        return any(head in other for other in self.others.get(author, ()))

    def ids(self, author: str) -> set[str]:
        """Return the ids of all records of a forked key, of every branch."""
        known = set(self._read.get(author, ()))
        return known.union(*self.others.get(author, ()))

    def shared_head(self, author: str) -> str | None:
        """Return the last record that all branches of a forked key share."""
        last = self.forked()[author]
        return self._read[author][last - 1] if last else None

    def to_read(self, author: str, state: DeskState) -> str | None:
        """Return the head of the branch to read in place of the one that is, where it is another.

        It is the one that has the record which the desk cites first: a closing, the revocation,
        an acceptance, a receipt; where none is cited the one with the smallest head.
        """
        branches = [self._read[author], *self.others[author]]
        for cited in _cited(author, state):
            having = [branch for branch in branches if cited in branch]
            if having and len(having) < len(branches):
                branches = having
            if len(branches) == 1:
                break
        chosen = min(branches, key=lambda branch: branch[-1])
        return None if chosen is self._read[author] else chosen[-1]


def _cited(author: str, state: DeskState) -> Iterable[str]:
    for closing in sorted(state.closings.values(), key=lambda item: item.seq):
        if author in closing.heads:
            yield closing.heads[author]
    key = state.keys.get(author)
    if key is not None and key.revoked_at:
        yield key.revoked_at
    yield from state.acceptances
    if author in state.receipts:
        yield state.receipts[author]
