from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kipp_desktop.errors import KippError
from kipp_desktop.settings import Settings, to_toml

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_what_is_written_is_read_back(table):
    assert tomllib.loads(to_toml(table)) == table


def test_without_a_file_all_settings_have_their_defaults(tmp_path):
    settings = Settings.load(tmp_path / "settings.toml")

    assert (settings.language, settings.theme, settings.text_size) == ("id", "light", 100)
    assert not (tmp_path / "settings.toml").exists()


def test_a_setting_is_stored_at_once_and_unknown_keys_are_kept(tmp_path):
    path = tmp_path / "home" / "settings.toml"
    path.parent.mkdir()
    path.write_text('from_next_version = [1, 2]\n[other]\ntheme = "x"\n')
    settings = Settings.load(path)

    settings.theme = "dark"

    assert tomllib.loads(path.read_text()) == {
        "from_next_version": [1, 2],
        "other": {"theme": "x"},
        "theme": "dark",
    }
    assert Settings.load(path).theme == "dark"
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


def test_what_another_program_wrote_meanwhile_is_kept(tmp_path):
    path = tmp_path / "settings.toml"
    settings = Settings.load(path)
    path.write_text('competition = "abc"\n')

    settings.text_size = 150

    assert tomllib.loads(path.read_text()) == {"competition": "abc", "text_size": 150}


@pytest.mark.parametrize("line", ["text_size = 99", 'text_size = "150"', "text_size = true"])
def test_a_value_that_is_not_allowed_counts_as_the_default(tmp_path, line):
    path = tmp_path / "settings.toml"
    path.write_text(line)

    assert Settings.load(path).text_size == 100


def test_setting_what_is_not_allowed_is_our_fault(tmp_path):
    settings = Settings(tmp_path / "settings.toml")

    with pytest.raises(ValueError, match="theme"):
        settings.theme = "pink"


def test_a_value_for_this_run_wins_and_is_not_stored(tmp_path):
    settings = Settings(tmp_path / "settings.toml")
    settings.for_this_run["language"] = "en"

    settings.theme = "dark"

    assert settings.language == "en"
    assert Settings.load(settings.path).language == "id"


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_an_unreadable_file_is_said_and_put_aside(tmp_path, content):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)

    with pytest.raises(KippError) as caught:
        Settings.load(path)
    settings = Settings.start_anew(path)
    settings.theme = "dark"

    assert caught.value.code == "settings-unreadable"
    assert (tmp_path / "settings.toml.old").read_bytes() == content
    assert Settings.load(path).theme == "dark"


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")

    with pytest.raises(KippError) as caught:
        Settings(tmp_path / "home" / "settings.toml").store("theme", "dark")

    assert caught.value.code in {"settings-unwritable", "settings-unreadable"}


def test_every_setting_has_a_label():
    from kipp_desktop.settings import Setting

    declared = [v for v in vars(Settings).values() if isinstance(v, Setting)]

    assert all(str(s.label) for s in declared)
    assert len({s.key for s in declared}) == len(declared) == 5
