"""Intents on the text itself: what was said and by whom. Each is one correction and can be undone.

A page names a turn by its place in the text that it shows, and says how new that is. What somebody
else has written meanwhile hinders nothing as long as the two did not meet in the same words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pydantic_core import CoreSchema, core_schema

from review_app.commands.access import Access
from review_app.commands.arguments import Count, Line, OneCorrection, Voice
from review_app.errors import BadRequest, Denied
from review_app.supervision.correcting import (
    Redrawn,
    merged,
    named,
    redrawn,
    retyped,
    split,
    swapped,
)
from storage import accounts, corrections, requests, transcripts
from storage.corrected_text import (
    CorrectedText,
    Passage,
    corrected,
    counted,
    newest_known,
    shown_version,
)
from storage.errors import Conflict
from storage.home import Home
from storage.media import machine_turns
from storage.records import (
    Change,
    Correction,
    CorrectionId,
    RequestKind,
    TextChange,
    Turn,
    Undone,
    VersionChosen,
)
from storage.text_merge import Difference, carried_over, differences

_Plan = Callable[[Sequence[Passage], int], tuple[TextChange, ...]]


@dataclass(frozen=True, slots=True)
class Corrected:
    """How the text stands after a correction, for a page that shows an earlier state of it.

    Attributes:
        correction: What was kept, to undo it by; None where nothing had to be changed.
        by: Who has corrected last.
    """

    correction: CorrectionId | None
    revision: int
    version: int
    by: str
    redrawn: Redrawn


@dataclass(frozen=True, slots=True)
class Desk:
    """Access to a recording's text for one transaction, in which nobody else corrects it."""

    home: Home
    access: Access
    _read: dict[int, tuple[Turn, ...]] = field(default_factory=dict)

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """Take one as it is: it is made here and never parsed from what a page sends."""
        return core_schema.is_instance_schema(cls)

    def corrections(self) -> tuple[Correction, ...]:
        """Return all corrections so far, and let no other be made beside this one."""
        corrections.hold_for_correcting(self.access.tx, self.access.permit)
        return corrections.corrections_of(self.access.tx, self.access.permit)

    @property
    def latest(self) -> int:
        """The machine's newest version."""
        return transcripts.transcript_version(self.access.tx, self.access.permit).version

    def machine(self, version: int) -> tuple[Turn, ...]:
        """Return a version as the machine has made it."""
        if version not in self._read:
            tx, permit = self.access.tx, self.access.permit
            kept = transcripts.transcript_version(tx, permit, version=version)
            self._read[version] = machine_turns(self.home, kept)
        return self._read[version]

    def text(self, made: Sequence[Correction]) -> tuple[int, CorrectedText]:
        """Return which version is shown after some corrections, and how it reads."""
        version = shown_version(made, latest=self.latest)
        return version, corrected(self.machine(version), made, version=version)

    def seen(self, made: Iterable[Correction], revision: int) -> tuple[int, CorrectedText]:
        """Return the version that a page of some revision shows, and how it reads there."""
        return self.text([each for each in made if each.revision <= revision])

    def offered(self, made: Sequence[Correction]) -> int | None:
        """Return the machine's newest version if nobody has decided about it yet.

        Where nothing was corrected it is shown anyway; where it has no word, nothing is offered.
        """
        latest = self.latest
        if latest <= max(newest_known(made), shown_version(made, latest=latest)):
            return None
        return latest if any(turn.words for turn in self.machine(latest)) else None

    def compared(self, mine: CorrectedText, made: Sequence[Correction]) -> tuple[Difference, ...]:
        """Return where the text was corrected and what the machine's newest version has there."""
        old = self.machine(shown_version(made, latest=self.latest))
        return differences(old, mine, self.machine(self.latest))

    def told(
        self,
        before: Sequence[Turn],
        made: Sequence[Correction],
        correction: CorrectionId | None = None,
        *,
        now: CorrectedText | None = None,
    ) -> Corrected:
        """Return how the text stands after some corrections, for a page that shows it before.

        Args:
            before: The turns on the page.
            made: All corrections.
            correction: What has been kept just now.
            now: The text after them, if that is known.
        """
        version = shown_version(made, latest=self.latest)
        now = now or self.text(made)[1]
        last = made[-1] if made else None
        people = accounts.people_named(self.access.tx, (last.by,)) if last else {}
        return Corrected(
            correction,
            last.revision if last else 0,
            version,
            people[last.by].name if last and last.by in people else "",
            redrawn(before, now),
        )

    def keep(self, version: int, changes: Iterable[Change]) -> Correction:
        """Keep a correction, note it in the audit log, and have the text read again."""
        access = self.access
        kept = corrections.add_correction(
            access.tx, access.permit, changes, version=version, by=access.user.id
        )
        requests.ask(access.tx, RequestKind.REREAD, access.id)
        access.note_in_audit("text_corrected", correction=kept.id, version=version)
        return kept


def correct_turn(desk: Desk, *, revision: Count, turn: Count, text: Line) -> Corrected:
    """Let a turn read as somebody has typed it."""
    return _change(desk, revision, turn, lambda all_, n: retyped(all_[n], text))


