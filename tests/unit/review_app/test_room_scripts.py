"""The scripts' pure parts, and the words that scripts and labels share."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from review_app.components.room_labels import MINUTES_LABELS, PLAYER_LABELS, ROOM_LABELS

HERE = Path(__file__).parent
COMPONENTS = HERE.parents[2] / "review_app" / "components"
OURS = {
    "room": ROOM_LABELS,
    "minutes": MINUTES_LABELS,
    "player": PLAYER_LABELS,
    "keys": PLAYER_LABELS,
    "api": PLAYER_LABELS,
    "concern": ROOM_LABELS,
}
_USED = re.compile(r"\b(?:l|labels|#labels)\.([a-z]\w*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")
@pytest.mark.parametrize("script", sorted((HERE / "scripts").glob("*.test.mjs")), ids=str)
def test_the_scripts_arithmetic_holds(script: Path) -> None:
    node = shutil.which("node") or "node"
    ran = subprocess.run([node, "--test", script], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("name", OURS)
def test_every_word_a_script_asks_for_is_listed(name: str) -> None:
    for script in COMPONENTS.glob(f"{name}*.js"):
        asked = set(_USED.findall(_COMMENT.sub("", script.read_text("utf-8"))))
        assert asked <= set(OURS[name]), script.name


def test_nothing_in_our_scripts_breaks_the_content_policy() -> None:
    for path in COMPONENTS.iterdir():
        if path.suffix not in {".js", ".css"}:
            continue
        text = _COMMENT.sub("", path.read_text("utf-8"))
        assert not re.search(r"\beval\(|new Function|innerHTML|https?://(?!www\.w3\.org)", text), (
            path.name
        )
