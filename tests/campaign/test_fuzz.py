"""Ten minutes of atheris over the readers, in equal shares; ``tests/corpus`` is where it begins.

Inputs that reach something new are left in ``build/fuzz``: the small ones belong into the corpus.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.seeds import seeds
from tests.readers import READERS

ROOT = Path(__file__).parents[2]
SECONDS = int(os.environ.get("KIPP_FUZZ_SECONDS", "600"))

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this machine"
)


@pytest.fixture(scope="module")
def real_files(tmp_path_factory):
    return seeds(tmp_path_factory.mktemp("seeds"))


@pytest.mark.parametrize("name", READERS)
def test_the_reader_takes_or_refuses_whatever_comes(name, real_files):
    folder = ROOT / "build" / "fuzz" / name
    shutil.rmtree(f"{folder}-found", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    corpus = [path.read_bytes() for path in (ROOT / "tests" / "corpus" / name).iterdir()]
    for data in [*real_files[name], *corpus]:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)

    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.campaign.fuzz", name, folder,
         str(SECONDS // len(READERS))],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip

    said = ran.stderr.decode(errors="replace")
    assert ran.returncode == 0, f"{list(Path(f'{folder}-found').iterdir())}\n{said[-3000:]}"
