"""Join: several files of one conversation become one film with one sound.

The camera's files follow each other. A separate recorder's sound is laid under them where it was
heard, its clock drawn to the camera's; from here on it is the film's sound. A film that came in
one file passes as it is.
"""

from contextlib import ExitStack

from consent.model import RecordingId
from pipeline.engines.film_tasks import FilmTask
from pipeline.engines.film_tasks.answers import JOINED
from pipeline.stages.workshop import Workshop
from storage.records import BlobRole


def run(recording: RecordingId, *, shop: Workshop) -> None:
    """Join the files of a film, and keep how its sounds were brought together.

    Raises:
        MediaRefused: A file cannot be worked with or not be joined; the code tells which.
    """
    permit = shop.permit(recording)
    sources = shop.sources(permit)
    if len(sources) <= 1:
        return
    with ExitStack() as opened, shop.new(permit, BlobRole.JOINED) as film:
        files = [opened.enter_context(source()) for source in sources]
        found = JOINED.validate_python(shop.on_film(FilmTask.JOIN, files, target=film))
    account = JOINED.dump_python(found, mode="json", exclude_none=True)
    shop.save_document(permit, BlobRole.ALIGNMENT, account)