def name_speaker(desk: Desk, *, revision: Count, turn: Count, speaker: Voice) -> Corrected:
    """Say whose a turn is."""
    return _change(desk, revision, turn, lambda all_, n: named(all_[n], speaker))


def swap_speakers(desk: Desk, *, revision: Count, turn: Count, speaker: Voice) -> Corrected:
    """Let a turn's speaker and another change places from there to the end."""
    return _change(desk, revision, turn, lambda all_, n: swapped(all_[n], speaker))


def split_turn(desk: Desk, *, revision: Count, turn: Count, word: Count) -> Corrected:
    """Let a turn of its own begin with a word."""
    return _change(desk, revision, turn, lambda all_, n: split(all_[n], word))


def merge_turns(desk: Desk, *, revision: Count, turn: Count) -> Corrected:
    """Let a turn belong to the one before it."""
    return _change(desk, revision, turn, merged)


def undo_correction(desk: Desk, *, revision: Count, correction: OneCorrection) -> Corrected:
    """Let one's own earlier correction not count any more.

    Raises:
        Conflict: Something later builds on it.
    """
    made = desk.corrections()
    target = _own(desk, made, correction)
    _, seen = desk.seen(made, revision)
    if target not in counted(made):
        return desk.told(seen.turns(), made)
    without = [each for each in made if each != target]
    try:
        corrected(desk.machine(target.version), without, version=target.version)
    except Conflict as met:
        raise Conflict(str(met), stored=desk.told(seen.turns(), made)) from None
    kept = desk.keep(target.version, [Undone(correction)])
    return desk.told(seen.turns(), (*made, kept), kept.id)


def redo_correction(desk: Desk, *, revision: Count, correction: OneCorrection) -> Corrected:
    """Make one's own earlier correction once more.

    Raises:
        Conflict: Somebody has been there since.
    """
    made = desk.corrections()
    target = _own(desk, made, correction)
    _, seen = desk.seen(made, revision)
    chooses = any(isinstance(change, VersionChosen) for change in target.changes)
    again = replace(target, id=CorrectionId(""), revision=made[-1].revision + 1)
    try:
        version, _ = desk.text((*made, again))
        _check_shown(version, version if chooses else desk.text(made)[0])
    except Conflict as met:
        raise Conflict(str(met), stored=desk.told(seen.turns(), made)) from None
    kept = desk.keep(target.version, target.changes)
    return desk.told(seen.turns(), (*made, kept), kept.id)


def choose_version(desk: Desk, *, revision: Count, version: Count) -> Corrected:
    """Show one of the versions, with what was corrected in it, and offer no newer one there is.

    Raises:
        NotFound: There is no such version.
    """
    made = desk.corrections()
    _, seen = desk.seen(made, revision)
    desk.machine(version)
    kept = desk.keep(version, [VersionChosen(known=desk.latest)])
    return desk.told(seen.turns(), (*made, kept), kept.id)


def take_over(
    desk: Desk, *, revision: Count, version: Count, take_new: tuple[Count, ...] = ()
) -> Corrected:
    """Show the machine's newest version with everything that people have done to the old one.

    Args:
        desk: Access to the text.
        revision: How new the text is that the page shows.
        version: The new version that the page has compared with it.
        take_new: Names of the differences in which the new text was chosen.

    Raises:
        Conflict: The text or the version is not any more as it was compared.
        BadRequest: There is nothing new to take over.
    """
    made = desk.corrections()
    _, seen = desk.seen(made, revision)
    if desk.offered(made) != version or made[-1].revision != revision:
        raise Conflict(f"version {version}", stored=desk.told(seen.turns(), made))
    found = desk.compared(seen, made)
    new = desk.machine(version)
    changes = carried_over(found, seen, new, take_new=take_new)
    kept = desk.keep(version, [VersionChosen(known=version), *changes])
    return desk.told(seen.turns(), (*made, kept), kept.id)


def _change(desk: Desk, revision: int, turn: int, plan: _Plan) -> Corrected:
    made = desk.corrections()
    version, seen = desk.seen(made, revision)
    passages, before = seen.shown(), seen.turns()
    if turn >= len(passages):
        raise BadRequest
    changes = plan(passages, turn)
    up_to_date = not made or made[-1].revision <= revision
    now_version, now = (version, seen) if up_to_date else desk.text(made)
    try:
        _check_shown(version, now_version)
        for change in changes:
            now.apply(change)
    except Conflict as met:
        raise Conflict(str(met), stored=desk.told(before, made)) from None
    if not changes:
        return desk.told(before, made, now=now)
    kept = desk.keep(version, changes)
    return desk.told(before, (*made, kept), kept.id, now=now)


def _check_shown(version: int, shown: int) -> None:
    if version != shown:
        raise Conflict(f"version {version}")


def _own(desk: Desk, made: Sequence[Correction], wanted: CorrectionId) -> Correction:
    for each in made:
        if each.id == wanted:
            if each.by != desk.access.user.id:
                raise Denied
            return each
    raise BadRequest
