import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def addresses_asked_for(home: Path, *arguments: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.architecture.audited_run", *arguments],
        cwd=ROOT,
        env={**os.environ, "SAMSPIL_HOME": str(home)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    asked: list[str] = json.loads(run.stdout.splitlines()[-1])
    return asked


@pytest.mark.slow
def test_processing_and_serving_ask_for_no_outside_address(tmp_path: Path) -> None:
    assert addresses_asked_for(tmp_path) == []


def test_a_call_to_an_outside_address_is_noticed(tmp_path: Path) -> None:
    assert addresses_asked_for(tmp_path, "--call-out") == ["socket.connect '192.0.2.1'"]


def test_streamlit_gathers_no_statistics_of_use() -> None:
    text = (ROOT / "review_app" / ".streamlit" / "config.toml").read_text("utf-8")
    assert tomllib.loads(text)["browser"]["gatherUsageStats"] is False
