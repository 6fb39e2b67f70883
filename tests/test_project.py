"""What the checkout promises to whoever clones it."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = dev.ROOT
# In two parts each, so that this list does not find itself.
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb.debian" + ".org"]
MACHINE = re.compile("/(?:" + "work|root|tmp|home|farm" + ")/")
# Where the sources of a sentence, a font or a licence are named.
NOT_OURS = {"LICENSE", "resources/fonts/OFL.txt"}


def tracked():
    """Yield every text file that belongs to the checkout."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    for path in paths:
        if not path.is_file() or path.relative_to(ROOT).as_posix() in NOT_OURS:
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT), content.decode("utf-8", "replace")


def names_of(requirements):
    """Return the packages of a list of requirements, without versions, in lower case."""
    return {re.match(r"[A-Za-z0-9_.-]+(\[[a-z]+\])?", line)[0].lower() for line in requirements}


def written(name):
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and line[0] not in "#- "]


@pytest.mark.parametrize("command", ["python3 dev.py run", "python3 dev.py test"])
def test_the_readme_names_both_commands(command):
    assert command in (ROOT / "README.md").read_text("utf-8")


def test_no_file_names_a_folder_of_one_machine():
    found = [
        f"{path}: {line.strip()[:120]}"
        for path, text in tracked()
        for line in text.splitlines()
        if MACHINE.search(line)
    ]

    assert found == []


def test_no_file_names_the_host_of_a_package_registry():
    found = [f"{path}: {host}" for path, text in tracked() for host in HOSTS if host in text]

    assert found == []


@pytest.mark.parametrize("name", dev.LOCKED)
def test_locked_requirements_are_pinned_by_hash_and_name_no_host(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    pins = [line for line in text.splitlines() if line and line[0] not in "# "]

    assert "://" not in text
    assert pins
    assert all(re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+ .*\\$", pin) for pin in pins), pins
    assert text.count("--hash=sha256:") >= len(pins)


def test_every_named_requirement_is_locked():
    for name in dev.LOCKED:
        locked = {pin.partition("[")[0] for pin in names_of(written(f"{name}.txt"))}
        asked = {pin.partition("[")[0] for pin in names_of(written(f"{name}.in"))}

        assert asked <= locked, name


def test_qt_is_locked_at_the_release_that_works_and_without_its_extras():
    pins = written("runtime.txt")

    assert [pin.split()[0] for pin in pins if pin.startswith("pyside6")] == [
        "pyside6-essentials==6.11.3"
    ]


def test_the_package_asks_for_what_the_locked_runtime_holds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert names_of(project["dependencies"]) == names_of(written("runtime.in"))


def test_every_path_that_the_map_names_exists():
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    named = {
        name
        for name in re.findall(r"`([A-Za-z0-9_.][A-Za-z0-9_./-]*)`", text)
        if "/" in name or Path(name).suffix in {".py", ".md", ".toml"}
    }

    missing = [
        name
        for name in sorted(named)
        if not (ROOT / name).exists() and not (ROOT / "kipp_desktop" / name).exists()
    ]

    assert len(named) >= 10
    assert missing == []
