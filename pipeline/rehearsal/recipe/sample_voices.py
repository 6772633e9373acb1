"""The sample conversation spoken: from the script to two dry voices on one timeline.

Here live the reading of sample_script.toml and the placing of its lines in time. The room around
the voices is in sample_room.py.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from pipeline.rehearsal import (
    Label,
    Phase,
    SampleLine,
    SampleRole,
    SampleScript,
    SampleSpeaker,
    SampleWord,
)
from pipeline.rehearsal.recipe.espeak import RATE as ESPEAK_RATE
from pipeline.rehearsal.recipe.espeak import Espeak, Samples, Utterance, Voice
from pipeline.rehearsal.recipe.sentences import template_of

RATE = 48_000
"""Samples per second of the finished recording."""

_SAME_SPEAKER_MS = (350, 750)
_OTHER_SPEAKER_MS = (500, 1000)
_RATE_JITTER = 6
_LEVEL = {SampleRole.CASEWORKER: 0.1, SampleRole.YOUTH: 0.085}


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line as written; no pause means a short random one."""

    role: SampleRole
    text: str
    phase: Phase
    labels: frozenset[Label]
    pause_ms: int | None


@dataclass(frozen=True, slots=True)
class Script:
    """The whole script as written."""

    seed: int
    lead_in_ms: int
    lead_out_ms: int
    names: Mapping[SampleRole, str]
    voices: Mapping[SampleRole, Voice]
    lines: tuple[ScriptLine, ...]


@dataclass(frozen=True, slots=True)
class Performance:
    """The script with its true times, and each voice alone at 48 kHz."""

    script: SampleScript
    dry: Mapping[SampleRole, Samples]


def read_script() -> Script:
    """Return the script of sample_script.toml.

    Raises:
        ValueError: A line is no sentence of the inventory, so the model could not recognise it.
    """
    data = tomllib.loads(Path(__file__).with_name("sample_script.toml").read_text("utf-8"))
    lines = tuple(
        ScriptLine(
            role=SampleRole(line["by"]),
            text=line["say"],
            phase=Phase(phase["name"]),
            labels=frozenset(map(Label, line.get("labels", ()))),
            pause_ms=line.get("pause_ms"),
        )
        for phase in data["phases"]
        for line in phase["lines"]
    )
    unknown = [line.text for line in lines if template_of(line.text) is None]
    if unknown:
        raise ValueError(f"not in the inventory: {unknown}")
    return Script(
        seed=data["seed"],
        lead_in_ms=data["lead_in_ms"],
        lead_out_ms=data["lead_out_ms"],
        names={SampleRole(role): who["name"] for role, who in data["speakers"].items()},
        voices={SampleRole(role): Voice(**who["voice"]) for role, who in data["speakers"].items()},
        lines=lines,
    )


def perform(script: Script) -> Performance:
    """Return the script spoken."""
    placed = list(_place(script))
    spoken_ms = max(line.end_ms for line, _ in placed)
    duration_ms = -(-(spoken_ms + script.lead_out_ms) // 1000) * 1000  # whole pictures
    dry = {role: np.zeros(duration_ms * RATE // 1000, np.float32) for role in SampleRole}
    for line, utterance in placed:
        samples = resample_poly(utterance.samples, RATE, ESPEAK_RATE).astype(np.float32)
        samples *= _LEVEL[line.role] / np.sqrt((samples**2).mean())
        at = line.start_ms * RATE // 1000
        dry[line.role][at : at + len(samples)] += samples
    return Performance(
        script=SampleScript(
            language="da",
            duration_ms=duration_ms,
            speakers={
                role: SampleSpeaker(name=script.names[role], voice=script.voices[role].name)
                for role in SampleRole
            },
            lines=tuple(line for line, _ in placed),
        ),
        dry=dry,
    )


def _place(script: Script) -> Iterator[tuple[SampleLine, Utterance]]:
    """Yield every line with its times, and its sound."""
    rng, espeak = random.Random(script.seed), Espeak()
    now_ms, before = script.lead_in_ms, None
    for line in script.lines:
        voice = script.voices[line.role]
        rate = voice.rate + rng.randint(-_RATE_JITTER, _RATE_JITTER)
        bounds = _SAME_SPEAKER_MS if line.role is before else _OTHER_SPEAKER_MS
        short_pause_ms = rng.randint(
            *bounds
        )  # drawn always, so that editing a pause moves no other
        pause_ms = short_pause_ms if line.pause_ms is None else line.pause_ms
        utterance = espeak.say(
            line.text,
            voice=Voice(
                name=voice.name, rate=rate, pitch=voice.pitch, pitch_range=voice.pitch_range
            ),
        )
        start_ms = now_ms + pause_ms
        yield (
            SampleLine(
                role=line.role,
                start_ms=start_ms,
                end_ms=start_ms + utterance.duration_ms,
                text=line.text,
                phase=line.phase,
                labels=line.labels,
                words=tuple(
                    SampleWord(
                        text=word.text,
                        start_ms=start_ms + word.start_ms,
                        end_ms=start_ms + word.end_ms,
                    )
                    for word in utterance.words
                ),
            ),
            utterance,
        )
        now_ms, before = max(now_ms, start_ms + utterance.duration_ms), line.role
