"""Choosing files: the one place that opens the system's own dialogs, which tests replace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

Filter = tuple[Text, Sequence[str]]
"""What a kind of files is called, and its patterns: ``(Text("Tables"), ["*.xlsx", "*.csv"])``."""

TABLES: Filter = (Text("Tables"), ("*.xlsx", "*.xls", "*.ods", "*.csv"))
SHEETS: Filter = (Text("Spreadsheets"), ("*.xlsx",))
PDFS: Filter = (Text("PDF documents"), ("*.pdf",))
PACKAGES: Filter = (Text("KIPP files"), ("*.kipp",))
SCANS: Filter = (Text("Scans"), ("*.pdf", "*.jpg", "*.jpeg", "*.png"))
ALL: Filter = (Text("All files"), ("*",))


def choose_open(
    parent: QWidget | None,
    title: Text,
    filters: Sequence[Filter] = (ALL,),
    *,
    several: bool = False,
) -> list[Path]:
    """Ask for files to read; empty when the user gives up."""
    if several:
        names, _ = QFileDialog.getOpenFileNames(parent, say(title), "", _spelt(filters))
    else:
        name, _ = QFileDialog.getOpenFileName(parent, say(title), "", _spelt(filters))
        names = [name] if name else []
    return [Path(name) for name in names]


def choose_save(
    parent: QWidget | None,
    title: Text,
    name: str,
    filters: Sequence[Filter] = (ALL,),
) -> Path | None:
    """Ask where to write a file, ``name`` being proposed; ``None`` when the user gives up.

    The proposed name's ending is added where none was typed.
    """
    chosen, _ = QFileDialog.getSaveFileName(parent, say(title), name, _spelt(filters))
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(Path(name).suffix)


def choose_folder(parent: QWidget | None, title: Text) -> Path | None:
    """Ask for a folder; ``None`` when the user gives up."""
    chosen = QFileDialog.getExistingDirectory(parent, say(title))
    return Path(chosen) if chosen else None


def _spelt(filters: Sequence[Filter]) -> str:
    return ";;".join(f"{say(text)} ({' '.join(patterns)})" for text, patterns in filters)
