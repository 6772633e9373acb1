"""Rows of the stages' cost and of what the recognizer and ffmpeg cost within them."""

import io
import subprocess
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.channels import mono_for_recognition
from pipeline.analysis.packing import pack
from pipeline.analysis.sound import RATE, Sound
from pipeline.engines.choice import REHEARSAL, chosen_recognizer
from pipeline.engines.ffmpeg_command import command, find_program
from pipeline.engines.pictures import look_through
from pipeline.engines.probing import probe
from pipeline.engines.sound import decode, whole
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.engines.whisper import BATCH
from pipeline.rehearsal import MODEL_DIR, SAMPLE, sample_script
from storage.records import Stage
from tests.bench.material import H264, HEVC, Place, film, long_film, place_with
from tests.bench.measures import ratio
from tests.bench.rows import ROWS

ALL_BUT_TRANSCRIBE = tuple(stage for stage in Stage if stage is not Stage.TRANSCRIBE)
PLAYABLE_S, FOREIGN_S, ENCODED_S, REMUXED_S = 60, 12, 30, 600
AT_ONCE = 256 * 1024


@ROWS.row(goal=0.45)
def non_asr_stages_vs_decode() -> float:
    """All stages but transcribe of a 720p30 H.264 film / decoding its picture once, one thread.

    Such a film is copied, not encoded, so the stages should cost less than looking at it once.
    """
    source = film(PLAYABLE_S, *H264)
    with place_with(source) as place:
        return ratio(_stages(place), lambda: _decode(source), rounds=3)


@ROWS.row(goal=0.2)
def picture_pass_vs_decode() -> float:
    """Thumbnails, quality and movement of a 720p30 H.264 film / decoding its picture once.

    Only key pictures are decoded, so what is made of them has all the time that the others take.
    """
    source = film(PLAYABLE_S, *H264)

    def look() -> None:
        with source.open("rb") as reader:
            look_through(reader, duration_ms=PLAYABLE_S * 1000, progress=lambda _: None)

    return ratio(look, lambda: _decode(source), rounds=3)


@ROWS.row(goal=1.15)
def non_asr_stages_vs_encode() -> float:
    """All stages but transcribe of a 720p30 HEVC film / the same ffmpeg run by hand.

    Browsers do not play it, so it is encoded; everything else should be small beside that.
    """
    source = film(FOREIGN_S, *HEVC)
    with place_with(source) as place:
        return ratio(_stages(place), _by_hand(source), rounds=3)


@ROWS.row(goal=1.1)
def proxy_encode_vs_ffmpeg() -> float:
    """Probing and encoding a 720p30 HEVC film (30 s), vault to vault / the same ffmpeg by hand.

    Ours in confined processes, each with a start of its own; by hand from file to file.
    """
    source = film(ENCODED_S, *HEVC)
    with place_with(source) as place:
        return ratio(_playable_copy(place), _by_hand(source), rounds=3)


@ROWS.row(goal=5.0)
def remux_vs_ffmpeg() -> float:
    """Copying a 720p30 H.264 film (10 min), vault to vault / ffmpeg -c copy, file to file.

    The difference is decrypting, two pipes, Python around each packet, encrypting, and one start.
    """
    source = long_film(REMUXED_S)
    program = find_program().path
    with place_with(source) as place, tempfile.TemporaryDirectory() as folder:
        line = [program, "-loglevel", "error", "-y", "-i", str(source), "-c", "copy"]
        line += ["-movflags", "+faststart", str(Path(folder, "made.mp4"))]

        def by_hand() -> None:
            subprocess.run(line, check=True, stdin=subprocess.DEVNULL)

        place.run(Stage.INGEST, Stage.PROBE)
        return ratio(lambda: place.run(Stage.PROXY), by_hand, rounds=5)


