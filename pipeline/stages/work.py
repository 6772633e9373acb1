"""The child's side of a stage: open the home, run the stage, report how far it is."""

from functools import cache

from consent.model import RecordingId
from pipeline.engines.choice import chosen_recognizer
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.stages.order import run_stage
from pipeline.stages.workshop import Engines, Progress, Workshop
from storage.home import Home
from storage.records import Stage
from storage.settings import Settings


def work(progress: Progress, *, stage: str, recording: str) -> None:
    """Run one stage of one recording in this process."""
    home, engines = _place()
    shop = Workshop(home, engines, progress)
    run_stage(Stage(stage), RecordingId(recording), shop=shop)


@cache
def _place() -> tuple[Home, Engines]:
    settings = Settings()
    return Home.open(settings), Engines(
        recognizer=lambda: chosen_recognizer(
            settings.model, models_folder=settings.models_folder()
        ),
        voice_activity=SileroVoiceActivity,
    )
