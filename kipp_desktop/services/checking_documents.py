"""Checking documents: as published, sealed by the desk, and nothing changed in them later."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kipp_desktop.errors import KippError
from kipp_desktop.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kipp_desktop.domain.records import Record
    from kipp_desktop.exchange.bundle import Bundle
    from kipp_desktop.exchange.ledger_file import LedgerFile
    from kipp_desktop.services.checks import Report


class Documents:
    """The documents of a publication, by name, and the certificate that sealed them."""

    def __init__(self, report: Report, clock: Callable[[], datetime]) -> None:
        self._report = report
        self._clock = clock
        self.certificate: str | None = None
        self.published_at: str | None = None
        self.listed: dict[str, dict[str, Any]] = {}

    def check_carried(self, bundle: Bundle) -> None:
        """Check the documents that a results file itself carries: as published, and sealed."""
        for name, item in self.listed.items():
            data = bundle.blob(item["sha256"])
            if data is None:
                continue
            self._report.hold(
                "document",
                len(data) == item["size"],
                Text("{file} is the document as published.", file=name),
                Text("{file} is not the document that was published.", file=name),
            )
            if data.startswith(b"%PDF"):
                self._seal(name, data)

    def check_file(self, path: Path) -> None:
        """Check one signed PDF: alone, or against what the results say of it."""
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        known = [item for item in self.listed.values() if item["name"].endswith(".pdf")]
        if not known:
            text = Text(
                "{file} was looked at alone: without hasil.kipp nobody can say that it is the "
                "published document, nor whose seal it bears.",
                file=path.name,
            )
            self._report.add("document", True, text)
        elif any(item["sha256"] == sha256 for item in known):
            text = Text("{file} is the document as published.", file=path.name)
            self._report.add("document", True, text)
        else:
            self._report.hold(
                "document",
                any(self._continues(data, item) for item in known),
                Text(
                    "{file} is the document as published, with signatures added later.",
                    file=path.name,
                ),
                Text("{file} is not the document that was published.", file=path.name),
            )
        self._seal(path.name, data)

    def _continues(self, data: bytes, item: dict[str, Any]) -> bool:
        """Return whether a PDF is a published one with signatures behind it, and nothing else."""
        from kipp_desktop.documents.pdf_checking import is_published_revision

        try:
            return is_published_revision(data, item["sha256"], item["size"], self._at())
        except KippError:
            return False

    def _seal(self, name: str, data: bytes) -> None:
        from kipp_desktop.documents.pdf_checking import check_pdf

        certificate = self.certificate.encode() if self.certificate else None
        try:
            found = check_pdf(data, certificate, self._at())
        except KippError as error:
            self._report.add("seal", False, Text("{file}: {what}", file=name, what=error.what))
            return
        if not found.signatures:
            self._report.add("seal", False, Text("{file} has no seal.", file=name))
        elif found.problems:
            text = Text("{file}: {problems}", file=name, problems=tuple(found.problems))
            self._report.add("seal", False, text)
        elif certificate is not None and not found.signatures[0].expected:
            self._report.add(
                "seal",
                False,
                Text("{file}: the seal is not the desk's, whatever name it bears.", file=name),
            )
        else:
            signer = found.signatures[0].signer
            text = Text("{file}: the seal is intact ({signer}).", file=name, signer=signer)
            self._report.add("seal", True, text)

    def _at(self) -> datetime:
        if self.published_at:
            return datetime.fromisoformat(self.published_at)
        return self._clock()


def check_publication(
    report: Report, documents: Documents, desk: LedgerFile, results: Record
) -> Record | None:
    """Say whether what was published last belongs to the results; return that record."""
    found = next((r for r in reversed(desk.records) if r.kind == "publication"), None)
    if found is None:
        return None
    documents.published_at = found.at
    body: dict[str, Any] = found.body
    documents.listed |= {item["name"]: item for item in body["documents"]}
    report.hold(
        "publication",
        body["results"] == results.id,
        Text("The published documents belong to these results."),
        Text("The published documents belong to other results."),
    )
    return found
