"""What happens when we are at fault: a log entry and a dialog; nothing leaves this laptop.

The log (``log/crash.log`` in the home folder) holds tracebacks and Qt's complaints, no marks and no
names. Faults that end the process at once (segmentation faults) are written by ``faulthandler`` to
``log/fault.log``, which the next start finds. The dialog needs neither form nor theme nor
catalogue, because any of them may be what broke.
"""

from __future__ import annotations

import contextlib
import faulthandler
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import TextIO

    from PySide6.QtCore import QMessageLogContext
    from PySide6.QtWidgets import QWidget

LOG_BYTES: Final = 500_000
WHAT: Final = Text("Something in the program went wrong. This is our fault, not yours.")
SAFE: Final = Text("Nothing is lost: everything that you set was stored at once.")
NEXT: Final = Text(
    "You can go on working. If it happens again, close the program, start it again, and give the "
    "details below to the person who looks after it.",
)


class CrashLog:
    """One text file and its predecessor, together at most about a megabyte."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, text: str) -> None:
        """Append an entry; a log that cannot be written must not be a second failure."""
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size > LOG_BYTES:
                self.path.replace(self.path.with_name(self.path.name + ".1"))
            with self.path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
                file.write(f"--- {stamp} {versions()}\n{text.rstrip()}\n")


class CrashReporter(QObject):
    """Catches what nobody caught, in every thread, logs it and tells the user once.

    :attr:`crashed` carries the details; while a dialog is open, further faults are only logged.
    """

    crashed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = CrashLog(folder / "crash.log")
        self._fault_path = folder / "fault.log"
        self._fault_file: TextIO | None = None
        self._dialog: CrashDialog | None = None
        self.window: QWidget | None = None
        self.crashed.connect(self._show)

    def install(self) -> str:
        """Take over all hooks; return what a fault of the last run left ("" when none did)."""
        sys.excepthook = self._unhandled
        threading.excepthook = self._unhandled_in_thread
        qInstallMessageHandler(self._qt_complains)
        left = ""
        with contextlib.suppress(OSError):
            self._fault_path.parent.mkdir(parents=True, exist_ok=True)
            if self._fault_path.exists():
                left = self._fault_path.read_text(encoding="utf-8", errors="backslashreplace")
            self._fault_file = self._fault_path.open("w", encoding="utf-8")
            faulthandler.enable(self._fault_file)
        if left:
            self.log.write(left)
        return left

    def uninstall(self) -> None:
        """Give all hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def report(self, error: BaseException) -> None:
        """Log an exception and tell the user; from any thread."""
        details = "".join(traceback.format_exception(error))
        self.log.write(details)
        self.crashed.emit(details)

    def _unhandled(
        self,
        _kind: type[BaseException],
        error: BaseException,
        _trace: TracebackType | None,
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
        else:
            self.report(error)

    def _unhandled_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self.report(args.exc_value)

    def _qt_complains(self, kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
        self.log.write(f"Qt {kind.name}: {message}")

    def _show(self, details: str) -> None:
        if self._dialog is None:
            self._dialog = CrashDialog(details, self.window)
            self._dialog.finished.connect(self._forget)
            self._dialog.open()

    def _forget(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


class CrashDialog(QDialog):
    """What happened, what is safe, what to do next, and the details to copy."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_said(Text("A fault in the program")))
        self.details = f"{versions()}\n{details}"
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 18)
        layout.setSpacing(10)
        for text in (WHAT, SAFE, NEXT):
            label = QLabel(_said(text))
            label.setWordWrap(True)
            label.setProperty("look", "strong" if text is WHAT else "")
            layout.addWidget(label)
        box = QPlainTextEdit(self.details)
        box.setReadOnly(True)
        box.setTabChangesFocus(True)
        box.setAccessibleName(_said(Text("Details")))
        layout.addWidget(box, 1)
        buttons = QDialogButtonBox()
        self.copy_button = QPushButton(_said(Text("Copy the details")))
        self.go_on_button = QPushButton(_said(Text("Go on")))
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.go_on_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.copy_button.clicked.connect(self._copy)
        self.go_on_button.clicked.connect(self.accept)
        self.go_on_button.setDefault(True)
        self.go_on_button.setProperty("look", "main")
        layout.addWidget(buttons)
        # No theme here: the letters may be twice as big as on the day this was written.
        letters = self.fontMetrics()
        room = self.screen().availableGeometry().size() * 0.92
        wide = min(letters.horizontalAdvance("n") * 80, room.width())
        high = layout.totalHeightForWidth(wide) + letters.height() * 6
        self.resize(wide, min(high, room.height()))
        self.go_on_button.setFocus()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.details)


def versions() -> str:
    """Return what a person who repairs the program asks first."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"Python {python}, Qt {qVersion()}, {sys.platform}"


def _said(text: Text) -> str:
    try:
        return say(text)
    except Exception:  # noqa: BLE001 (the catalogue may be what broke)
        return str(text)
