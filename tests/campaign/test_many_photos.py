"""A card with 200 photos of 4 MB: nothing stalls, nothing grows, writing is near to copying."""

import json
import subprocess
import sys
from pathlib import Path

from tests.camera import PLACE, photo

ROOT = Path(__file__).parent.parent.parent


def test_two_hundred_photos_come_in_and_go_out(tmp_path):
    card = tmp_path / "card"
    card.mkdir()
    whole = photo(tmp_path / "one.jpg", size=(2600, 1950), noise=True, place=PLACE).read_bytes()
    assert len(whole) > 3_500_000
    for number in range(200):
        # Bytes behind the picture make each a photo of its own.
        (card / f"IMG_{number:04}.jpg").write_bytes(whole + number.to_bytes(8))

    done = subprocess.run(
        [sys.executable, "-m", "tests.campaign.photos_child", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    print(said)

    assert said["taken"] == 200
    assert said["stall"] < 0.1
    assert said["memory"] < 300 << 20
    assert said["child"] < 300 << 20
    assert said["ratio"] <= 2
