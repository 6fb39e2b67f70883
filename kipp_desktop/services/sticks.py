"""What is ours on a stick: files are known by their content, whatever they are called."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kipp_desktop.services.context import Context

#: How our writer begins every file: a zip entry whose name is ``kipp.json``.
_MARK, _NAME_AT, _NAME = b"PK\x03\x04", 30, b"kipp.json"
_ENDING = ".kipp"


@dataclass(frozen=True)
class Gathered:
    """The files to open, in order of their paths, and how many others lay beside them.

    ``folder`` is where an answer belongs: the folder that was opened, or that of the files.
    """

    files: tuple[Path, ...]
    ignored: int
    folder: Path | None


def gather(context: Context, paths: Sequence[Path]) -> Gathered:
    """Return what is ours among files and folders, subfolders too.

    A file that was named is taken whatever it holds, so that its refusal can say why; so is a
    file in a folder that is called ``….kipp``. Everything else in a folder is only counted.
    Raises :class:`KippError` ``cancelled``.
    """
    found: dict[Path, None] = {}
    ignored = 0
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for number, inner in enumerate(_walk(path)):
            if number % 64 == 0:
                context.step(0.0, Text("Looking through {folder}", folder=path.name or str(path)))
            if _is_ours(inner):
                found[inner] = None
            else:
                ignored += 1
    return Gathered(tuple(found), ignored, _folder(paths))


def _walk(folder: Path) -> Iterator[Path]:
    # Links are not followed: a stick could send us round in circles. What may not be opened is
    # the system's own.
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield Path(root, name)


def _is_ours(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(_NAME_AT + len(_NAME))
    except OSError:
        start = b""
    if start.startswith(_MARK) and start[_NAME_AT:] == _NAME:
        return True
    # A system's own notes about a file have its name behind a full stop.
    return path.name.lower().endswith(_ENDING) and not path.name.startswith(".")


def _folder(paths: Sequence[Path]) -> Path | None:
    folders = {path if path.is_dir() else path.parent for path in paths}
    return folders.pop() if len(folders) == 1 else None
