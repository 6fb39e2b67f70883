"""Which ledger of a file is the desk's: its key and the nonce of its first plan make the id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kipp_desktop.exchange.keys import competition_id
from kipp_desktop.exchange.ledger_file import LedgerFile, read_ledger

if TYPE_CHECKING:
    from kipp_desktop.exchange.bundle import Bundle


def desk_ledger(bundle: Bundle) -> LedgerFile | None:
    """Return the checked ledger of the desk of the file's competition; ``None`` without one.

    Raises :class:`KippError` with code ``bad-ledger``.
    """
    for author in bundle.authors():
        if not _says_desk(bundle.beginning(author), author):
            continue
        ledger = bundle.ledger(author)
        assert ledger is not None
        file = read_ledger(
            ledger.data, ledger.signature, author=author, competition=bundle.competition
        )
        plan = next((record for record in file.records if record.kind == "plan"), None)
        if file.is_desk and plan is not None:
            nonce = bytes.fromhex(str(plan.body["nonce"]))
            if competition_id(file.blob, nonce) == bundle.competition:
                return file
    return None


def _says_desk(beginning: bytes, author: str) -> bool:
    """Return whether a ledger's first record may be a desk's: a desk trusts its own key."""
    try:
        return bool(json.loads(beginning.split(b"\n", 1)[0])["body"]["desk"] == author)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
