#!/usr/bin/env python3
"""Set up, run and check KIPP Desktop from a checkout: standard library only.

    python3 dev.py run      opens the program
    python3 dev.py test     what CI runs

Both first do what ``setup`` does, which takes no time when nothing has changed.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "kipp-desktop-setup.sha256"
LOCKED = ("uv", "runtime", "dev", "oracles", "build")
INSTALLED = ("runtime", "dev")
OLDEST_PYTHON = (3, 11)

# The shared libraries that PySide6 loads and its wheel does not carry, by Debian package.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

# The stock tools with which the tests play the outsider, by Debian package.
TEST_TOOLS = {
    "ssh-keygen": "openssh-client",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "qpdf": "qpdf",
    "unzip": "unzip",
    "strace": "strace",
    "xvfb-run": "xvfb",
    "xauth": "xauth",
    "zbarimg": "zbar-tools",
}


def in_venv(program: str) -> str:
    """Return the path that a program of the virtual environment has, or will have."""
    windows = os.name == "nt"
    return str(
        VENV / ("Scripts" if windows else "bin") / (f"{program}.exe" if windows else program)
    )


def locked(name: str) -> str:
    """Return the path of a file of hash-pinned requirements."""
    return str(ROOT / "requirements" / f"{name}.txt")


PYTHON = in_venv("python")

# A screen without a monitor, of the size that the window must fit.
SCREEN = ("xvfb-run", "--auto-servernum", "--server-args=-screen 0 1366x768x24")

# What a user does from end to end runs a second time with real windows and a real keyboard focus;
# one after the other, because a screen has one focus.
FLOWS = (
    "-m",
    "pytest",
    "-q",
    *(
        f"tests/window/test_{name}.py"
        for name in (
            "desk_start",
            "scoring",
            "paper",
            "judging_days",
            "field_day",
            "desk_end",
            "check",
        )
    ),
)


class SetupError(Exception):
    """This machine lacks something that only its owner can add; the message says what."""


# --- the system -----------------------------------------------------------------------------------


def has_library(name: str) -> bool:
    """Tell whether the system's loader finds the shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def missing_venv() -> dict[str, str]:
    """Return what Python itself lacks to make a virtual environment, by Debian package."""
    importlib.invalidate_caches()
    parts = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    return {f"Python module {name}": "python3-venv" for name in parts}


def missing_qt() -> dict[str, str]:
    """Return the system libraries that the window needs and that are not here."""
    if not sys.platform.startswith("linux"):
        return {}
    return {name: package for name, package in QT_LIBRARIES.items() if not has_library(name)}


def missing_tools() -> dict[str, str]:
    """Return the stock tools that the tests need and that are not here."""
    if not sys.platform.startswith("linux"):
        return {}
    return {name: package for name, package in TEST_TOOLS.items() if shutil.which(name) is None}


def install_packages(packages: Iterable[str]) -> None:
    """Install Debian packages where this user may; otherwise leave things as they are."""
    apt = shutil.which("apt-get")
    if apt is None:
        return
    if os.geteuid() == 0:
        become_root = []
    elif sudo := shutil.which("sudo"):
        # Without a terminal nobody could type the password, and sudo must not wait for it.
        become_root = [sudo] if sys.stdin.isatty() else [sudo, "-n"]
    else:
        return
    names = sorted(set(packages))
    print(f"Installing system packages: {' '.join(names)}", flush=True)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "Dpkg::Use-Pty=0"]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *names]):
        subprocess.run([*become_root, *quiet, *arguments], check=False, stdout=subprocess.DEVNULL)


