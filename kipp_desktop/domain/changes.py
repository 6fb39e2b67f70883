"""What an act touched, so that open pages know whether to read again.

Every service that changes something returns a :class:`Changes`. The window hands it to its pages;
the command line ignores it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

KINDS: Final = frozenset(
    {
        "competition",
        "organisations",
        "entries",
        "people",
        "plan",
        "identities",
        "drafts",
        "ledgers",
        "decisions",
        "agenda",
        "results",
        "settings",
    },
)
"""Every kind of thing that an act may touch. A misspelt kind would silently refresh nothing."""


@dataclass(frozen=True)
class Changes:
    """A set of kinds (from :data:`KINDS`), and where known the ids of what was touched.

    An empty set of ids means "not said": whoever shows such things reads them all again.
    """

    kinds: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse kinds that nobody listens to.

        :raises ValueError: for a kind outside :data:`KINDS`.
        """
        unknown = self.kinds - KINDS
        if unknown:
            message = f"unknown kinds of change: {', '.join(sorted(unknown))}"
            raise ValueError(message)

    @classmethod
    def of(
        cls,
        *kinds: str,
        stages: Iterable[str] = (),
        persons: Iterable[str] = (),
        entries: Iterable[str] = (),
    ) -> Changes:
        """Return such changes, for example ``Changes.of("drafts", entries=["e7"])``."""
        return cls(frozenset(kinds), frozenset(stages), frozenset(persons), frozenset(entries))

    def __or__(self, other: Changes) -> Changes:
        """Return both together.

        Ids survive only where both sides say them: "all" and "one" together is "all".
        """
        if not other:
            return self
        if not self:
            return other
        return Changes(
            self.kinds | other.kinds,
            _together(self.stages, other.stages),
            _together(self.persons, other.persons),
            _together(self.entries, other.entries),
        )

    def __contains__(self, kind: str) -> bool:
        """Return whether this kind of thing was touched."""
        return kind in self.kinds

    def __bool__(self) -> bool:
        """Return whether anything was touched."""
        return bool(self.kinds)

    def touches(self, shown: frozenset[str]) -> bool:
        """Return whether somebody who shows these kinds has to read again."""
        return not self.kinds.isdisjoint(shown)


def _together(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    return one | other if one and other else frozenset()
