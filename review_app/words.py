"""English words for our codes, to be translated where they are shown."""

from consent.model import GapKind, Method, Purpose, Role
from review_app.translation import Translate
from storage.records import (
    ConcernStep,
    ExportReason,
    HoldKind,
    NotificationKind,
    SoundLayout,
    Stage,
    TrainingReason,
    UserRole,
)

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
    Purpose.GROUP: "Reflecting group",
    Purpose.TRAINING: "Training clip",
    Purpose.RESEARCH: "Research",
    Purpose.STATISTICS: "Statistics",
}

METHOD_WORDS: dict[Method, str] = {
    Method.SIGNED_PAPER: "Signed paper",
    Method.DIGITAL: "Digital answer",
    Method.SPOKEN: "Said on the recording",
}

GAP_WORDS: dict[GapKind, str] = {
    GapKind.NOBODY_NAMED: "Nobody is named. Say who is in the recording.",
    GapKind.NO_YOUTH: "No young person is named. Say who the conversation is with.",
    GapKind.NO_CUSTODY_HOLDER: "The young person is under 18 and no custody holder is named.",
    GapKind.BIRTH_DATE_MISSING: "The birth date is missing.",
    GapKind.NOT_ASKED: "Not asked yet",
    GapKind.REFUSED: "Said no",
    GapKind.WITHDRAWN: "Has withdrawn the consent",
    GapKind.EXPIRED: "The consent has expired",
    GapKind.INVALIDATED: "The consent was found invalid",
    GapKind.RECORDING_NOT_COVERED: "The consent does not cover the day of the conversation",
    GapKind.SCOPE_NOT_COVERED: "The consent covers only a part",
    GapKind.REASK_DUE: "Has turned 18 and must be asked anew",
    GapKind.SCAN_MISSING: "The signed paper has not been scanned in time",
    GapKind.NOT_HEARD: "The spoken answer is not marked on the recording",
}

EXPORT_REASON_WORDS: dict[ExportReason, str] = {
    ExportReason.ACCESS_ASKED: "Someone in the recording has asked for a copy",
    ExportReason.COURT: "A court or an authority has ordered it",
    ExportReason.CASE_FILE: "It has to go into the case file",
    ExportReason.NEW_AUTHORITY: "The case moves to another authority",
}

TRAINING_REASON_WORDS: dict[TrainingReason, str] = {
    TrainingReason.INTRODUCTION: "An introduction course",
    TrainingReason.DEPARTMENT: "Training in the department",
    TrainingReason.EDUCATION: "Teaching at a school or university",
}

LANGUAGE_WORDS: dict[str, str] = {"da": "Danish", "sv": "Swedish", "en": "English"}

SOUND_WORDS: dict[SoundLayout, str] = {
    SoundLayout.ONE_DEVICE: "One device",
    SoundLayout.TWO_MICROPHONES: "Two microphones",
}

CONCERN_STEP_WORDS: dict[ConcernStep, str] = {
    ConcernStep.RAISED: "Concern raised",
    ConcernStep.LEADER_TOLD: "Leader told, without content",
    ConcernStep.LEADER_READ: "Read by the leader",
    ConcernStep.ASSESSED: "Talked through and assessed",
    ConcernStep.AUTHORITY_NOTIFIED: "Report of concern sent",
    ConcernStep.NO_DUTY: "No duty to notify",
    ConcernStep.CLOSED: "Closed",
}

# The buttons of the steps; the first two come with raising it.
CONCERN_ACTION_WORDS: dict[ConcernStep, str] = {
    ConcernStep.LEADER_READ: "I have read it",
    ConcernStep.ASSESSED: "We have assessed it",
    ConcernStep.AUTHORITY_NOTIFIED: "The report has been sent",
    ConcernStep.NO_DUTY: "There is no duty to notify",
    ConcernStep.CLOSED: "Close, and end the hold",
}

