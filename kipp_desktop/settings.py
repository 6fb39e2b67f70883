"""What this laptop's user chose for the window: ``settings.toml`` in the home folder.

Each setting is declared once, with its type, default and label; a misspelt name is an
``AttributeError``. The file belongs to people too: keys that this version does not know are kept,
and a value that is not allowed counts as its default until it is set again.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

V = TypeVar("V", str, int)


@dataclass(frozen=True)
class Setting(Generic[V]):
    """A declared setting: a descriptor on :class:`Settings`.

    Reading gives the stored value when ``allowed`` says so, else ``default``; writing stores the
    file at once.
    """

    key: str
    default: V
    label: Text
    allowed: Callable[[V], bool] = lambda _value: True

    @overload
    def __get__(self, owner: None, kind: type[Settings]) -> Setting[V]: ...
    @overload
    def __get__(self, owner: Settings, kind: type[Settings]) -> V: ...
    def __get__(self, owner: Settings | None, kind: type[Settings]) -> V | Setting[V]:
        """Return the value in force; on the class, the declaration itself."""
        if owner is None:
            return self
        value = owner.for_this_run.get(self.key, owner.stored.get(self.key))
        return value if type(value) is type(self.default) and self.allowed(value) else self.default

    def __set__(self, owner: Settings, value: V) -> None:
        """Store a new value.

        :raises ValueError: when the value is not allowed (the window offers only allowed ones).
        :raises KippError: ``settings-unwritable``, ``settings-unreadable``.
        """
        if type(value) is not type(self.default) or not self.allowed(value):
            message = f"{self.key} cannot be {value!r}"
            raise ValueError(message)
        owner.store(self.key, value)


THEMES = ("light", "dark", "contrast")
LANGUAGES = ("id", "en")
TEXT_SIZES = range(100, 201)
IDLE_MINUTES = range(241)


class Settings:
    """The settings in one file; see :meth:`load`."""

    language = Setting("language", "id", Text("Language"), LANGUAGES.__contains__)
    theme = Setting("theme", "light", Text("Colours"), THEMES.__contains__)
    text_size = Setting("text_size", 100, Text("Text size (percent)"), TEXT_SIZES.__contains__)
    idle_lock = Setting("idle_lock", 0, Text("Lock after minutes"), IDLE_MINUTES.__contains__)
    geometry = Setting("window_geometry", "", Text("Place and size of the window"))

    def __init__(self, path: Path, stored: dict[str, Any] | None = None) -> None:
        self.path = path
        self.stored: dict[str, Any] = stored or {}
        self.for_this_run: dict[str, Any] = {}
        """Values of the command line: they win, and are not stored."""

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read the file; a file that is not there gives the defaults.

        :raises KippError: ``settings-unreadable`` when it is no TOML or cannot be read.
        """
        return cls(path, _read(path))

    @classmethod
    def start_anew(cls, path: Path) -> Settings:
        """Put an unreadable file aside as ``settings.toml.old`` and start with the defaults.

        :raises KippError: ``settings-unwritable``.
        """
        try:
            path.replace(path.with_name(path.name + ".old"))
        except OSError as error:
            raise _unwritable(path) from error
        return cls(path)

    def store(self, key: str, value: str | int) -> None:
        """Set one key in the file as it stands now; the command line may have written to it.

        :raises KippError: ``settings-unwritable``, ``settings-unreadable``.
        """
        self.stored = _read(self.path) | {key: value}
        self.for_this_run.pop(key, None)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_name(self.path.name + ".part")
            with part.open("wb") as file:
                file.write(to_toml(self.stored).encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            raise _unwritable(self.path) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise KippError(
            "settings-unreadable",
            Text("The settings file {path} cannot be read.", path=path),
            Text("The program starts with its usual settings; set yours again."),
        ) from error


def _unwritable(path: Path) -> KippError:
    return KippError(
        "settings-unwritable",
        Text("The settings cannot be stored in {path}.", path=path),
        Text("Check that this folder can be written to and that the disk has space."),
    )


def to_toml(table: Mapping[str, Any]) -> str:
    """Return TOML 1.0 text of whatever ``tomllib`` reads: scalars first, then sub-tables.

    Comments are not kept, because ``tomllib`` does not give them.
    """
    return "\n".join(_lines(table, ())) + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [
        f"{_string(key)} = {_value(value)}"
        for key, value in table.items()
        if not isinstance(value, dict)
    ]
    for key, value in table.items():
        if isinstance(value, dict):
            inner = (*path, key)
            lines += ["", f"[{'.'.join(map(_string, inner))}]", *_lines(value, inner)]
    return lines


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(k)} = {_value(v)}" for k, v in value.items()) + "}"
    return repr(value)  # int and float: Python writes what TOML reads, also inf and nan


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else _escape(c) for c in escaped) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
