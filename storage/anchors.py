"""Comparing the audit log with what was noted of it outside the database.

The chain within the log shows every edit, but not a cut-off end, an older copy, or a log computed
anew by someone who has the keys. An anchor notes the last entry in a file elsewhere, and the log
in turn notes how many anchors and deletions that file has: whoever cuts one must cut both.
"""

from dataclasses import dataclass

from storage import audit
from storage.errors import LogCut, LogReplaced, ProofCut
from storage.home import Home
from storage.jurisdictions import today
from storage.proof import Proof
from storage.records import Anchor
from storage.transaction import Transaction

ACTOR = "worker"
ANCHORED = "anchored"
ERASED = "erased"
RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found to be sound.

    Attributes:
        restored: Backups that were put back; what the log held after each is known to be gone.
    """

    entries: int
    anchors: int
    restored: tuple[Anchor, ...]


def anchor_what_is_new(home: Home) -> None:
    """Note where the audit log ends: once a day, and after each erasure."""
    with home.reading() as tx:
        end, erased = audit.end(tx), audit.latest(tx, ERASED)
        day = today(tx, home.settings.jurisdiction)
    if end is None:
        return
    last = next(reversed(home.proof.anchors()), None)
    new_erasure = erased is not None and (last is None or erased.seq > last.seq)
    if last is None or last.day < day or new_erasure:
        anchor(home, Anchor(number=0, day=day, seq=end.seq, mac=end.mac))


def anchor(home: Home, where: Anchor) -> None:
    """Note an anchor outside, then in the log that it was noted.

    Killed in between, the file has one more than the log knows of, which does no harm.
    """
    noted = home.proof.note_anchor(where)
    with home.transaction() as tx:
        detail = {"number": noted.number, "seq": noted.seq}
        action = RESTORED if where.restored else ANCHORED
        audit.append(tx, actor=ACTOR, action=action, subject="audit", detail=detail)


def verify(tx: Transaction, proof: Proof) -> Checked:
    """Check every entry of the audit log, and the log against what was noted outside.

    Raises:
        BrokenChain: An entry was changed, removed or put in.
        LogCut: The log ends before an entry that was noted.
        LogReplaced: An entry that was noted is another one now.
        ProofBroken: A line outside the database was changed.
        ProofCut: The log knows of more lines than there are outside.
    """
    entries = audit.verify(tx)
    anchors = proof.anchors()
    for noted in _still_valid(anchors):
        if noted.seq > entries:
            raise LogCut(seq=noted.seq, last=entries)
        if audit.entry(tx, noted.seq).mac != noted.mac:
            raise LogReplaced(noted.seq)
    check_lengths(tx, proof)
    return Checked(entries, len(anchors), tuple(each for each in anchors if each.restored))


def check_lengths(tx: Transaction, proof: Proof) -> None:
    """Check that outside there is all that the audit log says was noted.

    Raises:
        ProofBroken: A line outside the database was changed.
        ProofCut: The log knows of more lines than there are outside.
    """
    anchors, deletions = len(proof.anchors()), proof.deletion_lines()
    _check_length("anchors", tx, action=ANCHORED, field="number", found=anchors)
    _check_length("anchors", tx, action=RESTORED, field="number", found=anchors)
    _check_length("deletions", tx, action=ERASED, field="line", found=deletions)


def first_at_or_after(proof: Proof, seq: int) -> Anchor | None:
    """Return the first anchor that an entry is covered by, None while there is none."""
    return next((each for each in _still_valid(proof.anchors()) if each.seq >= seq), None)


def _still_valid(anchors: tuple[Anchor, ...]) -> tuple[Anchor, ...]:
    """Return the anchors but those of entries that were lost when a backup was put back."""
    valid: list[Anchor] = []
    for each in anchors:
        if each.restored:
            valid = [earlier for earlier in valid if earlier.seq <= each.seq]
        if each.seq:
            valid.append(each)
    return tuple(valid)


def _check_length(file: str, tx: Transaction, *, action: str, field: str, found: int) -> None:
    noted = audit.latest(tx, action)
    expected = int(noted.detail.get(field, 0)) if noted else 0
    if found < expected:
        raise ProofCut(file, expected=expected, found=found)
