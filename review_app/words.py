"""English words for our codes, to be translated where they are shown."""

from consent.model import GapKind, Method, Purpose, Role
from storage.records import SoundLayout, UserRole

ROLE_WORDS: dict[Role, str] = {
    Role.YOUTH: "Young person",
    Role.CUSTODY_HOLDER: "Custody holder",
    Role.PARENT: "Parent",
    Role.SUPPORT_PERSON: "Support person",
    Role.INTERPRETER: "Interpreter",
    Role.NETWORK_PERSON: "Network member",
    Role.CASEWORKER: "Caseworker",
}

USER_ROLE_WORDS: dict[UserRole, str] = {
    UserRole.CASEWORKER: "Caseworker",
    UserRole.SUPERVISOR: "Supervisor",
    UserRole.COORDINATOR: "Coordinator",
    UserRole.ADMINISTRATOR: "Administrator",
    UserRole.RESEARCHER: "Researcher",
}

PURPOSE_WORDS: dict[Purpose, str] = {
    Purpose.SUPERVISION: "Supervision",
    Purpose.TRAINING: "Training clip",
    Purpose.RESEARCH: "Research",
    Purpose.STATISTICS: "Sums",
}

METHOD_WORDS: dict[Method, str] = {
    Method.SIGNED_PAPER: "Signed paper",
    Method.DIGITAL: "Digital answer",
    Method.SPOKEN: "Said on the recording",
}

GAP_WORDS: dict[GapKind, str] = {
    GapKind.NOBODY_NAMED: "Nobody is named. Say who is in the recording.",
    GapKind.NO_YOUTH: "No young person is named. Say who the conversation is with.",
    GapKind.NO_CUSTODY_HOLDER: "The young person is under age and no custody holder is named.",
    GapKind.BIRTH_DATE_MISSING: "The birth date is missing.",
    GapKind.NOT_ASKED: "Not asked yet",
    GapKind.REFUSED: "Said no",
    GapKind.WITHDRAWN: "Has withdrawn the consent",
    GapKind.EXPIRED: "The consent has run out",
    GapKind.INVALIDATED: "The consent was found invalid",
    GapKind.RECORDING_NOT_COVERED: "The consent does not cover the day of the conversation",
    GapKind.SCOPE_NOT_COVERED: "The consent covers only a part",
}

LANGUAGE_WORDS: dict[str, str] = {"da": "Danish", "sv": "Swedish", "en": "English"}

SOUND_WORDS: dict[SoundLayout, str] = {
    SoundLayout.ONE_DEVICE: "One device",
    SoundLayout.TWO_MICROPHONES: "Two microphones",
}
