"""Masking: a film, or a piece of it, in which faces are not to be known. No step of processing."""

import secrets

from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.masking import VOICE_RANGE
from pipeline.stages.workshop import Workshop
from storage import training_copies
from storage.records import BlobRole, CopyVoice, TrainingCopyId

_STEPS = 10_000


def run(copy: TrainingCopyId, *, shop: Workshop) -> None:
    """Make a training copy, unless it is made already.

    Raises:
        ConsentMissing: Someone has not agreed to teaching, or no longer agrees.
        NotFound: It is over.
    """
    with shop.home.reading() as tx:
        wanted = training_copies.copy(tx, copy)
        permit = training_copies.teaching_permit(tx, wanted.recording, voice=wanted.voice)
        mark = training_copies.mark_of(tx, wanted)
    if wanted.made_at is not None:
        return
    with (
        shop.open(permit, BlobRole.PROXY) as film,
        training_copies.new_copy(shop.home, permit, wanted) as writer,
    ):
        shop.on_film(
            FilmTask.MASK,
            film,
            target=writer,
            length_ms=wanted.end_ms - wanted.start_ms,
            span_ms=[wanted.start_ms, wanted.end_ms],
            voice=_voice() if wanted.voice is CopyVoice.CHANGED else None,
            mark=mark,
        )


def _voice() -> float:
    """Return how many times higher the voices of one copy become. It is kept nowhere."""
    low, high = VOICE_RANGE
    return low + (high - low) * secrets.randbelow(_STEPS) / _STEPS
