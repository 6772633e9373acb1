"""What is measured on: films made from the sample, and homes with a recording in them."""

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from consent.model import RecordingId
from pipeline import demo, intake
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.engines.choice import chosen_recognizer
from pipeline.engines.ffmpeg_command import find_program
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.rehearsal import SAMPLE
from pipeline.stages.workshop import Engines, Workshop
from storage.home import Home
from storage.records import Stage, User
from storage.settings import Settings

FILMS = Path(__file__).parents[2] / "test-artifacts" / "bench"
"""Films are kept between runs: making one takes longer than measuring it."""
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "60", "-pix_fmt", "yuv420p")
HEVC = (
    *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
    *("-tag:v", "hvc1", "-pix_fmt", "yuv420p"),
)
LIKE_A_CAMERA = ("-vf", "scale=1280:720,fps=30,noise=alls=8:allf=t", "-b:v", "4M")
"""The sample is drawn; without a sensor's grain it would be far easier to decode than a film."""


@dataclass(frozen=True, slots=True)
class Place:
    """A home with one recording that has been taken in."""

    home: Home
    recording: RecordingId
    owner: User

    @property
    def shop(self) -> Workshop:
        """Return a workshop with the rehearsal model, as a stage gets it."""
        engines = Engines(
            recognizer=lambda: chosen_recognizer(
                self.home.settings.model, models_folder=self.home.settings.models_folder()
            ),
            voice_activity=SileroVoiceActivity,
            diarizer=MeasuredDiarizer,
        )
        return Workshop(self.home, engines, lambda _: None)

    def run(self, *stages: Stage) -> None:
        """Run some stages in this process."""
        shop = self.shop
        for stage in stages:
            import_module(f"pipeline.stages.{stage.value}").run(self.recording, shop=shop)


def film(seconds: int, *encoding: str, suffix: str = "mp4") -> Path:
    """Return a film of 1280x720, 30 pictures a second, 4 Mbit/s: the sample, looped, with grain."""
    recipe = repr((seconds, *LIKE_A_CAMERA, *encoding, SAMPLE.stat().st_size))
    name = hashlib.sha256(recipe.encode()).hexdigest()
    path = FILMS / f"{name[:16]}.{suffix}"
    if not path.exists():
        FILMS.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".part.{suffix}")
        line = [
            *(find_program().path, "-loglevel", "error", "-y"),
            *("-stream_loop", "-1", "-i", str(SAMPLE), "-t", str(seconds)),
            *(*LIKE_A_CAMERA, *encoding, "-c:a", "aac", "-b:a", "128k", str(made)),
        ]
        subprocess.run(line, check=True, stdin=subprocess.DEVNULL)
        made.rename(path)
    return path


def long_film(seconds: int) -> Path:
    """Return a minute of such a film in H.264, looped to a length; nothing is encoded twice."""
    path = FILMS / f"looped-film-{seconds}.mp4"
    if not path.exists():
        minute = film(60, *H264)
        made = path.with_suffix(".part.mp4")
        line = [
            *(find_program().path, "-loglevel", "error", "-y", "-stream_loop", "-1"),
            *("-i", str(minute), "-t", str(seconds), "-c", "copy", str(made)),
        ]
        subprocess.run(line, check=True, stdin=subprocess.DEVNULL)
        made.rename(path)
    return path


def long_sound(seconds: int) -> Path:
    """Return the sample, picture as it is, looped to a length; nothing is encoded."""
    return looped(SAMPLE, seconds=seconds)


def looped(film: Path, *, seconds: int) -> Path:
    """Return a film that goes round until a length is reached; nothing is encoded."""
    path = FILMS / f"{film.stem}-looped-{seconds}.mp4"
    if not path.exists():
        FILMS.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(".part.mp4")
        line = [
            *(find_program().path, "-loglevel", "error", "-y", "-stream_loop", "-1"),
            *("-i", str(film), "-t", str(seconds), "-c", "copy", str(made)),
        ]
        subprocess.run(line, check=True, stdin=subprocess.DEVNULL)
        made.rename(path)
    return path


@contextmanager
def place_with(film: Path) -> Iterator[Place]:
    """Give a home in a temporary folder that has taken a film in under everyone's consent."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home.open(Settings(home=Path(folder)))
        try:
            shown = demo.prepare(home)
            intake.take_in(home, [film], shown.recording, progress=lambda _: None)
            yield Place(home, shown.recording, shown.people[0])
        finally:
            home.close()
