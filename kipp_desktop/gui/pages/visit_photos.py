"""Photos and documents on their way into a claim: chosen, dropped, pasted, or a whole card's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from kipp_desktop.gui.dialogs import files
from kipp_desktop.gui.widgets.photo_paste import copied_files
from kipp_desktop.services import evidence
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kipp_desktop.gui.pages.base import Page
    from kipp_desktop.gui.tasks import Task, TaskContext
    from kipp_desktop.gui.widgets.claim_card import ClaimCard
    from kipp_desktop.gui.workplace import Workplace
    from kipp_desktop.services.evidence import Brought

PHOTOS: Final = (Text("Photos and documents"), ("*.jpg", "*.jpeg", "*.png", "*.pdf", "*"))
PASTED: Final = "tempelan.png"


class PhotoBringer(QObject):
    """Copies and decodes them off the window's thread and off the database's.

    ``brought`` carries the card and what came of its files.
    """

    brought = Signal(object, object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._tasks: list[Task[Brought]] = []

    @property
    def busy(self) -> bool:
        """Whether some are still coming in."""
        # Asked of the house: a task that is stopped before it began tells nobody that it is over.
        self._tasks = [task for task in self._tasks if task in self._page.house.tasks.running]
        return bool(self._tasks)

    def bring(self, card: ClaimCard, paths: Sequence[Path]) -> None:
        """Bring files and folders to a claim; without any, ask which files."""
        chosen = list(paths) or files.choose_open(
            self._page, Text("Choose photos and documents"), (PHOTOS,), several=True
        )
        if chosen:
            self._bring(
                card, lambda _folder: [path for one in chosen for path in evidence.in_folder(one)]
            )

    def bring_folder(self, card: ClaimCard) -> None:
        """Ask for the folder of a phone or a card, and bring what is in it."""
        folder = files.choose_folder(self._page, Text("Folder of the phone or the card"))
        if folder is not None:
            self.bring(card, [folder])

    def paste(self, card: ClaimCard) -> None:
        """Bring what the clipboard holds: files that were copied, or a picture."""
        paths = copied_files()
        if paths:
            self.bring(card, paths)
            return
        image = QApplication.clipboard().image()
        if image.isNull():
            self._page.house.show_message(Text("There is no picture on the clipboard."), "wait")
            return

        def written(folder: Path) -> list[Path]:
            # Brought in like any other file: the original is what was pasted.
            path = folder / PASTED
            image.save(str(path))
            return [path]

        self._bring(card, written)

    def _bring(self, card: ClaimCard, found: Callable[[Path], list[Path]]) -> None:
        """Bring the files that ``found`` names; it may write some into the folder it is given."""
        workplace: Workplace = self._page.house.session.context
        shelf = evidence.Shelf(workplace.panel.originals, workplace.panel.blobs)
        known = {item.original for item in card.finding.evidence if item.original}

        def work(task: TaskContext) -> Brought:
            total = evidence.Brought()
            with tempfile.TemporaryDirectory(
                prefix="kipp-paste-", ignore_cleanup_errors=True
            ) as folder:
                paths = found(Path(folder))
                for some in evidence.bring(workplace.home(task).context, shelf, paths, known):
                    total += some
            return total

        task = self._page.run(
            work,
            lambda brought: self.brought.emit(card, brought),
            title=Text("Taking photos in"),
            pure=True,
        )
        self._tasks.append(task)


def told(brought: Brought) -> tuple[Text, str]:
    """Return what to say of files that came in, and as which kind of message."""
    taken = len(brought.evidence)
    if brought.problems:
        text = Text(
            "{taken} files were taken, {count} could not be used. {first}",
            taken=taken,
            count=len(brought.problems),
            first=brought.problems[0].what,
        )
        return text, "wait"
    if brought.cancelled:
        return Text("Stopped; {taken} files were taken.", taken=taken), "wait"
    return Text("{taken} files were taken.", taken=taken), "good"
