"""Every word a script asks for has a msgid, and none is in a script."""

import re
from pathlib import Path

import pytest

from review_app.components import LABELS
from review_app.words import FAILURE_WORDS

ROOT = Path(__file__).parents[3] / "review_app"
ENTRIES = {entry: LABELS[entry] for entry in ("desk", "prepare", "goals", "uploader")}
FAMILIES = {
    "desk": ("kind_", "doubt_", "speaker_", "letter_", "pane_", "certainty_"),
    "prepare": ("kind_", "doubt_", "speaker_", "letter_"),
    "goals": ("ask_", "hint_", "goal_"),
    "uploader": ("stage_", "state_", "gap_", "role_", "file_", "upload_"),
}


def scripts_of(entry: str) -> dict[str, str]:
    waiting, found = [f"{entry}.js"], {}
    while waiting:
        name = waiting.pop()
        if name in found or name.startswith("vendor/"):
            continue
        script = (ROOT / "components" / name).read_text(encoding="utf-8")
        found[name] = re.sub(r"//[^\n]*|/\*.*?\*/", "", script, flags=re.DOTALL)
        waiting += re.findall(r'from "\./([^"]+)"', found[name])
    return found


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_word_a_script_asks_for_is_there(entry: str) -> None:
    asked = set()
    for script in scripts_of(entry).values():
        asked |= set(re.findall(r"\blabels\.([a-z]\w+)", script))
    failures = {f"error_{code}" for code in FAILURE_WORDS} if entry == "uploader" else set()
    assert asked - set(ENTRIES[entry]) - failures == set()
    for family in FAMILIES[entry]:
        assert any(name.startswith(family) for name in ENTRIES[entry])


def test_no_script_holds_a_word_of_its_own() -> None:
    for entry in ENTRIES:
        for name, script in scripts_of(entry).items():
            written = re.findall(r'\btext: "([^"]+)"', script)
            assert [word for word in written if len(word) > 1] == [], name
