"""What an import says: what was taken, what changed, and which rows could not be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kipp_desktop.domain.changes import Changes

if TYPE_CHECKING:
    from kipp_desktop.texts import Text


@dataclass(frozen=True)
class Problem:
    """A row that could not be used: the spreadsheet's row, the column, and why."""

    row: int
    field: str
    problem: Text


class RowChange(NamedTuple):
    """A row that changed what was here: (column, old, new) of each field that differs."""

    row: int
    number: str
    title: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Rejects:
    """The rows that could not be used, as they stood in their table, each with its reasons."""

    headings: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, ...], tuple[Problem, ...]], ...] = ()


@dataclass
class ImportReport:
    """What an import did. ``skipped`` rows were here already, exactly so.

    ``additions`` are the rows that are new, without fields; ``updates`` those that changed
    something.
    """

    rows: int = 0
    added: int = 0
    updated: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    additions: list[RowChange] = field(default_factory=list)
    updates: list[RowChange] = field(default_factory=list)
    rejects: Rejects = field(default_factory=Rejects)
    changes: Changes = field(default_factory=Changes)
