"""``samspil evaluate diarization`` and ``transcript``, as typed, on made sound."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipeline import cli
from pipeline.analysis.intervals import Interval
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.hearing import Heard
from pipeline.rehearsal import SAMPLE, sample_script
from storage.records import SoundLayout, Turn, Word
from tests.signals import LOW, Talk, one_device, talk

FIGURES = {
    *("der", "confusion", "miss", "false_alarm", "der_collar_250", "confusion_collar_250"),
    *("speakers_given", "speakers_estimated"),
}
MADE = talk([LOW, LOW], seconds=20, seed=5)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["evaluate", *words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two identical voices before a device with two microphones; a sound nobody knows about."""
    folder = tmp_path_factory.mktemp("sounds")
    samples = one_device(MADE, delays=(-3.0, 4.25)).samples
    for name in ("talk", "unknown"):
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setparams((2, 2, 16_000, 0, "NONE", ""))
            file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").T.tobytes())
    write_rttm(folder / "all.rttm", MADE)
    return folder


def write_rttm(path: Path, made: Talk) -> None:
    rows = (
        f"SPEAKER talk 1 {start / 1000:.3f} {(end - start) / 1000:.3f} <NA> <NA> P{who} <NA> <NA>\n"
        for start, end, who in made.truth
    )
    path.write_text("".join(rows), encoding="utf-8")


@pytest.fixture
def heard_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silero does not take vowels without consonants for speech."""

    def speech(_self: SileroVoiceActivity, _audio: object) -> tuple[Interval, ...]:
        return MADE.speech

    monkeypatch.setattr(SileroVoiceActivity, "speech", speech)


@pytest.mark.usefixtures("heard_voices")
def test_diarization_is_compared_with_rttm(folder: Path) -> None:
    result = json.loads(run("diarization", str(folder), "--json").stdout)

    assert set(result) == {"mean", "files"}
    assert set(result["files"]) == {"talk.wav"}, "of the other nothing is known"
    figures = result["files"]["talk.wav"]
    assert set(result["mean"]) == set(figures) == FIGURES
    assert figures["speakers_given"] == 2
    assert 1 <= figures["speakers_estimated"] <= 6
    assert figures["confusion"] < 0.05
    parts = figures["miss"] + figures["false_alarm"] + figures["confusion"]
    assert figures["der"] == pytest.approx(parts, abs=1e-3)
    assert figures["der_collar_250"] <= figures["der"]


def test_a_folder_without_truth_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "x.wav").touch()
    result = run("diarization", str(tmp_path))
    assert result.exit_code == 1
    assert "known who speaks when" in result.output


def test_rttm_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "x.wav").touch()
    (tmp_path / "x.rttm").write_bytes(b"SPEAKER x 1 soon 1 <NA> <NA> A <NA>")
    result = run("diarization", str(tmp_path))
    assert result.exit_code == 1
    assert "RTTM" in result.output


def test_transcript_is_compared_with_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard is the script but for its first line, and all in one voice."""
    lines = sample_script().lines[1:]
    words = tuple(Word(w.start_ms + 10, w.end_ms, w.text) for line in lines for w in line.words)

    def heard(
        path: Path, *, language: str, speakers: int, layout: SoundLayout, progress: object
    ) -> Heard:
        assert (path, language, speakers, layout) == (SAMPLE, "da", 2, SoundLayout.ONE_DEVICE)
        assert progress
        turn = Turn(0, words[0].start_ms, words[-1].end_ms, "caseworker", words)
        return Heard((), (turn,), model="made", duration_ms=254_000, took_s=10.0)

    monkeypatch.setattr("pipeline.recording_evaluation.heard", heard)
    result = json.loads(
        run("transcript", str(SAMPLE.with_suffix(".json")), str(SAMPLE), "--json").stdout
    )

    assert result["deletions"] == len(sample_script().lines[0].words)
    assert result["wer"] == pytest.approx(result["deletions"] / result["words"], abs=1e-4)
    assert 0.2 < result["word_speaker_error"] < 0.5
    assert result["timing"]["start_median_ms"] == 10
    assert result["timing"]["end_mean_ms"] == 0
    assert result["model"] == "made"
    assert result["real_time_factor"] == 25.4


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    result = run("transcript", str(SAMPLE.with_suffix(".json")), str(tmp_path / "x.mp4"))
    assert result.exit_code == 1
    assert "no such file" in result.output