@ROWS.row(goal=16.0)
def remux_vs_copy() -> float:
    """Copying a 720p30 H.264 film (10 min), vault to vault / copying the plain file's bytes.

    A copy of bytes costs next to nothing, so this says how far copying is from that.
    """
    source = long_film(REMUXED_S)
    with place_with(source) as place, tempfile.TemporaryDirectory() as folder:

        def plain() -> None:
            with source.open("rb") as given, Path(folder, "copy").open("wb") as made:
                while piece := given.read(AT_ONCE):
                    made.write(piece)

        place.run(Stage.INGEST, Stage.PROBE)
        return ratio(lambda: place.run(Stage.PROXY), plain, rounds=5)


@ROWS.row(goal=1.05)
def transcribe_vs_bare() -> float:
    """Recognition with packing, progress and placing / one bare faster-whisper call.

    The bare call gets the same model, options and speech, already cut and joined, all at once.
    """
    with SAMPLE.open("rb") as source:
        length = sample_script().duration_ms
        sound = Sound(whole(decode(source, duration_ms=length, progress=lambda _: None)))
    samples = mono_for_recognition(sound)
    speech = SileroVoiceActivity().speech(samples)
    recognizer = chosen_recognizer(REHEARSAL, models_folder=MODEL_DIR)

    def ours() -> None:
        recognizer.recognize(samples, language="da", speech=speech, progress=lambda _: None)

    return ratio(ours, _bare(samples, speech=speech), rounds=5)


def _bare(
    samples: NDArray[np.float32], *, speech: tuple[tuple[int, int], ...]
) -> Callable[[], object]:
    # Imported here, as the engine does: most rows never need them.
    import ctranslate2  # noqa: PLC0415
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    windows = pack(speech, duration_ms=len(samples) * 1000 // RATE)
    pieces = [piece for window in windows for piece in window.pieces]
    each = RATE // 1000
    joined = np.concatenate([samples[start * each : end * each] for start, end in pieces])
    borders = np.cumsum([0, *(window.length_ms for window in windows)]) / 1000
    clips = [{"start": float(start), "end": float(end)} for start, end in pairwise(borders)]
    card = ctranslate2.get_cuda_device_count() > 0
    model = WhisperModel(
        str(MODEL_DIR),
        device="cuda" if card else "cpu",
        compute_type="int8_float16" if card else "int8",
        local_files_only=True,
    )
    pipeline = BatchedInferencePipeline(model)

    def bare() -> list[object]:
        segments, _ = pipeline.transcribe(
            joined,
            language="da",
            clip_timestamps=clips,
            batch_size=BATCH,
            without_timestamps=False,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        return list(segments)

    return bare


def _playable_copy(place: Place) -> Callable[[], None]:
    """Return the work of finding out what a film is and making the copy that browsers play."""
    place.run(Stage.INGEST)
    return lambda: place.run(Stage.PROBE, Stage.PROXY)


def _stages(place: Place) -> Callable[[], None]:
    """Return the work of all stages but transcribe, whose result is made beforehand."""
    place.run(*Stage)
    return lambda: place.run(*ALL_BUT_TRANSCRIBE)


def _decode(path: Path) -> None:
    with av.open(str(path)) as container:
        picture = container.streams.video[0]
        picture.thread_count = 1
        for _ in container.decode(picture):
            pass


def _by_hand(source: Path) -> Callable[[], None]:
    """Return a run of ffmpeg with our options, from a plain file to a plain mp4."""
    found = probe(io.BytesIO(source.read_bytes()), size=source.stat().st_size)
    line = command(found, program=find_program())
    piped = line.index("pipe:0")
    whole_source = line.index("-f", 0, piped)
    del line[whole_source : whole_source + 2]  # a file's format is found by ffmpeg itself
    line[line.index("pipe:0")] = str(source)
    given = line.index("-protocol_whitelist")
    line[given + 1] = "file"
    wanted = line.index("matroska")
    line[wanted] = "mp4"

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            target = str(Path(folder, "made.mp4"))
            subprocess.run(
                [target if word == "pipe:1" else word for word in line],
                check=True,
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    return run
