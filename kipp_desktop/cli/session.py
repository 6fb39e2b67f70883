"""One call of ``kipp``: what it is asked, and how it answers."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import KippError, UsageError
from kipp_desktop.files import cannot_read
from kipp_desktop.paths import home_folder
from kipp_desktop.services.context import Context
from kipp_desktop.services.home import Home
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.catalogue import Catalogue
    from kipp_desktop.services.panel import Panel


class Session:
    """Answers on stdout (text, or exactly one JSON object), progress and errors on stderr."""

    def __init__(self, catalogue: Catalogue, *, as_json: bool) -> None:
        self.catalogue = catalogue
        self.as_json = as_json
        self.options = argparse.Namespace()
        self._home: Home | None = None

    # -- what is asked

    @property
    def home(self) -> Home:
        """The home folder that ``--home``, ``KIPP_HOME`` or the system names."""
        if self._home is None:
            self._home = Home(self.context(home_folder(self.options.home, os.environ)))
        return self._home

    def context(self, home: Path) -> Context:
        """Return the world of this call."""
        return Context(home=home, passphrase=self.passphrase, progress=self.progress)

    def open(self) -> Panel:
        """Open the competition that is meant."""
        return self.home.open(self.home.choose(self.options.competition))

    def passphrase(self, name: str) -> str:
        """Return the passphrase for a key that has one."""
        given = self._given()
        if given is not None:
            return given
        if not sys.stdin.isatty():
            raise UsageError(
                "passphrase-needed",
                Text("The key of {name} is protected by a passphrase.", name=name),
                Text("Give it with --passphrase-file or KIPP_PASSPHRASE."),
            )
        return getpass.getpass(self.say(Text("Passphrase of {name}: ", name=name)))

    def new_passphrase(self) -> str | None:
        """Return the passphrase for a new key; ``None`` when the user wants none."""
        if self.options.no_passphrase:
            return None
        given = self._given()
        if given is not None:
            return given
        if not sys.stdin.isatty():
            raise UsageError(
                "passphrase-needed",
                Text("A new key needs a passphrase, or your word that it gets none."),
                Text("Give --passphrase-file, KIPP_PASSPHRASE or --no-passphrase."),
            )
        return self._ask_twice() or None

    def replacement(self, file: Path | None) -> str:
        """Return the passphrase that takes the place of another: from a file, or asked for."""
        given = _first_line(file) if file is not None else None
        if given is None and sys.stdin.isatty():
            given = self._ask_twice()
        if not given:
            raise UsageError(
                "passphrase-needed",
                Text("The new passphrase is missing."),
                Text("Give --new-passphrase-file, or --remove to have none."),
            )
        return given

    def _ask_twice(self) -> str:
        first = getpass.getpass(self.say(Text("New passphrase (empty for none): ")))
        if first and getpass.getpass(self.say(Text("The same again: "))) != first:
            raise UsageError(
                "passphrases-differ",
                Text("The two passphrases differ."),
                Text("Try again; nothing was changed."),
            )
        return first

    def _given(self) -> str | None:
        if self.options.passphrase_file is not None:
            return _first_line(self.options.passphrase_file)
        return os.environ.get("KIPP_PASSPHRASE")

    # -- how it answers

    def say(self, text: Text) -> str:
        """Return a text in the user's language."""
        return self.catalogue.say(text)

    def tell(self, text: Text) -> None:
        """Print a sentence for people; silent under ``--json``."""
        if not self.as_json:
            print(self.say(text))

    def line(self, text: str) -> None:
        """Print a line that needs no translation; silent under ``--json``."""
        if not self.as_json:
            print(text)

    def warn(self, text: Text) -> None:
        """Print a sentence on stderr."""
        print(self.say(text), file=sys.stderr)

    def answer(self, value: dict[str, Any]) -> None:
        """Print the JSON object of a command under ``--json``."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False))

    def progress(self, share: float, text: Text) -> None:
        """Show progress on a terminal."""
        if sys.stderr.isatty():
            end = "\n" if share >= 1 else ""
            print(f"\r{share:4.0%} {self.say(text):<60.60}", end=end, file=sys.stderr)

    def failed(self, error: KippError) -> None:
        """Say what happened and what to do next."""
        message = self.say(error.what)
        next_step = self.say(error.next) if error.next else ""
        if self.as_json:
            self.answer({"error": {"code": error.code, "message": message, "next": next_step}})
        print(f"{message} {next_step}".strip(), file=sys.stderr)


def _first_line(path: Path) -> str:
    try:
        return path.read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise cannot_read(path, error) from error
