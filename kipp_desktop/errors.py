"""The failures that a user can do something about.

There are two kinds of failure, decided in one place each:

``KippError``
    Something outside the program is not as it must be (a file, a passphrase, a word typed wrong).
    It says what happened and what to do next, in the user's language.
``UsageError``
    A ``KippError`` about how a command was called.

Everything else that is raised is our fault: the crash dialog or the log tells it.
"""

from __future__ import annotations

from kipp_desktop.texts import Text


class KippError(Exception):
    """Tell the user: what happened, and what to do next.

    ``code`` is a stable word for scripts (``[a-z-]+``); ``what`` and ``next`` are translated where
    they are shown.
    """

    exit_status = 1

    def __init__(self, code: str, what: Text, next_step: Text | None = None) -> None:
        super().__init__(code, what, next_step)
        self.code = code
        self.what = what
        self.next = next_step

    def __str__(self) -> str:
        """Return the untranslated sentence, for logs and tests."""
        return f"{self.code}: {self.what}"


class UsageError(KippError):
    """The command was called in a way that cannot be meant."""

    exit_status = 2
