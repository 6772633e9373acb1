"""One small sound film of each container, and the places in it that headers are made of."""

from functools import cache

from tests import films

TAGS = ("-metadata", "comment=PLAINTEXT-OF-A-FILM-THAT-NOBODY-MAY-SEE")
"""Text that would tell where plaintext lies about."""
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "5")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none")
PICTURE = films.picture(1.2, size="96x64", rate=10)
SOUND = films.tone(1.2, channels=2)
RECIPES: dict[str, tuple[str, ...]] = {
    "mp4": (*PICTURE, *SOUND, *H264, *films.AAC),
    "mov": (*PICTURE, *SOUND, *HEVC, "-tag:v", "hvc1", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le"),
    "mkv": (*PICTURE, *SOUND, *H264, "-c:a", "libopus"),
    "webm": (*PICTURE, *SOUND, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"),
    "avi": (*PICTURE, *SOUND, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "mts": (*PICTURE, *SOUND, *H264, "-c:a", "ac3"),
    "mpg": (*PICTURE, *SOUND, "-c:v", "mpeg2video", "-r", "25", "-c:a", "mp2"),
    "wmv": (*PICTURE, *SOUND, "-c:v", "wmv2", "-c:a", "wmav2"),
    "3gp": (*films.picture(1.2, size="176x144", rate=10), *SOUND, "-c:v", "h263", *films.AAC),
    "mp3": (*SOUND, "-c:a", "libmp3lame"),
    "wav": (*SOUND, "-c:a", "pcm_s16le"),
    "flac": (*SOUND, "-c:a", "flac"),
    "m4a": (*SOUND, *films.AAC),
    "ogg": (*SOUND, "-c:a", "libopus"),
}
FIELDS: dict[str, tuple[bytes, ...]] = {
    "mp4": (
        *(b"ftyp", b"moov", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"stsd", b"avc1", b"avcC"),
        *(b"stts", b"ctts", b"stss", b"stsz", b"stsc", b"stco", b"elst", b"dref", b"esds"),
    ),
    "mov": (
        *(b"ftyp", b"moov", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"stsd", b"hvc1", b"hvcC"),
        *(b"stts", b"ctts", b"stss", b"stsz", b"stsc", b"stco", b"elst", b"dref", b"sowt"),
    ),
    "m4a": (b"mvhd", b"tkhd", b"mdhd", b"stsd", b"mp4a", b"esds", b"stts", b"stsz", b"stco"),
    # EBML: head, segment, info, scale, duration, tracks, entry, picture, sound, cluster, block
    "mkv": (
        *(b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x2a\xd7\xb1"),
        *(b"\x44\x89", b"\x16\x54\xae\x6b", b"\xae", b"\xe0", b"\xe1", b"\x63\xa2"),
        *(b"\x1f\x43\xb6\x75", b"\xa3", b"\xe7", b"\x1c\x53\xbb\x6b"),
    ),
    "avi": (b"RIFF", b"avih", b"strh", b"strf", b"movi", b"idx1", b"LIST", b"00dc", b"01wb"),
    "mp3": (b"ID3", b"Xing", b"Info", b"TIT2", b"\xff\xfb"),
    # Transport stream: a packet's head with the tables' and the tracks' numbers, starts of packets
    "mts": (
        *(b"G@\x00", b"G@\x11", b"GP\x00", b"G\x01\x00", b"GA\x00", b"G\x01\x01", b"GA\x01"),
        *(b"\x00\x00\x01\xe0", b"\x00\x00\x01\xbd", b"\x00\x00\x01\x67", b"\x0b\x77"),
    ),
    # Program stream: pack, system head, tracks, head of a sequence, group, picture
    "mpg": tuple(
        b"\x00\x00\x01" + bytes((code,)) for code in (0xBA, 0xBB, 0xC0, 0xE0, 0xB3, 0xB8, 0)
    ),
    # ASF: head, file properties, stream properties, data, by the beginnings of their names
    "wmv": (
        *(b"\x30\x26\xb2\x75", b"\xa1\xdc\xab\x8c", b"\x91\x07\xdc\xb7", b"\x36\x26\xb2\x75"),
        *(b"\xb5\x03\xbf\x5f", b"\x40\x52\xd1\x86", b"WMV2", b"\x61\x01"),
    ),
    "3gp": (
        *(b"ftyp", b"moov", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"stsd", b"s263", b"d263"),
        *(b"stts", b"stss", b"stsz", b"stsc", b"stco", b"elst", b"dref", b"mp4a", b"esds"),
    ),
    "wav": (b"RIFF", b"fmt ", b"data", b"LIST"),
    "flac": (b"fLaC", b"\xff\xf8", b"\xff\xf9"),
    "ogg": (b"OggS", b"OpusHead", b"OpusTags"),
}
FIELDS["webm"] = FIELDS["mkv"]


@cache
def film_of(kind: str) -> bytes:
    """Return the whole film of a kind."""
    return films.made(kind, *RECIPES[kind], *TAGS)