HOLD_WORDS: dict[HoldKind, str] = {
    HoldKind.LEGAL: "a duty in law",
    HoldKind.CASE_OPEN: "an open case",
    HoldKind.CONCERN: "a concern",
}

NOTIFICATION_WORDS: dict[NotificationKind, str] = {
    NotificationKind.CONSENT_WITHDRAWN: "A consent to {conversation} has been withdrawn.",
    NotificationKind.CONSENT_GIVEN: "A consent to {conversation} has been given.",
    NotificationKind.CONSENT_REFUSED: "Someone has said no to {conversation}.",
    NotificationKind.CONSENT_INVALIDATED: "A consent to {conversation} was found not to count.",
    NotificationKind.ACCESS_ASKED: "Someone in {conversation} asks what is held about them.",
    NotificationKind.CONCERN_RAISED: "A concern has been raised after {conversation}.",
    NotificationKind.BREAK_GLASS_ASKED: "Emergency access to {conversation} is asked for.",
    NotificationKind.BREAK_GLASS_OPENED: "Emergency access to {conversation} has been opened.",
    NotificationKind.INVITED: "You are invited to the joint review of {conversation}.",
}

PHASE_WORDS: dict[str, str] = {
    "opening": "Opening",
    "agenda": "Agenda",
    "rights": "Rights",
    "topic": "Topic",
    "decision": "Decision",
    "summary": "Summary",
    "closing": "Closing",
}

# Why the machine suggests something. Cues have ids only, for their words stay in the codebooks.
REASON_WORDS: dict[str, str] = {
    "start": "the conversation begins here",
    "starter": "a word that often opens something new",
    "pause": "a long silence before",
    "words": "other words than before",
    "cue": "a turn of phrase that often goes with it",
    "resembles": "it resembles examples that people have marked",
}

STAGE_WORDS: dict[Stage, str] = {
    Stage.INGEST: "The file is checked",
    Stage.JOIN: "Several files become one film",
    Stage.PROBE: "Picture and sound are looked at",
    Stage.PROXY: "A lighter copy for watching is made",
    Stage.AUDIO: "The sound is taken out",
    Stage.SPEECH: "Speech and silence are told apart",
    Stage.TRANSCRIBE: "Speech becomes text",
    Stage.DIARIZE: "The voices are told apart",
    Stage.ATTRIBUTE: "Who is speaking is noted",
    Stage.TAG: "Phases and keywords are suggested",
    Stage.PICTURE: "Places with much movement are looked for",
    Stage.INDEX: "The text is made searchable",
}

_NOT_SET_UP_WORDS = {
    "recognizer": (
        "Speech recognition is not set up on the server.",
        "Tell your administrator. The film is kept, and the step can be started again.",
    ),
    "diarizer": (
        "What tells voices apart is not set up on the server.",
        "Tell your administrator. The film is kept, and the step can be started again.",
    ),
}

