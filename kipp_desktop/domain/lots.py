"""Drawing lots so that anybody can draw them again from the recorded seed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def draw(entries: Sequence[str], seed: str) -> list[str]:
    """Return the entries in the order of SHA-256(seed ‖ ":" ‖ id), smallest first.

    The order depends on the set of entries and the seed (32 hex digits) alone.
    """
    return sorted(entries, key=lambda entry: hashlib.sha256(f"{seed}:{entry}".encode()).digest())