def ensure_system(find_missing: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Install what ``find_missing`` names, and return what is missing after that."""
    missing = find_missing()
    if missing:
        install_packages(missing.values())
        missing = find_missing()
    return missing


def tell_missing(missing: Mapping[str, str]) -> str:
    """Return a sentence that names what is missing and how the owner of the machine adds it."""
    packages = " ".join(sorted(set(missing.values())))
    return (
        f"Missing on this machine: {', '.join(missing)}.\n"
        f"On Debian or Ubuntu: sudo apt-get install {packages}"
    )


# --- the virtual environment ----------------------------------------------------------------------


def setup_hash() -> str:
    """Return what the virtual environment depends on, as one hash."""
    whole = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for path in [str(ROOT / "pyproject.toml"), *map(locked, ("uv", *INSTALLED))]:
        whole.update(Path(path).read_bytes())
    return whole.hexdigest()


def run(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run a step of the set-up in the root of the checkout; say which one when it fails."""
    finished = subprocess.run(arguments, cwd=ROOT, env=env, check=False)
    if finished.returncode != 0:
        command = shlex.join(arguments)
        raise SetupError(f"This step failed with status {finished.returncode}: {command}")


def uv_environment() -> dict[str, str]:
    """Return the environment in which uv asks the package index that pip is configured to ask."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    configured = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        configured[key.rpartition(".")[2]] = value.strip("'\"")
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    found = {names[key]: value for key, value in configured.items() if key in names}
    # Every file is named by its hash, so whichever index answers, it is the right one.
    own = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    return {**own, **found, **os.environ, "VIRTUAL_ENV": str(VENV)}


def make_venv() -> None:
    """Make ``.venv`` and install exactly what the hashed requirements name."""
    if not venv_works():
        missing = ensure_system(missing_venv)
        if missing:
            raise SetupError(tell_missing(missing))
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--require-hashes", "-r", locked("uv")])
    uv = [in_venv("uv"), "--quiet", "pip"]
    env = uv_environment()
    run([*uv, "sync", "--require-hashes", *map(locked, INSTALLED)], env)
    # The build backend is among the locked packages, so nothing unpinned is fetched for it.
    run([*uv, "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], env)


def venv_works() -> bool:
    """Tell whether the virtual environment is there, new enough and starts."""
    if not Path(PYTHON).exists():
        return False
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    started = subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False)
    return started.returncode == 0


def ensure_venv() -> None:
    """Make the virtual environment anew when what it depends on has changed."""
    wanted = setup_hash()
    if STAMP.exists() and STAMP.read_text("utf-8") == wanted and venv_works():
        return
    print("Setting up .venv …", flush=True)
    STAMP.unlink(missing_ok=True)
    make_venv()
    STAMP.write_text(wanted, "utf-8")


# --- the commands ---------------------------------------------------------------------------------


def setup(_: argparse.Namespace) -> int:
    """Install what is missing: system libraries, tools, .venv and the locked packages."""
    ensure_venv()
    missing = ensure_system(lambda: {**missing_qt(), **missing_tools()})
    if missing:
        print(tell_missing(missing), file=sys.stderr)
        return 1
    print("Ready. Next: python3 dev.py run")
    return 0


def why_no_window() -> str | None:
    """Return why the window cannot be opened here, or None."""
    if not (ROOT / "kipp_desktop" / "gui" / "app.py").exists():
        return "There is no window yet."
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return "There is no display here."
    missing = ensure_system(missing_qt)
    return tell_missing(missing) if missing else None


def run_program(_: argparse.Namespace) -> int:
    """Open the window; where that is not possible, say so and run `kipp demo`."""
    ensure_venv()
    reason = why_no_window()
    if reason is None:
        return subprocess.run([PYTHON, "-m", "kipp_desktop"], check=False).returncode
    folder = tempfile.mkdtemp(prefix="kipp-demo-")
    print(
        f"{reason}\nRunning a whole competition on the command line instead, into {folder}",
        flush=True,
    )
    demo = [in_venv("kipp"), "demo", "--out", folder]
    return subprocess.run(demo, check=False).returncode


def test(_: argparse.Namespace) -> int:
    """Run every check that CI runs: lint, types, rooms, tests."""
    ensure_venv()
    missing = ensure_system(lambda: {**missing_qt(), **missing_tools()})
    if missing:
        raise SetupError(tell_missing(missing))
    steps: dict[str, Sequence[str]] = {
        "ruff check": [in_venv("ruff"), "check", "."],
        "ruff format": [in_venv("ruff"), "format", "--check", "."],
        "mypy": [in_venv("mypy")],
        "import rules": [in_venv("lint-imports"), "--no-logo"],
        "pytest": [PYTHON, "-m", "pytest", "-q", "-n", "2"],
    }
    if shutil.which("xvfb-run"):
        steps["pytest on a screen"] = [*SCREEN, "env", "QT_QPA_PLATFORM=xcb", PYTHON, *FLOWS]
    failed = []
    for name, command in steps.items():
        print(f"--- {name}", flush=True)
        began = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(f"--- {name}: {time.monotonic() - began:.1f} s, {'failed' if status else 'ok'}")
        if status:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def bench(_: argparse.Namespace) -> int:
    """Measure each task against a floor of the same run; fail where a limit is broken."""
    ensure_venv()
    env = dict(os.environ)
    # A start is measured as a user has it: with compiled modules.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [PYTHON, "-m", "tests.bench"]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def shots(_: argparse.Namespace) -> int:
    """Take a picture of every page into shots/."""
    ensure_venv()
    if not (ROOT / "tests" / "shots.py").exists():
        raise SetupError("There is no window yet to take pictures of (tests/shots.py).")
    missing = ensure_system(lambda: {**missing_qt(), **missing_tools()})
    if missing:
        raise SetupError(tell_missing(missing))
    command = [*SCREEN, PYTHON, "-m", "tests.shots"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def campaign(_: argparse.Namespace) -> int:
    """Run the long kill, power-loss, fuzz and oracle tests; takes hours."""
    ensure_venv()
    uv = [in_venv("uv"), "--quiet", "pip", "install", "--require-hashes"]
    run([*uv, "-r", locked("oracles")], uv_environment())
    command = [PYTHON, "-m", "pytest", "tests/campaign", "-p", "no:randomly", "--timeout=0"]
    env = {**os.environ, "KIPP_CAMPAIGN": "1"}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def texts(_: argparse.Namespace) -> int:
    """Bring the translations in resources/i18n up to date with the texts in the code."""
    ensure_venv()
    return subprocess.run([PYTHON, "-m", "tools.i18n"], cwd=ROOT, check=False).returncode


def lock(arguments: argparse.Namespace) -> int:
    """Write requirements/*.txt anew from *.in; --upgrade takes the newest versions."""
    ensure_venv()
    compile_one = [in_venv("uv"), "--quiet", "pip", "compile", "--universal", "--generate-hashes"]
    # A hash names a file wherever it lies; the name of a host would not outlive it.
    compile_one += ["--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    compile_one += ["--python-version", ".".join(map(str, OLDEST_PYTHON))]
    if arguments.upgrade:
        compile_one.append("--upgrade")
    env = uv_environment()
    for name in LOCKED:
        source, target = (f"requirements/{name}.{suffix}" for suffix in ("in", "txt"))
        run([*compile_one, source, "--output-file", target], env)
    return 0


def main() -> int:
    """Read the command line and do it."""
    if sys.version_info < OLDEST_PYTHON:
        print("KIPP Desktop needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    commands = {
        "setup": setup,
        "run": run_program,
        "test": test,
        "bench": bench,
        "shots": shots,
        "campaign": campaign,
        "texts": texts,
        "lock": lock,
    }
    parser = argparse.ArgumentParser(description="Set up, run and check KIPP Desktop.")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in commands.items():
        added = chosen.add_parser(name, help=command.__doc__)
        if name == "lock":
            added.add_argument("--upgrade", action="store_true")
    arguments = parser.parse_args()
    try:
        return commands[arguments.command](arguments)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
