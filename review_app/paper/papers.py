"""What stands on each paper, in the reader's words; how it looks is the ``.typ`` files'."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import segno

from consent.days import day_of
from consent.model import AFFIRMATIVE, Event, Evidence, Purpose
from consent.notices import Audience, Notice, Passage
from consent.receipt import Account, receipt
from review_app.consent_page.labels import HOLDING_WORDS
from review_app.dates import clock, full_day, moment
from review_app.paper.press import pdf
from review_app.translation import Translate, translator
from review_app.words import METHOD_WORDS
from storage.certificates import certificate_to_json
from storage.records import Certificate, ErasureReason

_LARGE_PRINT: Final = 18.0
"""Points; the size from which print is called large."""
_PRINT: Final = 11.3
_CHILDRENS_PRINT: Final = {Audience.YOUTH_7_9: 12.6, Audience.YOUTH_10_12: 12.0}
_NUMBER_ENDS: Final = re.compile(r"(?<=\d) ")
"""Where a line must not break: inside a telephone number, between days and their number."""
_ANSWER_WORDS: Final[dict[Event, str]] = {
    Event.GIVEN: "You said yes",
    Event.RECONFIRMED: "You said yes",
    Event.REFUSED: "You said no",
    Event.WITHDRAWN: "You said no",
    Event.EXPIRED: "Your yes has run out",
    Event.INVALIDATED: "Your yes does not count",
}
ERASURE_WORDS: Final[dict[ErasureReason, str]] = {
    ErasureReason.WITHDRAWAL: "Consent was withdrawn",
    ErasureReason.NO_CONSENT: "Consent did not come in time",
    ErasureReason.RETENTION: "The time for keeping it was over",
}


def notice_pdf(notice: Notice, *, controller: str, at: datetime, large: bool = False) -> bytes:
    """Return what someone is told before they answer, with room for the answer.

    One page, or as many as it takes in large print.

    Args:
        notice: The filled notice.
        controller: The authority that is responsible, at the top of the sheet.
        at: When it is printed.
        large: In print of 18 points and more.
    """
    say = translator(notice.language)
    data = {
        **_sheet(notice, controller=controller, large=large),
        "title": notice.title,
        "intro": notice.intro,
        "filmed": _passage(notice.filmed),
        "purposes": [
            _purpose(purpose, passage.title) | {"text": passage.text}
            for purpose, passage in notice.purposes.items()
        ],
        "free": [_passage(notice.choice), _passage(notice.stop)],
        "more": [_passage(p) for p in (notice.seen, notice.kept, notice.rights, notice.ask)],
        "words": {
            "yes": say("Yes"),
            "no": say("No"),
            "date": say("Date"),
            "signature": say("Signature"),
        },
        "foot": notice.version,
    }
    return pdf("notice", data, at=at)


def receipt_pdf(account: Account, *, code: str, id_: str, large: bool = False) -> bytes:
    """Return what a person keeps: what they have answered, and the code to their page.

    The file carries the receipt as JSON-LD too, so that paper and data are one thing to keep.

    Args:
        account: The person's answers, with the page's address; its notice is filled.
        code: The private code in its groups.
        id_: The receipt's identifier.
        large: In print of 18 points and more.

    Raises:
        NothingAnswered: The person has not answered yet.
    """
    notice = account.notice
    say = translator(notice.language)
    ending = (
        say("Until {day}. Then it is deleted by itself.").format(
            day=full_day(account.erase_after, language=notice.language)
        )
        if account.erase_after
        else notice.kept.text
    )
    today = full_day(day_of(account.at, account.jurisdiction), language=notice.language)
    data = {
        **_sheet(notice, controller=account.controller.name, large=large),
        "title": say("Receipt for your answer"),
        "intro": say("This is what you have answered. You can change your mind at any time."),
        "purposes": [
            _purpose(purpose, passage.title) | _answer(account, purpose, say=say)
            for purpose, passage in notice.purposes.items()
        ],
        "code": code,
        "address": account.page,
        "qr": _qr(account.page),
        "receipt": json.dumps(receipt(account, id_=id_), ensure_ascii=False, indent=1),
        "more": [
            _passage(passage)
            for passage in (
                notice.stop,
                Passage(notice.kept.title, ending),
                notice.rights,
                notice.ask,
            )
        ],
        "words": {
            "code": say("Your own code"),
            "qr": say("Picture of your page's address, to be read by a phone"),
            "opens": say(
                "It opens your page. There you see what you said, who has seen the film, and "
                "you can stop."
            ),
            "careful": say("Take good care of it: whoever has the code can open the page."),
        },
        "foot": f"{today} · {id_}",
    }
    return pdf("receipt", data, at=account.at)


def certificate_pdf(
    certificate: Certificate, *, controller: str, language: str, at: datetime
) -> bytes:
    """Return that a recording is gone, for whoever asks: kinds, counts, times, and nobody.

    The file carries the sealed certificate as JSON too, which is what a program checks.

    Args:
        certificate: What was erased and what proves it.
        controller: The authority that is responsible, at the top of the sheet.
        language: The reader's.
        at: When it is printed.
    """
    say = translator(language)

    def told(when: datetime | None) -> str:
        if when is None:
            return say("Not yet")
        return f"{full_day(when, language=language)}, {clock(when, language=language)}"

    anchor = certificate.anchor
    data = {
        "language": language,
        "controller": controller,
        "large": False,
        "size": _PRINT,
        "title": say("Certificate of erasure"),
        "intro": say(
            "The recording below is gone. The key that could open it has been destroyed, so "
            "no copy of it can be read any more."
        ),
        "sealed": certificate_to_json(certificate),
        "recording": [say("Number of the recording"), certificate.recording],
        "held": {
            "title": say("What was erased"),
            "rows": [
                [say(HOLDING_WORDS[kind.removeprefix("blob.")]), str(count)]
                for kind, count in sorted(certificate.holdings, key=_in_order)
            ],
            "rest": say("The answers, and whatever else was kept about it, are gone too."),
        },
        "groups": [
            {
                "title": say("What happened"),
                "rows": [
                    [say("Reason"), say(ERASURE_WORDS[certificate.because])],
                    [say("Asked for"), told(certificate.asked_at)],
                    [say("Key destroyed"), told(certificate.key_destroyed_at)],
                    [say("All of it gone"), told(certificate.completed_at)],
                    [say("Old copies of the keys made useless"), told(certificate.keys_rotated_at)],
                ],
            },
            {
                "title": say("What it can be checked against"),
                "rows": [
                    [say("Entry in the log"), str(certificate.seq)],
                    [say("Seal of the entry"), _in_groups(certificate.entry_mac)],
                    [
                        say("Noted outside the database"),
                        say("{day}, up to entry {seq}").format(
                            day=full_day(anchor.day, language=language), seq=anchor.seq
                        )
                        if anchor
                        else say("Not yet"),
                    ],
                    [say("Signature of this certificate"), _in_groups(certificate.mac)],
                ],
            },
        ],
        "proof": say(
            "This certificate says nothing about any person. Whoever runs Samspil can check it "
            "against the log at any time."
        ),
        "foot": full_day(at, language=language),
    }
    return pdf("certificate", data, at=at)


def _in_order(held: tuple[str, int]) -> int:
    """Return the place of a kind of holding: the film first, then what was made from it."""
    return list(HOLDING_WORDS).index(held[0].removeprefix("blob."))


def _sheet(notice: Notice, *, controller: str, large: bool) -> dict[str, object]:
    size = _CHILDRENS_PRINT.get(notice.audience, _PRINT)
    return {
        "language": notice.language,
        "controller": controller,
        "large": large,
        "size": _LARGE_PRINT if large else size,
    }


def _passage(passage: Passage) -> dict[str, str]:
    return {"title": passage.title, "text": _NUMBER_ENDS.sub("\u00a0", passage.text)}


def _purpose(purpose: Purpose, title: str) -> dict[str, str]:
    return {"title": title, "picture": f"{purpose}.svg"}


def _answer(account: Account, purpose: Purpose, *, say: Translate) -> dict[str, str]:
    last = _last(answer for answer in account.answers if answer.purpose is purpose)
    if last is None:
        return {"answer": say("Not asked"), "how": ""}
    return {
        "answer": say(_ANSWER_WORDS[last.event]),
        "how": f"{moment(last.at, language=account.notice.language)} · "
        f"{say(METHOD_WORDS[last.method])}",
    }


def _last(answers: Iterable[Evidence]) -> Evidence | None:
    """Return the answer that counts: of two at the same moment the less permissive."""
    return max(answers, key=lambda e: (e.at, e.event not in AFFIRMATIVE, e.id), default=None)


def _in_groups(digits: str) -> str:
    """Return a long number as a person can compare it, eight signs at a time."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _qr(address: str) -> str:
    """Return the address as an SVG to be read by a phone, readable when a third is smudged."""
    drawn: str = segno.make(address, error="q", micro=False).svg_inline(border=0, dark="#1d2a2f")
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
