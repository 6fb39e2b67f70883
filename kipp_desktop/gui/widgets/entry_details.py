"""All that is known of an entry, as a text browser shows it."""

from __future__ import annotations

import html
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from kipp_desktop.gui import theme
from kipp_desktop.gui.translation import say, say_value
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from kipp_desktop.domain.setup import Attachment
    from kipp_desktop.services.entries import EntryLine

FILE: Final = "berkas"
"""Scheme of a link to an attachment; its path is the SHA-256."""


def details_html(line: EntryLine, files: tuple[Attachment, ...]) -> str:
    """Return all that is known of an entry: its own columns, and its files last."""
    named = [
        (say(Text("Agency")), line.agency),
        (say(Text("Group")), line.group),
        (say(Text("Category")), line.category),
        (say(Text("Summary")), line.summary),
        (say(Text("Reason of the status")), line.reason),
        (say(Text("Contact")), " · ".join(filter(None, (line.contact, line.phone)))),
        *((name[:1].upper() + name[1:], value) for name, value in line.fields),
    ]
    muted = theme.colours().muted
    link = theme.colours().link
    kept = "<br>".join(
        f'<a style="color:{link}" href="{FILE}:{file.sha256}">{html.escape(file.name)}</a> '
        f'<span style="color:{muted}">{_size(file.size)}</span>'
        for file in files
    )
    title = f"<p><b>{html.escape(line.number)}. {html.escape(line.title)}</b></p>"
    return (
        title
        + "".join(
            f'<p style="margin-top:6px;margin-bottom:0"><span style="color:{muted}">'
            f"{html.escape(name)}</span><br>{html.escape(value)}</p>"
            for name, value in named
            if value
        )
        + (
            f'<p style="margin-top:6px"><span style="color:{muted}">'
            f"{html.escape(say(Text('Files')))}</span><br>{kept}</p>"
            if kept
            else ""
        )
    )


def _size(count: int) -> str:
    """Return a number of bytes as people say it."""
    if count < 1 << 20:
        return f"{max(1, count >> 10)} KB"
    return f"{say_value(Fraction(count * 10 >> 20, 10))} MB"
