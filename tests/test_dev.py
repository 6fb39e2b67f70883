"""What dev.py decides; what it installs is tried by every clean clone."""

import os
import subprocess
import sys

import pytest

import dev

COMMANDS = ["setup", "run", "test", "bench", "shots", "campaign"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_line_of_help(command):
    finished = subprocess.run(
        [sys.executable, dev.ROOT / "dev.py", "--help"],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )

    (line,) = (line for line in finished.stdout.splitlines() if line.split()[:1] == [command])
    assert len(line.split()) > 4


def test_dev_needs_nothing_but_the_standard_library():
    finished = subprocess.run(
        [sys.executable, "-I", "-S", dev.ROOT / "dev.py", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 0, finished.stderr


def test_a_library_that_is_nowhere_is_missing():
    assert not dev.has_library("libkipp-no-such-library.so.9")


def test_what_is_missing_is_named_with_the_packages_that_bring_it():
    said = dev.tell_missing(
        {"pdfsig": "poppler-utils", "pdftoppm": "poppler-utils", "qpdf": "qpdf"}
    )

    assert "pdfsig, pdftoppm, qpdf" in said
    assert said.endswith("apt-get install poppler-utils qpdf")


def test_what_cannot_be_installed_stays_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    missing = dev.ensure_system(lambda: {"qpdf": "qpdf"})

    assert missing == {"qpdf": "qpdf"}


def test_apt_is_asked_for_the_missing_packages_only(monkeypatch, tmp_path):
    log = tmp_path / "log"
    for name in ("apt-get", "sudo", "env"):
        tool = tmp_path / name
        tool.write_text(f'#!/bin/sh\necho "{name} $@" >> {log}\n', "utf-8")
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    dev.install_packages(["qpdf", "unzip", "qpdf"])

    update, install = log.read_text("utf-8").splitlines()
    assert update.startswith("sudo")
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends qpdf unzip")


def test_the_set_up_is_made_anew_when_a_locked_file_changes(monkeypatch, tmp_path):
    (tmp_path / "requirements").mkdir()
    for name in ("pyproject.toml", *(f"requirements/{n}.txt" for n in ("uv", "runtime", "dev"))):
        (tmp_path / name).write_text(name, "utf-8")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    before = dev.setup_hash()

    (tmp_path / "requirements" / "dev.txt").write_text("changed", "utf-8")

    assert dev.setup_hash() != before
    assert dev.setup_hash() == dev.setup_hash()


def test_uv_asks_the_index_that_pip_is_configured_to_ask(monkeypatch, tmp_path):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://mirror.invalid/simple\n", "utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setattr(dev, "PYTHON", sys.executable)

    env = dev.uv_environment()

    assert env["UV_DEFAULT_INDEX"] == "https://mirror.invalid/simple"
