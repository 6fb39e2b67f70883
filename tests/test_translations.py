"""Every text that a person may see is found, translated and complete, in both languages."""

import string
from functools import cache

import pytest

from tools import i18n

FOLDER = i18n.ROOT / "resources" / "i18n"


def fields(text):
    """Return the parts of a text that are filled in, each as it stands between the braces."""
    found = set()
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is not None:
            found.add(
                name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            )
    return found


@cache
def text_calls():
    return tuple(i18n.text_calls(i18n.ROOT))


@cache
def sources():
    return i18n.sources(i18n.ROOT)


def code_sources():
    return {call.source for call in text_calls() if call.source}


def catalogue(language):
    return i18n.read_catalogue(FOLDER / f"{language}.po")


def test_every_text_in_the_code_is_a_literal():
    others = [
        f"{call.path}:{call.line}"
        for call in text_calls()
        if call.source is None and not call.refilled
    ]

    assert others == []


def test_every_text_is_given_the_values_that_it_names_and_no_others():
    wrong = [
        f"{call.path}:{call.line}: {call.source!r} is given {sorted(call.names)}"
        for call in text_calls()
        if call.source is not None
        and not call.spread
        and not (call.constant and not call.names)
        and fields(call.source) != call.names
    ]

    assert wrong == []


def test_every_field_of_a_text_is_a_plain_name():
    wrong = [
        source
        for source in code_sources()
        if not all(field.isidentifier() for field in fields(source))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_text_has_a_translation(language):
    entries = catalogue(language)

    missing = sorted(source for source in sources() if not entries.get(source))

    assert missing == []


def test_english_is_what_the_source_says():
    others = {source: said for source, said in catalogue("en").items() if said != source}

    assert others == {}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_entry_is_unused(language):
    unused = sorted(catalogue(language).keys() - sources().keys())

    assert unused == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_names_the_same_values_as_its_source(language):
    of_code = code_sources()
    wrong = {
        source: said
        for source, said in catalogue(language).items()
        if said and source in of_code and fields(said) != fields(source)
    }

    assert wrong == {}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_begins_and_ends_with_the_same_spaces_as_its_source(language):
    def ends(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = {
        source: said
        for source, said in catalogue(language).items()
        if said and ends(said) != ends(source)
    }

    assert wrong == {}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_compiled_catalogue_is_what_its_source_compiles_to(language):
    compiled = i18n.compiled_catalogue(language, catalogue(language))

    assert (FOLDER / f"{language}.mo").read_bytes() == compiled


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_catalogue_is_written_as_the_tool_writes_it(language):
    written = i18n.written_catalogue(language, sources(), catalogue(language))

    assert (FOLDER / f"{language}.po").read_bytes() == written


def test_the_extractor_finds_texts_wherever_they_stand(tmp_path):
    package = tmp_path / "kipp_desktop"
    package.mkdir()
    (package / "a.py").write_text(
        'x = Text("outer {a}", a=Text("inner"))\n'
        'y = Text("in two "\n    "parts")\n'
        "z = Text(name)\n"
        "v = Text(x.source, a=1)\n"
        '# Text("a comment")\n',
        "utf-8",
    )
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "f.ui").write_text(
        '<ui><string>Form</string><string notr="true">42</string><string/></ui>', "utf-8"
    )

    found = i18n.sources(tmp_path)

    assert found == {
        "outer {a}": {"kipp_desktop/a.py"},
        "inner": {"kipp_desktop/a.py"},
        "in two parts": {"kipp_desktop/a.py"},
        "Form": {"ui/f.ui"},
    }
    unread = [(call.line, call.refilled) for call in i18n.text_calls(tmp_path) if not call.source]
    assert unread == [(4, False), (5, True)]
