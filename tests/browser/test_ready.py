"""Which browsers the browser tests find, and what is said where there is none."""

import sys
from pathlib import Path

import pytest

from tests.browser import ready


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which no browser is installed and none was fetched."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("SAMSPIL_FIREFOX", raising=False)


def program(path: Path, *, status: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {status}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_named_firefox_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fetched = program(tmp_path / "cache" / "samspil-tests" / "firefox" / "start", status=0)
    assert ready.find_firefox() == fetched
    installed = program(tmp_path / "nothing" / "firefox-esr", status=0)
    assert ready.find_firefox() == installed
    named = program(tmp_path / "named", status=0)
    monkeypatch.setenv("SAMSPIL_FIREFOX", named)
    assert ready.find_firefox() == named


def test_one_that_only_gives_advice_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "nothing" / "firefox", status=1)
    assert ready.find_firefox() is None


def test_without_one_no_run_fails_but_its_last_line_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMSPIL_CHROMIUM", program(tmp_path / "chromium", status=0))
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(sys, "argv", ["ready.py"])
    assert ready.main() == 0
    monkeypatch.setattr(sys, "argv", ["ready.py", "--say-what-was-left-out"])
    assert ready.main() == 0
    assert capsys.readouterr().out == f"{ready.NO_FIREFOX}\n"
