"""A text that somebody has written, handed in so that nothing need be recognized."""

from consent.gate import Permit
from consent.model import RecordingId
from review_app.commands.access import access_to
from review_app.errors import BadRequest
from storage import recordings, requests
from storage.home import Home
from storage.own_text import keep_own_text
from storage.records import RequestKind, User
from storage.subtitles import Subtitles, Voice


def check_may_hand_in(home: Home, user: User, recording: RecordingId) -> Permit:
    """Return the permit to give a recording its text, for the two while everyone agrees.

    Raises:
        Denied: The recording is not theirs.
        ConsentMissing: Someone in it has not agreed, or no longer agrees.
    """
    with home.reading() as tx:
        return access_to(tx, user, recording).permit


def hand_in(
    home: Home, user: User, recording: RecordingId, *, text: Subtitles, voices: list[Voice]
) -> None:
    """Keep a text with what its speakers are, and let the machine go on from it.

    Raises:
        Denied: The recording is not theirs.
        ConsentMissing: Someone in it has not agreed, or no longer agrees.
        BadRequest: There is not one voice for each speaker.
        SubtitlesTooLate: The text goes on after the end of the film.
    """
    permit = check_may_hand_in(home, user, recording)
    try:
        cues = text.spoken_by(voices)
    except ValueError:
        raise BadRequest from None
    keep_own_text(home, permit, Subtitles(text.kind, cues))
    with home.transaction() as tx:
        access = access_to(tx, user, recording)
        if recordings.recording(tx, recording).received_at is not None:
            requests.ask(tx, RequestKind.PROCESS, recording)
        access.note_in_audit("own_text_kept", kind=text.kind, cues=len(cues))
