"""What the fuzzer found worth keeping: each reader takes it or refuses it, within a second."""

from pathlib import Path

import pytest

from tests.readers import READERS, feed

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.mark.parametrize("name", READERS)
def test_the_kept_inputs_are_taken_or_refused_soon(name, tmp_path):
    inputs = sorted((CORPUS / name).iterdir())
    assert len(inputs) > 2

    for path in inputs:
        folder = tmp_path / path.name
        folder.mkdir()
        feed(name, path.read_bytes(), folder)


def test_the_corpus_stays_small():
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 1 << 20
