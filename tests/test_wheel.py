"""The wheel holds all that the program needs, and runs where there is no checkout."""

import os
import subprocess
import sys
import zipfile

import pytest

import dev

pytestmark = pytest.mark.slow


def run(arguments, **options):
    finished = subprocess.run(
        [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def uv(*arguments, env):
    """Run uv from its cache alone, as the locked files are there since the set-up; else ask."""
    command = [dev.in_venv("uv"), "--quiet"]
    offline = subprocess.run(
        [*command, "--offline", *map(str, arguments)], env=env, capture_output=True, check=False
    )
    if offline.returncode != 0:
        run([*command, *arguments], env=env)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=dev.ROOT)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_the_forms_and_the_resources_and_nothing_else(wheel):
    expected = {
        f"{prefix}{path.relative_to(dev.ROOT).as_posix()}"
        for kind, prefix in {
            "kipp_desktop": "",
            "ui": "kipp_desktop/",
            "resources": "kipp_desktop/",
        }.items()
        for path in (dev.ROOT / kind).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pot"
    }

    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert names == expected
    assert "kipp_desktop/resources/i18n/id.mo" in names


def test_the_wheel_carries_its_licence_and_both_commands(wheel):
    archive = zipfile.ZipFile(wheel)
    (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
    commands = archive.read(entry_points).decode()

    assert "kipp = kipp_desktop.cli:main" in commands
    assert "kipp-desktop = kipp_desktop.gui.app:main" in commands
    assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def test_the_installed_wheel_runs_a_whole_competition(wheel, tmp_path):
    clean = tmp_path / "clean"
    run([sys.executable, "-m", "venv", "--without-pip", clean])
    scripts = clean / ("Scripts" if os.name == "nt" else "bin")
    env = {**dev.uv_environment(), "VIRTUAL_ENV": str(clean)}
    env.pop("PYTHONPATH", None)
    uv("pip", "sync", "--require-hashes", dev.locked("runtime"), env=env)
    uv("pip", "install", "--no-deps", wheel, env=env)
    env["KIPP_HOME"] = str(tmp_path / "home")
    out = tmp_path / "demo"

    where = run(
        [scripts / "python", "-c", "import kipp_desktop; print(kipp_desktop.__file__)"],
        cwd=tmp_path,
        env=env,
    )
    run([scripts / "kipp", "demo", "--out", out], cwd=tmp_path, env=env)

    assert where.startswith(str(clean))
    assert (out / "berita-acara.pdf").read_bytes().startswith(b"%PDF-")
    assert (out / "hasil.kipp").exists()
