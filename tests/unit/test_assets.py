import pytest

from kipp_desktop import assets


def test_a_file_beside_the_package_is_found():
    font = assets.asset("resources", "fonts", "SourceSans3-Regular.ttf")

    assert font.is_file()
    assert assets.asset("resources", "fonts/SourceSans3-Regular.ttf") == font


def test_text_and_bytes_of_a_file_are_read():
    text = assets.read_text("resources", "fonts", "OFL.txt")

    assert "SIL OPEN FONT LICENSE" in text
    assert assets.read_bytes("resources", "fonts", "OFL.txt").decode() == text


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../dev.py", "a/../b", "/etc/passwd", "a//b", "a\\b", "C:x"]
)
def test_a_name_that_could_lead_out_of_the_folder_is_refused(name):
    with pytest.raises(ValueError, match="not the name of an asset"):
        assets.asset("resources", name)


def test_an_installed_package_has_its_files_inside(tmp_path, monkeypatch):
    package = tmp_path / "kipp_desktop"
    (package / "ui").mkdir(parents=True)
    monkeypatch.setattr(assets, "_PACKAGE", package)

    assert assets.asset("ui", "a.ui") == package / "ui" / "a.ui"
    assert assets.asset("resources", "b") == tmp_path / "resources" / "b"
