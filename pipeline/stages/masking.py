"""Masking: a film, or a piece of it, in which faces are not to be known. No step of processing."""

import secrets

from pipeline.engines.masking import VOICE_RANGE, masked
from pipeline.stages.workshop import Workshop, film_to_blame
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
        film_to_blame(),
        shop.open(permit, BlobRole.PROXY) as film,
        training_copies.new_copy(shop.home, permit, wanted) as writer,
    ):
        masked(
            film,
            writer,
            span_ms=(wanted.start_ms, wanted.end_ms),
            voice=_voice() if wanted.voice is CopyVoice.CHANGED else None,
            mark=mark,
            progress=shop.progress,
        )


def _voice() -> float:
    """Return how many times higher the voices of one copy become. It is kept nowhere."""
    low, high = VOICE_RANGE
    return low + (high - low) * secrets.randbelow(_STEPS) / _STEPS
