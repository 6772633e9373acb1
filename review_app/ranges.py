"""Which bytes of a film a request is answered with. Pure: sending them is routes/media.

Source: RFC 9110, sections 8.8.3 (entity tags), 13 (conditions) and 14 (ranges).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

_UNIT: Final = re.compile(r"\s*bytes\s*=(.*)", re.IGNORECASE | re.DOTALL)
_SPEC: Final = re.compile(r"([0-9]{0,4000})-([0-9]{0,4000})")
"""As many digits as Python turns into a number at once."""
_TAG: Final = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and the bytes ``[start, end)`` that go with it; none unless it is 200 or 206."""

    status: HTTPStatus
    start: int = 0
    end: int = 0


def answer_to(headers: Mapping[str, str], *, etag: str, size: int, head: bool = False) -> Answer:
    """Return how a request for ``size`` bytes with a strong ``etag`` is answered.

    One range is answered with a part. Several at once are answered with the whole, as a server
    may: no player asks for them. A unit that we do not know is passed over, a range in bytes that
    makes no sense is refused.
    """
    if "if-match" in headers and not _names(headers["if-match"], etag, weakly=False):
        return Answer(HTTPStatus.PRECONDITION_FAILED)
    if "if-none-match" in headers and _names(headers["if-none-match"], etag, weakly=True):
        return Answer(HTTPStatus.NOT_MODIFIED)
    whole = Answer(HTTPStatus.OK, 0, size)
    asked = _UNIT.fullmatch(headers.get("range", ""))
    if head or asked is None or headers.get("if-range", etag).strip() != etag:
        return whole
    return _ranged(asked[1], whole=whole)


def _names(untrusted_tags: str, etag: str, *, weakly: bool) -> bool:
    if untrusted_tags.strip() == "*":
        return True
    return any(tag == etag and (weakly or not weak) for weak, tag in _TAG.findall(untrusted_tags))


def _ranged(untrusted_set: str, *, whole: Answer) -> Answer:
    refused = Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
    specs = [spec.strip() for spec in untrusted_set.split(",") if spec.strip()]
    spans = [_span_of(spec, size=whole.end) for spec in specs]
    satisfiable = [span for span in spans if span is not None and span[0] < span[1]]
    if None in spans or not satisfiable:
        return refused
    if len(spans) > 1:
        return whole
    ((start, end),) = satisfiable
    return Answer(HTTPStatus.PARTIAL_CONTENT, start, end)


def _span_of(untrusted_spec: str, *, size: int) -> tuple[int, int] | None:
    """Return a half-open span, empty if it lies outside; None for what is no range."""
    match = _SPEC.fullmatch(untrusted_spec)
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return min(int(first), size), min(int(last) + 1, size) if last else size
