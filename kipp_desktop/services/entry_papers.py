"""What a judge may read beside an entry: its summary, its files, and links that its table named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kipp_desktop.files import write_whole
from kipp_desktop.services.attachments import LINK, content

if TYPE_CHECKING:
    from pathlib import Path

    from kipp_desktop.domain.setup import Attachment, Entry
    from kipp_desktop.services.panel import Panel

_ENDINGS: Final = {"pdf": ".pdf", "png": ".png", "jpeg": ".jpg"}


@dataclass(frozen=True)
class Papers:
    """The files of an entry, and the links in its columns and its summary, each once."""

    files: tuple[Attachment, ...]
    links: tuple[str, ...]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.files) + len(self.links)


def papers_of(entry: Entry) -> Papers:
    """Return what belongs to an entry."""
    texts = [value for _, value in entry.fields] + [entry.summary]
    links = [link.rstrip(".,;)") for text in texts for link in LINK.findall(text)]
    return Papers(entry.attachments, tuple(dict.fromkeys(links)))


def unpack_file(panel: Panel, attachment: Attachment, folder: Path) -> Path:
    """Write a copy of a file into a folder of its own below ``folder``, for another program.

    It keeps its name for the eye; its ending is that of its kind, whatever its name says. Raises
    :class:`KippError` with code ``missing-blob`` or ``cannot-write``.
    """
    data = content(panel, attachment)
    stem = re.sub(r"[^\w .()-]", "_", attachment.name.rpartition(".")[0]).strip(" .") or "berkas"
    path = folder / attachment.sha256[:16] / f"{stem[:80]}{_ENDINGS.get(attachment.type, '.bin')}"
    write_whole(path, data)
    return path
