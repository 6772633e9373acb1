"""The certificate of an erasure, for those who may have it. It says nothing about any person."""

from typing import Final

from consent.model import RecordingId
from review_app.commands.access import found_with_course
from review_app.errors import Denied
from review_app.permissions import may_have_certificate
from storage import audit
from storage.certificates import certificate_of
from storage.errors import NotFound
from storage.home import Home
from storage.records import Certificate, CodeHolder, User

_HOLDER: Final = "holder"
"""Who took it by code: erasure has forgotten whose code it was."""


def print_certificate(home: Home, user: User, untrusted_id: str) -> Certificate:
    """Return the certificate of a recording that was the person's own, or to an administrator any.

    Raises:
        NotFound: There is none for this person; which recordings there were is told to nobody.
    """
    with home.reading() as tx:
        try:
            recording, _ = found_with_course(tx, untrusted_id)
        except Denied:
            raise NotFound from None
        if not may_have_certificate(user, recording=recording):
            raise NotFound
    return _noted(home, recording.id, by=user.id)


def take_certificate(home: Home, holder: CodeHolder) -> Certificate:
    """Return the certificate that a code opens once the film is erased.

    Raises:
        NotFound: The film is not erased, or its erasure has not ended.
    """
    return _noted(home, holder.recording, by=_HOLDER)


def _noted(home: Home, recording: RecordingId, *, by: str) -> Certificate:
    made = certificate_of(home, recording)
    with home.transaction() as tx:
        audit.append(tx, actor=by, action="certificate_printed", subject=recording)
    return made
