"""Tables written as TOML 1.0; what is written is read back as the same tables."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f",
            "\r": "\\r"}  # fmt: skip
_WIDTH = 100


def toml_text(table: Mapping[str, Any], *, sections: frozenset[str], heading: str = "") -> str:
    """Return a table as TOML.

    Lists of tables under the keys in ``sections`` are written as ``[[key]]``, at any depth; other
    tables inline. Values are texts, truth values, integers, dates, tables, and lists of them;
    ``None`` is left out. ``heading`` are the lines of a comment at the top.
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    lines += _lines(table, (), sections)
    return "\n".join(lines) + "\n"


def _lines(
    table: Mapping[str, Any], path: tuple[str, ...], sections: frozenset[str]
) -> Iterator[str]:
    later = []
    for key, value in table.items():
        if value is None:
            continue
        if key in sections and isinstance(value, list):
            later.append((key, value))
            continue
        written = f"{_key(key)} = {_value(value)}"
        if len(written) > _WIDTH and isinstance(value, list):
            yield f"{_key(key)} = ["
            for item in value:
                yield f"    {_value(item)},"
            yield "]"
        else:
            yield written
    for key, items in later:
        here = (*path, key)
        for item in items:
            yield ""
            yield f"[[{'.'.join(map(_key, here))}]]"
            yield from _lines(item, here, sections)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    assert isinstance(value, dict), value
    inner = [f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None]
    return f"{{{', '.join(inner)}}}"


def _key(key: str) -> str:
    return key if _BARE.match(key) else _string(key)


def _string(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode("utf-8")
    parts = [
        _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if char < " " or char == "\x7f" else char)
        for char in clean
    ]
    return f'"{"".join(parts)}"'
