"""Subtitles that others have written: what is read, what is refused with its line, who is who."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import (
    SubtitlesEmpty,
    SubtitlesRefused,
    SubtitlesUnreadable,
    SubtitleTimeUnreadable,
    TextWithoutTime,
    TimeRunsBackwards,
)
from storage.subtitles import (
    LARGEST_FILE,
    Cue,
    SubtitleKind,
    Voice,
    guess,
    read_subtitles,
)

SRT = """1
00:00:01,000 --> 00:00:02,500
Hvordan går det på skolen?

2
00:00:03,000 --> 00:00:04,000
Det går fint, synes jeg.
"""
NOSCRIBE = """WEBVTT Samtale med Mette

NOTE
Transskriberet med et andet program.
Sprog: da

NOTE media: C:/Film/Mette og Jonas.mp4

1
00:00:00.500 --> 00:00:02.000
<v S00>S00: Hvordan går det?

2
00:00:02.100 --> 00:00:03.000
<v S01>Det går &lt;fint&gt; &amp; godt.
"""


def texts(untrusted: str) -> list[tuple[str, str]]:
    return [(cue.speaker, cue.text) for cue in read_subtitles(untrusted.encode()).cues]


def test_subrip_is_read() -> None:
    found = read_subtitles(SRT.encode())
    assert found.kind is SubtitleKind.SRT
    assert found.cues == (
        Cue(1_000, 2_500, "", "Hvordan går det på skolen?"),
        Cue(3_000, 4_000, "", "Det går fint, synes jeg."),
    )


def test_voices_are_read_and_what_the_file_tells_of_itself_is_not() -> None:
    found = read_subtitles(NOSCRIBE.encode())
    assert found.kind is SubtitleKind.VTT
    assert found.cues == (
        Cue(500, 2_000, "S00", "Hvordan går det?"),
        Cue(2_100, 3_000, "S01", "Det går <fint> & godt."),
    )
    assert "Mette" not in repr(found)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_editor_may_have_saved_it(encoding: str, ending: str) -> None:
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    saved = marks.get(encoding, b"") + SRT.replace("\n", ending).encode(encoding)
    assert read_subtitles(saved) == read_subtitles(SRT.encode())


def test_settings_styling_and_short_clocks_are_taken() -> None:
    assert texts(
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n"
        "00:01.5 --> 00:02.000 align:start\n<i>Ja</i>, <c.loud>det</c> <00:00:01.900>er\nder."
    ) == [("", "Ja, det er der.")]
    assert texts("1\n0:00:01,5 --> 0:00:02,000\n{\\an8}<font color=red>Nej</font> 3 < 4") == [
        ("", "Nej 3 < 4")
    ]


def test_a_cue_of_two_voices_is_shared_by_length() -> None:
    found = read_subtitles(
        b"WEBVTT\n\n00:00.000 --> 00:04.000\n<v A>Hallo you</v>\n<v B>What</v>\n"
    )
    assert [(c.speaker, c.start_ms, c.end_ms) for c in found.cues] == [
        ("A", 0, 2_769),
        ("B", 2_769, 4_000),
    ]


def test_a_missing_empty_line_is_forgiven() -> None:
    assert [text for _, text in texts(SRT.replace("\n\n", "\n"))] == [
        "Hvordan går det på skolen?",
        "Det går fint, synes jeg.",
    ]


def test_a_name_before_a_colon_is_a_speaker_when_it_is_used_as_one() -> None:
    two = "1\n00:01,0 --> 00:02,0\nMette: Hej\n\n2\n00:03,0 --> 00:04,0\n"
    assert texts(two + "Mette: Igen\nJonas: Ja\nMor: Nej") == [
        ("Mette", "Hej"),
        ("Mette", "Igen"),
        ("", "Jonas: Ja"),  # said once only: it may be what was said
        ("Mor", "Nej"),
    ]
    assert texts(two + "SPEAKER_01: Ja") == [("", "Mette: Hej"), ("SPEAKER_01", "Ja")]


def test_what_was_no_speaker_is_put_back_among_the_words() -> None:
    found = read_subtitles(b"1\n00:01,0 --> 00:02,0\nMor: det sagde hun")
    (cue,) = found.spoken_by([Voice.NO_SPEAKER])
    assert cue.text == "Mor: det sagde hun"
    assert cue.speaker == Voice.UNKNOWN


def test_names_give_way_to_roles() -> None:
    found = read_subtitles(NOSCRIBE.encode())
    cues = found.spoken_by([Voice.CASEWORKER, Voice.YOUTH])
    assert [cue.speaker for cue in cues] == ["caseworker", "youth"]
    with pytest.raises(ValueError, match="zip"):
        found.spoken_by([Voice.YOUTH])


@pytest.mark.parametrize(
    ("label", "voice"),
    [
        ("Rådgiver", Voice.CASEWORKER),
        ("Socialsekreterare 1", Voice.CASEWORKER),
        ("[Den unge]", Voice.YOUTH),
        ("MAMMA", Voice.PARENT),
        ("Tolk", Voice.OTHER),
        ("?", Voice.UNKNOWN),
        ("Mortensen", Voice.UNKNOWN),
        ("S00", Voice.UNKNOWN),
        *((voice, voice) for voice in Voice if voice is not Voice.NO_SPEAKER),
    ],
)
def test_roles_are_guessed_by_the_label_alone(label: str, voice: Voice) -> None:
    assert guess(label) is voice


@pytest.mark.parametrize(
    ("broken", "kind", "line"),
    [
        (SRT.replace("00:00:03,000 -->", "00:99:03,000 -->"), SubtitleTimeUnreadable, 6),
        (SRT.replace("00:00:03,000 -->", "three -->"), SubtitleTimeUnreadable, 6),
        (SRT.replace("00:00:03,000 -->", "00:00:05,000 -->"), TimeRunsBackwards, 6),
        (SRT + "\nHvem sagde det?\n", TextWithoutTime, 9),
        (SRT.replace("00:00:03,000 --> 00:00:04,000\n", ""), TextWithoutTime, 6),
        (SRT.replace("2\n00", "NOTE\n00"), TextWithoutTime, 5),
        ("WEBVTT\n\nNOTE x\n\nlost words\nand more\n", TextWithoutTime, 5),
        (SRT + "\n3\n", TextWithoutTime, 9),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_line(
    broken: str, kind: type[SubtitlesRefused], line: int
) -> None:
    with pytest.raises(kind) as raised:
        read_subtitles(broken.encode())
    assert type(raised.value) is kind
    assert raised.value.line == line
    assert str(raised.value) == f"line {line} of the subtitles"


@pytest.mark.parametrize("nothing", [b"", b"WEBVTT", b"WEBVTT\n\nNOTE none\n", b"\n \n"])
def test_a_file_without_subtitles_is_refused(nothing: bytes) -> None:
    with pytest.raises(SubtitlesEmpty):
        read_subtitles(nothing)


@pytest.mark.parametrize(
    "no_text",
    [b"\x00\x00\x00\x18ftypmp42", b"PK\x03\x04", b"\xff\xfe\x00", b" " * (LARGEST_FILE + 1)],
)
def test_what_is_no_text_is_refused(no_text: bytes) -> None:
    with pytest.raises(SubtitlesUnreadable):
        read_subtitles(no_text)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_file_is_read_or_refused(untrusted: bytes) -> None:
    for beginning in (b"", b"WEBVTT\n\n"):
        try:
            found = read_subtitles(beginning + untrusted)
        except SubtitlesRefused:
            continue
        assert all(cue.start_ms < cue.end_ms or not cue.text for cue in found.cues)


LINES = st.lists(st.sampled_from(["", "7", "00:01.0 --> 00:02.0", "<v A>ja", "Bo: nej"]))


@pytest.mark.parametrize("beginning", [[], ["WEBVTT", ""]])
@given(lines=LINES)
def test_no_word_is_lost_in_a_file_that_is_taken(beginning: list[str], lines: list[str]) -> None:
    lines = [
        f"{line} w{at}" if line[-2:] in {"ja", "ej"} else line for at, line in enumerate(lines)
    ]
    try:
        found = read_subtitles("\n".join(beginning + lines).encode())
    except SubtitlesRefused:
        return
    names = {
        line
        for before, line, after in zip(["", *lines], lines, lines[1:], strict=False)
        if beginning and not before and "-->" in after  # in WebVTT a cue may be called anything
    }
    words = {word for line in lines if line not in names for word in line.split() if word[0] == "w"}
    assert {w for cue in found.cues for w in cue.text.split() if w[0] == "w"} == words