# What happened and what to do, by the code that a stage reports.
FAILURE_WORDS: dict[str, tuple[str, str]] = {
    "empty": ("The file is empty.", "Copy it from the camera again and upload it."),
    "not_media": (
        "The file cannot be read as film or sound.",
        "Choose the file that the camera or the phone has made.",
    ),
    "type": ("This kind of file is not accepted.", "Choose the film itself, such as mp4 or mov."),
    "truncated": (
        "The end of the film is missing.",
        "It may have been cut off in the camera. Copy it again and upload it.",
    ),
    "no_streams": (
        "There is neither picture nor sound in the file.",
        "Play it on the camera first, then copy it again.",
    ),
    "no_video_params": (
        "The picture cannot be read.",
        "Copy the film from the camera again and upload it.",
    ),
    "too_short": ("The recording has no length.", "Choose another file."),
    "too_long": ("The recording is too long.", "Divide it and upload each part."),
    "too_large": ("The picture is too large.", "Save the film in a smaller format and upload it."),
    "too_many_streams": (
        "The file holds too many tracks.",
        "Save it with one picture and one sound track and upload it.",
    ),
    "damaged": ("The file is damaged.", "Copy it from the camera again and upload it."),
    "no_sound": (
        "There is no sound in the recording.",
        "Choose a file in which the conversation can be heard.",
    ),
    "not_joinable": (
        "The file is of another kind than the first.",
        "Choose files of one camera and one setting, or add them as recordings of their own.",
    ),
    "camera_silent": (
        "The film has no sound, so the recorder's cannot be laid under it.",
        "Join film and sound on the computer first, or upload the sound alone.",
    ),
    "program_missing": (
        "A program that prepares films is missing on the server.",
        "Your administrator can install it and start the step again.",
    ),
    "program_failed": (
        "A program stopped in the middle of the step.",
        "It is tried again by itself. If it goes on, tell your administrator.",
    ),
    "incomplete": (
        "The step ended before the whole film was done.",
        "It is tried again by itself. If it goes on, tell your administrator.",
    ),
    "unreadable": (
        "The film could not be read while it was prepared.",
        "It is tried again by itself. If it goes on, tell your administrator.",
    ),
    "crashed": (
        "A program broke down over the film.",
        "It is tried again by itself. If it goes on, copy the film from the camera again.",
    ),
    "unwritable": (
        "The result could not be kept.",
        "It is tried again by itself. If it goes on, tell your administrator.",
    ),
    "AlreadyReceived": (
        "The same film is already here.",
        "Open the recording that has it, or choose another film.",
    ),
    "DiskFull": (
        "There is not enough room on the server.",
        "Tell your administrator. It goes on by itself when there is room.",
    ),
    "StoreFull": (
        "There is not enough room on the server.",
        "Tell your administrator. It goes on by itself when there is room.",
    ),
    "StoreUnreachable": (
        "The server cannot reach the place where films are kept.",
        "Tell your administrator. Nothing is lost.",
    ),
    "ChildDied": (
        "The step was stopped, perhaps for lack of memory.",
        "It is tried again by itself. If it goes on, tell your administrator.",
    ),
    "WorkTooLong": (
        "The step took far longer than a film of this length should take.",
        "The film may be damaged. Copy it from the camera again and upload it.",
    ),
    "WorkerDied": (
        "The work was begun again and again, and each time it was broken off.",
        "Tell your administrator. What was done until then is kept.",
    ),
    "StageKilled": (
        "The step was stopped because the recording may no longer be used.",
        "You need not do anything. It starts again if everyone consents.",
    ),
    "LanguageUnknown": (
        "The spoken language is not one that can become text.",
        "Choose Danish, Swedish or English for the recording.",
    ),
    "SoundUnusable": (
        "The sound cannot be used as it was taken out.",
        "Tell your administrator, who can start the step again.",
    ),
    "ModelIncomplete": _NOT_SET_UP_WORDS["recognizer"],
    "ModelUnknown": _NOT_SET_UP_WORDS["recognizer"],
    "ModelNeedsConversion": _NOT_SET_UP_WORDS["recognizer"],
    "DiarizerMissing": _NOT_SET_UP_WORDS["diarizer"],
    "VoiceModelsMissing": _NOT_SET_UP_WORDS["diarizer"],
    "TamperedBlob": (
        "The stored film has been changed or is damaged.",
        "Tell your administrator, who can fetch it from a backup.",
    ),
    "KeyDestroyed": (
        "The film is erased, and nobody can open it.",
        "You need not do anything.",
    ),
}

