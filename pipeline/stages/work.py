"""The child's side of a stage: open the home, run the stage, report how far it is."""

from functools import cache
from importlib import import_module

from consent.model import RecordingId
from pipeline.engines.choice import chosen_recognizer
from pipeline.engines.ports import Diarizer
from pipeline.engines.voice_activity import SileroVoiceActivity
from pipeline.stages.workshop import Engines, Progress, Workshop
from storage.home import Home
from storage.records import Stage, TrainingCopyId
from storage.settings import Settings


def work(progress: Progress, *, stage: str, recording: str) -> None:
    """Run one stage of one recording in this process, from the file of the stage's name.

    The file is imported only now: a child waits for no library that its stage does not use.
    """
    home, engines = place()
    shop = Workshop(home, engines, progress)
    import_module(f"pipeline.stages.{Stage(stage).value}").run(RecordingId(recording), shop=shop)


def copy(progress: Progress, *, id_: str) -> None:
    """Make one training copy in this process."""
    home, engines = place()
    shop = Workshop(home, engines, progress)
    import_module("pipeline.stages.masking").run(TrainingCopyId(id_), shop=shop)


def measure(progress: Progress, *, recording: str) -> None:
    """Count the figures of one recording in this process; no other loads what that takes."""
    home, engines = place()
    shop = Workshop(home, engines, progress)
    import_module("pipeline.stages.measure").run(RecordingId(recording), shop=shop)


def learn(progress: Progress, *, recording: str) -> None:
    """Learn from the verdicts on one recording in this process."""
    home, engines = place()
    shop = Workshop(home, engines, progress)
    import_module("pipeline.stages.learn").run(RecordingId(recording), shop=shop)


def reread(progress: Progress, *, recording: str) -> None:
    """Go through a corrected text again in this process: phases, keywords, what can be found.

    What people have judged stays, and so does the day until which the recording is kept.
    """
    home, engines = place()
    shop = Workshop(home, engines, progress)
    id_ = RecordingId(recording)
    import_module(f"pipeline.stages.{Stage.TAG.value}").run(id_, shop=shop)
    import_module("pipeline.stages.index").put_in_index(home, shop.permit(id_))


@cache
def place() -> tuple[Home, Engines]:
    """Return the home and the engines of this process, opened once."""
    settings = Settings()
    return Home.open(settings), Engines(
        recognizer=lambda: chosen_recognizer(
            settings.model, models_folder=settings.models_folder()
        ),
        voice_activity=SileroVoiceActivity,
        diarizer=lambda: _diarizer(settings),
    )


def _diarizer(settings: Settings) -> Diarizer:
    from pipeline.children.diarizer import chosen_diarizer  # noqa: PLC0415 - for one stage only

    return chosen_diarizer(settings)
