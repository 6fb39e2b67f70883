"""What is written beside the marks: kept in a draft as JSON, and read from what was signed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kipp_desktop.domain.canonical import normalise
from kipp_desktop.domain.sheet import Notes

if TYPE_CHECKING:
    from kipp_desktop.domain.records import Record


def notes_json(notes: Notes) -> str:
    """Return notes as they are kept in a draft."""
    return json.dumps(
        {
            "check": notes.check,
            "comments": dict(notes.comments),
            "feedback": notes.feedback,
            "private": notes.private,
            "source": notes.source,
            "visit": notes.visit,
            "written_total": notes.written_total,
        },
        ensure_ascii=False,
    )


def normalised_notes(notes: Notes) -> Notes:
    """Return notes as records can carry them."""
    return Notes(
        tuple((name, kept) for name, text in notes.comments if (kept := normalise(text))),
        normalise(notes.feedback),
        normalise(notes.check),
        normalise(notes.private),
        notes.written_total,
        notes.source,
        notes.visit,
    )


def read_notes(text: str) -> Notes:
    """Return the notes of a draft."""
    value = json.loads(text)
    return Notes(
        tuple(sorted(value["comments"].items())),
        value["feedback"],
        value["check"],
        value["private"],
        value.get("written_total", ""),
        value.get("source", "paper"),
        value.get("visit", ""),
    )


def signed_notes(record: Record) -> Notes:
    """Return the notes of a signed sheet."""
    body: dict[str, Any] = record.body
    return Notes(
        tuple(sorted(body["comments"].items())),
        body["feedback"],
        body["check"] or "",
        written_total=body.get("written_total") or "",
        source=body.get("source", "paper"),
    )
