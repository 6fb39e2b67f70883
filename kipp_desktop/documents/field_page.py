"""What the documents of the field share: their footing and what a PDF reader shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kipp_desktop.documents.page import Footing

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from kipp_desktop.documents.page import Page
    from kipp_desktop.domain.field_report import FieldHead


def build_field(page: Page, head: FieldHead, story: list[Flowable], title: str) -> bytes:
    """Return the PDF of a document of the field."""
    return page.build(
        story,
        title=title,
        author=head.organiser,
        at=head.printed_at,
        footing=Footing(running=f"{title} · {head.competition}", watermark=""),
    )
