"""How what came of a file is called and coloured, wherever it is shown."""

from __future__ import annotations

from typing import Final

from kipp_desktop.texts import Text

OUTCOMES: Final = {
    "merged": Text("Received"),
    "nothing-new": Text("Already here"),
    "waiting-for-key": Text("Waits to be compared"),
    "second": Text("Second laptop, void"),
    "forked": Text("Two different versions"),
    "settled": Text("Settled"),
    "refused": Text("Refused"),
}
TONES: Final = {
    "merged": "good",
    "nothing-new": "neutral",
    "waiting-for-key": "wait",
    "second": "wait",
    "forked": "wait",
    "settled": "neutral",
    "refused": "bad",
}
