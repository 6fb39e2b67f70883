"""What checking answers with: one promise after the other, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.setup import Setup
    from kipp_desktop.domain.standing import Standing
    from kipp_desktop.services.approvals import Approval
    from kipp_desktop.services.standing import PersonStatus


@dataclass(frozen=True)
class Check:
    """One promise and whether it holds; ``detail`` says what was found."""

    name: str
    ok: bool
    detail: Text


@dataclass
class Report:
    """The promises in the order in which they were looked at."""

    checks: list[Check] = field(default_factory=list)

    def add(self, name: str, ok: bool, detail: Text) -> None:
        """Say of one promise whether it holds."""
        self.checks.append(Check(name, ok, detail))

    def hold(self, name: str, ok: bool, yes: Text, no: Text) -> None:
        """Say ``yes`` where a promise holds, otherwise ``no``."""
        self.add(name, ok, yes if ok else no)


@dataclass(frozen=True)
class Verification:
    """What checking found. ``signer`` is ``compared`` or ``not compared``.

    ``recomputed`` is the ranking as computed anew, with its setup, where a file had results; then
    ``results`` is the id of their record, ``people`` who judged, ``said`` the approvals that the
    file carries, and ``final`` whether they were published as final.
    """

    checks: tuple[Check, ...]
    signer: str
    recomputed: Standing | None = None
    setup: Setup | None = None
    results: str = ""
    people: tuple[PersonStatus, ...] = ()
    said: tuple[Approval, ...] = ()
    final: bool = False

    @property
    def ok(self) -> bool:
        """Whether every promise holds."""
        return all(check.ok for check in self.checks)
