"""What the desk is shown in tests: a made-up minute in which nobody real says anything."""

from typing import Any

Document = dict[str, Any]

LINES = (
    ("caseworker", "Hvad tænker du, vi skal begynde med i dag?"),
    ("youth", "Det ved jeg ikke."),
    ("caseworker", "Tag dig bare tid."),
    ("youth", "Måske det med skolen, det fylder mest."),
    ("caseworker", "Så det med skolen fylder mest lige nu."),
    ("youth", "Ja."),
)
_CODES = (
    "Åbent spm.|Lukket spm.|Spejling|Anerkendelse|Pause|Egne ord|Fagord|Mestring|Rettighed|Aftale"
)
CODES = _CODES.split("|")


def turn(
    index: int, *, speaker: str, text: str, start_ms: int, end_ms: int, **more: object
) -> Document:
    words = text.split()
    step = (end_ms - start_ms) // len(words)
    timed = [
        [start_ms + place * step, start_ms + (place + 1) * step, word, 0.9]
        for place, word in enumerate(words)
    ]
    return {
        "index": index,
        "start_ms": start_ms,
        "end_ms": end_ms,
        "speaker": speaker,
        "kind": "turn",
        "doubts": [],
        "speaker_confidence": 0.9,
        "words": timed,
        **more,
    }


def many_turns(count: int, every_ms: int) -> list[Document]:
    turns = []
    for index in range(count):
        speaker, text = LINES[index % len(LINES)]
        start = index * every_ms
        end = start + every_ms - 100
        turns.append(turn(index, speaker=speaker, text=text, start_ms=start, end_ms=end))
    return turns


def a_minute() -> list[Document]:
    """Return turns over 60 seconds with a pause, a backchannel and two kinds of doubt."""
    turns = many_turns(8, 4000)
    turns[3]["words"][1][3] = 0.31
    said = {"speaker": "youth", "text": "Tak for i dag."}
    turns.append(turn(8, start_ms=36_000, end_ms=38_000, doubts=["over_silence"], **said))
    heard = {"speaker": "caseworker", "text": "Mm.", "kind": "backchannel"}
    turns.append(turn(9, start_ms=39_000, end_ms=39_400, **heard))
    turns.extend(
        turn(10 + place, speaker="youth", text="Og så er det slut.", start_ms=at, end_ms=at + 3000)
        for place, at in enumerate((44_000, 50_000))
    )
    return turns


def a_document(*, side: str = "supervisor", turns: list[Document] | None = None) -> Document:
    people = {"supervisor": ("s1", "Birgitte Lund"), "caseworker": ("c1", "Mette Krogh")}
    mine = people[side]
    other = people["caseworker" if side == "supervisor" else "supervisor"]
    turns = a_minute() if turns is None else turns
    length = max(60_000, turns[-1]["end_ms"])
    sequences = [
        sequence("q1", 1, (8000, 14_000), title="Du giver A tid", kind="strength"),
        sequence("q2", 2, (20_000, 26_000), title="Hvem vælger emnet?", kind="open_question"),
    ]
    return {
        "recording": {
            "id": "r1",
            "number": 3,
            "youth_letter": "A",
            "recorded_at": "2026-11-12T09:00:00+00:00",
            "duration_ms": length,
            "language": "da",
            "package": "package_2",
            "rehearsal": True,
            "has_video": True,
        },
        "me": {"id": mine[0], "name": mine[1], "side": side},
        "other": {"id": other[0], "name": other[1]},
        "wish": "Jeg kommer til at fylde pauserne ud. Hvad sker der lige før og lige efter?",
        "last_plan": {
            "will_try": ["Tælle til fem, før jeg spørger igen"],
            "will_notice": "",
            "with_whom": "",
            "goal": "",
            "what_happened": "",
        },
        "turns": turns,
        "segments": [
            segment("g1", (0, 24_000), phase="opening", label="Åbning", verdict="confirmed"),
            segment("g2", (24_000, 60_000), phase="topic", label="Skolen", verdict="suggested"),
        ],
        "phases": [
            {"phase": "opening", "label": "Indledning"},
            {"phase": "topic", "label": "Emne"},
            {"phase": "decision", "label": "Beslutning"},
        ],
        "tags": [
            tag("t1", "c3", (16_000, 20_000), label="Spejling", verdict="confirmed"),
            tag("t2", "c5", (32_000, 36_000), label="Pause", verdict="suggested"),
        ],
        "books": [
            {"id": "conversation", "title": "Samtale"},
            {"id": "methods", "title": "Metoder"},
        ],
        "codes": [
            {
                "book": "conversation",
                "code": f"c{place}",
                "label": label,
                "key": str(place % 10),
                "description": f"Om {label}",
                "modifiers": [],
                "safeguarding": False,
                "accepted": 14,
                "judged": 17,
            }
            for place, label in enumerate(CODES, start=1)
        ],
        "sequences": sequences,
        "notes": [],
        "answers": [],
        "cycle": dict.fromkeys(("released_at", "answers_sent_at", "meeting_at"), None),
        "waveform": [(place * 37) % 255 for place in range(400)],
        "thumbnails": {"count": 0, "every_ms": 10_000, "width": 160, "height": 90, "url": ""},
        "suggestions": [
            {
                "id": "t2",
                "start_ms": 32_000,
                "end_ms": 38_000,
                "title": "Pause på 5,1 s",
                "reason": "derefter eget emne",
                "kind": "strength",
            }
        ],
    }


def sequence(name: str, order: int, place: tuple[int, int], *, title: str, kind: str) -> Document:
    return {
        "id": name,
        "start_ms": place[0],
        "end_ms": place[1],
        "order": order,
        "title": title,
        "kind": kind,
        "keywords": ["pause"],
        "prompt": "Hvad gjorde du her?",
        "context_ms": 5000,
        "by": "s1",
    }


def segment(name: str, place: tuple[int, int], *, phase: str, label: str, verdict: str) -> Document:
    start, end = place
    return {
        "id": name,
        "start_ms": start,
        "end_ms": end,
        "phase": phase,
        "label": label,
        "reason": "nyt emne" if verdict == "suggested" else "",
        "verdict": verdict,
    }


def tag(name: str, code: str, place: tuple[int, int], *, label: str, verdict: str) -> Document:
    start, end = place
    return {
        "id": name,
        "code": code,
        "label": label,
        "description": "",
        "book": "conversation",
        "codebook": "conversation@1",
        "modifier": "",
        "start_ms": start,
        "end_ms": end,
        "origin": "machine",
        "verdict": verdict,
        "confidence": 0.6,
        "reason": "stilhed over 3 s",
    }
