"""The one door to the files that are not code: ``ui/`` and ``resources/``.

They stand beside the package in a checkout and inside it once installed or frozen, under the same
names; nothing else has to know which of the two this is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Kind = Literal["ui", "resources"]

_PACKAGE = Path(__file__).resolve().parent


def asset(kind: Kind, *names: str) -> Path:
    """Return the path of a file or folder, such as ``asset("resources", "words", "id.txt")``.

    The path need not exist. Raises ``ValueError`` for a name that could lead out of the folder: an
    empty or absolute one, or one with ``.``, ``..``, a backslash or a colon in it.
    """
    parts = [part for name in names for part in name.split("/")]
    for part in parts:
        if part in {"", ".", ".."} or "\\" in part or ":" in part:
            raise ValueError(f"not the name of an asset: {names!r}")
    installed = _PACKAGE / kind
    folder = installed if installed.is_dir() else _PACKAGE.parent / kind
    return folder.joinpath(*parts)


def read_text(kind: Kind, *names: str) -> str:
    """Return the UTF-8 text of an asset, with Unix line ends."""
    return asset(kind, *names).read_text("utf-8")


def read_bytes(kind: Kind, *names: str) -> bytes:
    """Return the bytes of an asset."""
    return asset(kind, *names).read_bytes()