# What a first look at sound and picture found, and what to do, by the code of the hint.
HINT_WORDS: dict[str, tuple[str, str]] = {
    "other_conversation": (
        "Film and sound recorder do not seem to be of the same conversation",
        "The camera's own sound is used. Check that you chose the right files.",
    ),
    "recorder_short": (
        "The sound recorder was not running",
        "The camera's own sound is heard there. You need not do anything.",
    ),
    "other_order": (
        "The files were joined in the order in which the camera made them",
        "You had put them in another order. Look whether the film begins where it should.",
    ),
    "too_quiet": (
        "The voices are low",
        "Place the microphone or the phone nearer next time. The sound is raised here.",
    ),
    "clipped": (
        "The sound is distorted in places",
        "Turn the microphone down or move it a little further away next time.",
    ),
    "noisy": (
        "There is some noise behind the voices",
        "Close door and window next time. The text may have more doubtful words.",
    ),
    "very_noisy": (
        "There is much noise behind the voices",
        "Listen before you trust the text. Choose a quieter room next time.",
    ),
    "dead_channel": (
        "One of the microphones gave no sound",
        "Check that it is switched on next time. The other one is used here.",
    ),
    "dual_mono": (
        "Both microphones hold the same sound",
        "Who is speaking is more uncertain. You need not do anything.",
    ),
    "inverted": (
        "The microphones work against each other",
        "It is put right here. You need not do anything.",
    ),
    "drop_out": (
        "The sound is gone for a moment",
        "Check the cable or the line to the microphone next time.",
    ),
    "little_speech": (
        "Only little speech was found",
        "Check that it is the right film and that the conversation can be heard.",
    ),
    "ceaseless_speech": (
        "Hardly any silence was found",
        "Noise may have been taken for speech. Listen before you trust the text.",
    ),
    "dark": (
        "The picture is dark",
        "Switch on a light next time. The sound is used as it is.",
    ),
    "covered": (
        "The lens is covered",
        "Look at the picture before you begin next time. The sound is used as it is.",
    ),
    "over_exposed": (
        "The picture is very bright",
        "Place the camera with the window behind it next time.",
    ),
    "frozen": (
        "The picture stands still",
        "The sound goes on, so you need not do anything.",
    ),
    "maybe_out_of_focus": (
        "The picture may be out of focus",
        "Tap the screen to focus before you begin next time.",
    ),
}


TRIAL_WORDS: dict[str, tuple[str, str]] = {
    "too_quiet": ("Too quiet", "Place the phone or the microphone nearer."),
    "clipped": ("The sound is distorted", "Move the phone a little away, or turn it down."),
    "noisy": ("There is some noise", "Close door and window, and place the phone nearer."),
    "very_noisy": ("There is much noise", "Choose a quieter room, or place the phone nearer."),
    "dead_channel": (
        "One of the microphones gives no sound",
        "Check that it is switched on and plugged in.",
    ),
    "drop_out": ("The sound falls out", "Check the cable or the line to the microphone."),
    "little_speech": (
        "Hardly any speech is heard",
        "Talk as you would in the conversation, and try once more.",
    ),
    "ceaseless_speech": (
        "Hardly any silence is heard",
        "Turn off what makes noise, and leave small pauses as you talk.",
    ),
    "dark": ("The picture is dark", "Switch on a light, or turn the camera from the window."),
    "covered": ("The lens is covered", "Look at the picture, and take away what covers the lens."),
    "over_exposed": ("The picture is very bright", "Place the camera with the window behind it."),
    "frozen": ("The picture stands still", "Check that the camera records film."),
    "maybe_out_of_focus": ("The picture may be out of focus", "Tap the screen where you sit."),
}
"""What to do about it before the conversation begins, by the codes of a test recording."""
TRIAL_REFUSAL_WORDS: dict[str, tuple[str, str]] = {
    "too_long": ("The test is longer than two minutes.", "Half a minute is enough."),
    "no_sound": ("There is no sound in the test.", "Check that the microphone is on."),
    "failed": ("The test could not be checked.", "Record a new one and try again."),
}


def because(reason: str, *, say: Translate) -> str:
    """Return in words why the machine suggests something; nothing if no machine did."""
    return say(REASON_WORDS.get(reason, REASON_WORDS["cue"])) if reason else ""
