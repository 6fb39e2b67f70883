"""What services are handed: home, clock, randomness, passphrases, progress and cancel."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from kipp_desktop.errors import KippError
from kipp_desktop.exchange.keys import Randomness, system_randomness
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def system_clock() -> datetime:
    """Return this laptop's time with its offset."""
    return datetime.now().astimezone()


def _no_progress(_share: float, _text: Text) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


def _no_passphrase(_name: str) -> str | None:
    return None


@dataclass(frozen=True)
class Context:
    """The world of one act. Tests hand in their own clock and randomness.

    ``passphrase`` is asked with the name of the identity that is to sign; ``progress`` is told the
    share done (0 to 1) and what is being done; ``cancelled`` is asked between steps.
    """

    home: Path
    clock: Callable[[], datetime] = system_clock
    randomness: Randomness = system_randomness
    passphrase: Callable[[str], str | None] = _no_passphrase
    progress: Callable[[float, Text], None] = field(default=_no_progress)
    cancelled: Callable[[], bool] = _never

    def at(self) -> str:
        """Return the clock's time as records carry it, to the second."""
        return self.clock().isoformat(timespec="seconds")

    def new_id(self, prefix: str) -> str:
        """Return a random id such as ``e1f0a93b2c4``."""
        return prefix + self.randomness(5).hex()

    def step(self, share: float, text: Text) -> None:
        """Tell progress, and stop here if the user cancelled.

        Raises :class:`KippError` with code ``cancelled``.
        """
        if self.cancelled():
            raise KippError("cancelled", Text("Cancelled; nothing was changed."))
        self.progress(share, text)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the garbage collector rest: a file's records are many, long-lived and without cycles."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
