"""The line that says that a recording is held back from erasure, and why."""

from review_app.dates import day
from review_app.views.frame import Frame
from review_app.views.markup import badge
from review_app.words import HOLD_WORDS
from storage import holds
from storage.records import Recording


def hold_line(frame: Frame, recording: Recording) -> str:
    """Return a badge for each duty that holds a recording back, as HTML; empty if none does."""
    with frame.home.reading() as tx:
        standing = [hold for hold in holds.holds_of(tx, recording.id) if hold.lifted_at is None]
    say, language = frame.say, frame.user.language
    words = say("Held back from erasure since {day}: {why}")
    badges = " ".join(
        badge(
            words.format(
                day=day(hold.placed_at, language=language), why=say(HOLD_WORDS[hold.kind])
            ),
            tone="wait",
            sign_name="lock",
        )
        for hold in standing
    )
    return f"<p>{badges}</p>" if badges else ""
