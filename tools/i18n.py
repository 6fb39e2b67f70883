"""Bring ``resources/i18n`` up to date: ``python3 dev.py texts``.

Reads every ``Text("…")`` in the package and every translatable string of the forms, gives each an
entry in ``id.po`` and ``en.po`` (translations that exist stay, entries that nothing uses go), and
compiles the ``.mo`` files. The same texts always give the same bytes.
"""

from __future__ import annotations

import ast
import io
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("id", "en")

_HEADER = """\
# Texts of KIPP Desktop.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


@dataclass(frozen=True)
class TextCall:
    """One call ``Text(source, name=…)`` in the code.

    ``source`` is None where it is no literal, and ``refilled`` where it is the ``.source`` of
    another Text; ``constant`` is a text of a module or class, whose values may come later.
    """

    path: Path
    line: int
    source: str | None
    refilled: bool
    names: frozenset[str]
    spread: bool
    constant: bool


def text_calls(root: Path) -> Iterator[TextCall]:
    """Yield every call of ``Text`` in the package under ``root``."""
    for path in sorted((root / "kipp_desktop").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        in_functions = {
            inner
            for outer in ast.walk(tree)
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for inner in ast.walk(outer)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name("Text"), args=[first, *_]):
                    source = first.value if isinstance(first, ast.Constant) else None
                    yield TextCall(
                        path=path.relative_to(root),
                        line=node.lineno,
                        source=source if isinstance(source, str) else None,
                        refilled=isinstance(first, ast.Attribute) and first.attr == "source",
                        names=frozenset(word.arg for word in node.keywords if word.arg),
                        spread=any(word.arg is None for word in node.keywords),
                        constant=node not in in_functions,
                    )


def form_texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield every translatable string of the forms in ``ui/``."""
    for path in sorted((root / "ui").rglob("*.ui")):
        # The forms are our own files.
        for element in ET.parse(path).iter("string"):  # noqa: S314
            if element.text and element.get("notr") != "true":
                yield path.relative_to(root), element.text


def sources(root: Path) -> dict[str, set[str]]:
    """Return every source text, with the files that use it."""
    found: dict[str, set[str]] = {}
    for call in text_calls(root):
        if call.source:
            found.setdefault(call.source, set()).add(call.path.as_posix())
    for path, text in form_texts(root):
        found.setdefault(text, set()).add(path.as_posix())
    return found


def read_catalogue(path: Path) -> dict[str, str]:
    """Return the entries of a ``.po`` file by source, "" where one is not translated.

    A fuzzy entry is a guess of some tool, and counts as not translated.
    """
    with path.open("rb") as file:
        catalogue = read_po(file)
    return {
        str(message.id): "" if message.fuzzy else str(message.string)
        for message in catalogue
        if message.id
    }


def written_catalogue(
    language: str, used: Mapping[str, set[str]], translations: Mapping[str, str]
) -> bytes:
    """Return the bytes of a ``.po`` file with an entry for every used text."""
    catalogue = Catalog()
    for source in sorted(used):
        catalogue.add(
            source,
            translations.get(source, ""),
            locations=[(name, 1) for name in sorted(used[source])],
        )
    body = io.BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, include_lineno=False)
    return f"{_HEADER.format(language=language)}\n".encode() + body.getvalue()


def compiled_catalogue(language: str, translations: Mapping[str, str]) -> bytes:
    """Return the bytes of a ``.mo`` file (GNU gettext manual, "The Format of GNU MO Files")."""
    header = f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\n"
    entries = sorted(
        (source.encode(), said.encode())
        for source, said in {"": header, **translations}.items()
        if said
    )
    tables_at = 28
    texts_at = tables_at + 16 * len(entries)
    texts = b""
    tables = []
    for column in range(2):
        for entry in entries:
            tables.append(struct.pack("<2I", len(entry[column]), texts_at + len(texts)))
            texts += entry[column] + b"\0"
    head = struct.pack(
        "<7I", 0x950412DE, 0, len(entries), tables_at, tables_at + 8 * len(entries), 0, 0
    )
    return head + b"".join(tables) + texts


def main() -> int:
    """Write the catalogues of every language, and say what is not translated yet."""
    folder = ROOT / "resources" / "i18n"
    used = sources(ROOT)
    for language in LANGUAGES:
        po = folder / f"{language}.po"
        translations = read_catalogue(po) if po.exists() else {}
        if language == "en":
            # The source is English already; the entry is there for whoever words it better.
            translations = {source: translations.get(source) or source for source in used}
        translations = {source: translations.get(source, "") for source in used}
        po.write_bytes(written_catalogue(language, used, translations))
        (folder / f"{language}.mo").write_bytes(compiled_catalogue(language, translations))
        missing = sum(not said for said in translations.values())
        print(f"{po.name}: {len(used)} texts, {missing} to be translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
