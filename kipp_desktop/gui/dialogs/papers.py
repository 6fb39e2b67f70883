"""What an entry brought with it: files open with the system's program, links only when asked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from kipp_desktop.gui.dialogs.confirm import ConfirmDialog
from kipp_desktop.gui.dialogs.listing import ListingDialog
from kipp_desktop.gui.models.rows import Column
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.services.entry_papers import Papers, unpack_file
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.setup import Attachment, Entry
    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.workplace import Workplace

KINDS: Final = {"pdf": "PDF", "png": "PNG", "jpeg": "JPEG"}
MEGABYTE: Final = 1_000_000


@dataclass(frozen=True)
class Line:
    """A file, or a link."""

    name: str
    attachment: Attachment | None = None

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if self.attachment is None:
            return say(Text("Link"))
        return KINDS.get(self.attachment.type, self.attachment.type)

    @property
    def size(self) -> str:
        """How large it is."""
        if self.attachment is None:
            return say(Text("internet"))
        tenths = max(1, round(self.attachment.size * 10 / MEGABYTE))
        return f"{say_value(Fraction(tenths, 10))} MB"


class PapersDialog(ListingDialog[Line]):
    """Stays open, so that several can be read; the marks stay in sight behind it."""

    title = Text("Files of this innovation")
    wide = 700

    def __init__(self, page: Page, entry: Entry, papers: Papers) -> None:
        super().__init__(
            f"{entry.number} · {entry.title}",
            Text(
                "Files open in this laptop's own programs. A link leads to the internet and is "
                "opened only when you say so."
            ),
            (
                Column[Line](Text("Name"), lambda line: line.name, stretch=True, bold=True),
                Column[Line](Text("Kind"), lambda line: line.kind, width=9),
                Column[Line](Text("Size"), lambda line: line.size, right=True, width=11),
            ),
            lambda line: line.name,
            Text("&Open"),
            page,
        )
        self._page = page
        self.show_list(
            [Line(file.name, file) for file in papers.files] + [Line(link) for link in papers.links]
        )

    def choose(self) -> None:
        """Open the selected one, and stay."""
        line = self.chosen()
        if line is None:
            return
        if line.attachment is None:
            dialog = ConfirmDialog(
                Text("Open this link in the browser?"),
                Text("It leads out of this program: {link}", link=line.name),
                Text("&Open"),
                self,
            )
            dialog.accepted.connect(lambda: open_outside(QUrl(line.name)))
            dialog.open()
            return
        workplace: Workplace = self._page.house.session.context
        attachment, folder = line.attachment, Path(gettempdir()) / "kipp-berkas"
        self._page.run(
            lambda _task: unpack_file(workplace.panel, attachment, folder),
            lambda path: open_outside(QUrl.fromLocalFile(str(path))),
        )


def open_outside(url: QUrl) -> None:
    """Hand a file or a link to the system."""
    QDesktopServices.openUrl(url)
