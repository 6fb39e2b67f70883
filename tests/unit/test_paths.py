from pathlib import Path

from kipp_desktop.paths import home_folder


def test_the_named_home_comes_before_the_environment(tmp_path):
    home = home_folder(tmp_path / "a", {"KIPP_HOME": str(tmp_path / "b")})

    assert home == tmp_path / "a"


def test_the_environment_comes_before_the_users_folder(tmp_path):
    home = home_folder(None, {"KIPP_HOME": str(tmp_path / "b")})

    assert home == tmp_path / "b"


def test_without_either_the_users_data_folder_is_taken():
    home = home_folder(None, {"KIPP_HOME": ""})

    assert home.is_absolute()
    assert home.name == "kipp-desktop"


def test_a_relative_home_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert home_folder(Path("h"), {}) == tmp_path / "h"
