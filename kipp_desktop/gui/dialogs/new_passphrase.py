"""Two fields for a passphrase that may stay empty, and what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.gui.translation import say
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel, QLineEdit

NONE = Text(
    "Without a passphrase anybody at this laptop could sign with this key; the records say so."
)
DIFFERENT = Text("The two are not the same yet.")
SET = Text("A forgotten passphrase cannot be recovered: keep it written down in a safe place.")


class NewPassphrase:
    """Binds the fields of a form; ``changed`` is called at every letter."""

    def __init__(
        self, first: QLineEdit, again: QLineEdit, hint: QLabel, changed: Callable[[], None]
    ) -> None:
        self._first, self._again, self._hint = first, again, hint
        self._changed = changed
        first.textChanged.connect(self._look)
        again.textChanged.connect(self._look)
        self.say()

    @property
    def ready(self) -> bool:
        """Whether both fields say the same (perhaps nothing)."""
        return self._first.text() == self._again.text()

    @property
    def value(self) -> str | None:
        """The passphrase; ``None`` for none."""
        return self._first.text() or None

    def say(self) -> None:
        """Say what the fields' state means."""
        text = NONE if self.ready and not self.value else SET if self.ready else DIFFERENT
        self._hint.setText(say(text))
        self._again.setEnabled(bool(self._first.text() or self._again.text()))

    def _look(self) -> None:
        self.say()
        self._changed()
