"""Every word of the consent page in English, to be translated where it is drawn.

Short sentences in common words: a reader of thirteen must understand each at once.
"""

from consent.model import Event, Role
from storage.records import BlobRole

PAGE_LABELS: dict[str, str] = {
    "name": "Samspil",
    "skip": "Go to the text",
    "language": "Language",
    "read_aloud": "Read aloud",
    "stop_reading": "Stop reading",
    "close_fast": "Close the page fast",
    "blank": "Blank page",
    "code_title": "See what you said yes to",
    "code_text": "Write the code from your paper. It has 16 letters and numbers.",
    "code_label": "Your code",
    "code_example": "Big or small letters, with or without spaces.",
    "code_button": "Show my page",
    "code_lost": "Lost the code? Ask your caseworker for a new one.",
    "wrong_title": "We can find nothing with that code",
    "wrong_text": "Look at the paper and try again. It may be misread, or no longer valid.",
    "wait_title": "Wait a little",
    "wait_text": "Too many codes were tried. Wait five minutes and try again.",
    "ended_title": "The page has closed itself",
    "ended_text": "It does so after 15 minutes. Write your code to go on.",
    "again_title": "That did not work",
    "again_text": "Nothing has been changed. Go back and try once more.",
    "human": "Ask a human: {contact}",
    "human_none": "Ask a human: your caseworker.",
    "forgets": "This page does not remember you or your phone.",
    "back": "Back to my page",
    "title_youth": "The film of your conversation",
    "title_custody_holder": "The film of the conversation",
    "title_other": "The film of the conversation",
    "lead_youth": "You talked with your caseworker on {day}, and it was filmed.",
    "lead_custody_holder": (
        "A child you have custody of talked with a caseworker on {day}, and it was filmed."
    ),
    "lead_other": "You were part of a conversation on {day}, and it was filmed.",
    "lead_more": "Here you see what you have said yes to. You may change your mind at any time.",
    "lead_no_say": "You are no longer asked, because the young person decides alone now.",
    "waiting": "Nobody can see the film, because not everyone has said yes.",
    "answer_kept": "Your answer is saved.",
    "your_answers": "Your answers",
    "more_questions": "We also ask about this",
    "said_yes": "You said yes",
    "said_no": "You said no",
    "said_again": "We ask you again",
    "said_not_asked": "You have not answered yet",
    "say_yes": "Say yes",
    "say_no": "Say no",
    "about": "about: {title}",
    "stop_title": "Do you want to stop?",
    "stop_text_youth": (
        "The film is closed at once and erased. You need not say why. You still get the same help."
    ),
    "stop_text_custody_holder": (
        "The film is closed at once and erased. You need not say why. The child still gets the "
        "same help."
    ),
    "stop_text_other": "The film is closed at once and erased. You need not say why.",
    "stop_button": "Stop and erase the film",
    "sure_title": "Are you sure?",
    "sure_text": "If you say yes, this happens:",
    "sure_closed": "Nobody can see the film any more. That happens at once.",
    "sure_erased": "The film and all that was written about it are erased. It cannot come back.",
    "sure_help_youth": "You still get the same help. Nobody asks you why.",
    "sure_help_custody_holder": "The child still gets the same help. Nobody asks you why.",
    "sure_help_other": "Nobody asks you why.",
    "sure_yes": "Yes, erase it",
    "sure_no": "No, go back",
    "closed_title": "The film is closed. It is being erased now.",
    "closed_text": "Nobody can see it any more. You need not do anything else.",
    "closed_keep": "Keep your code. With it you can see here when all is gone.",
    "held_title": "The film is closed.",
    "held_text": "Nobody can see it any more. It is erased as soon as the law allows.",
    "erased_title": "The film is erased",
    "erased_text": "Nobody can open it any more. Not even we can.",
    "fact_asked": "Erasure begun",
    "fact_key": "Key destroyed",
    "fact_done": "Everything erased",
    "fact_backups": "Old backups made unreadable",
    "fact_number": "Number of the erasure",
    "fact_waits": "Not yet",
    "proof_title": "Do you want proof?",
    "proof_text": (
        "You can take a paper that tells when the film was erased. Your name is not on it."
    ),
    "proof_pdf": "Take the certificate (PDF)",
    "proof_data": "Take the certificate as a file that can be checked (JSON)",
    "seen_title": "Who has seen it?",
    "seen_nobody": "Nobody has seen it yet.",
    "seen_parts": "Saw {parts} of the film",
    "seen_only_youth": (
        "Only your caseworker and the supervisor may see it. A group may too, if all have said "
        "yes to it."
    ),
    "seen_only_custody_holder": (
        "Only the caseworker and the supervisor may see it. A group may too, if all have said yes "
        "to it."
    ),
    "seen_only_other": (
        "Only the caseworker and the supervisor may see it. A group may too, if all have said yes "
        "to it."
    ),
    "seen_emergency": (
        "In an emergency an administrator, who looks after the computers, may see it too, if "
        "another agrees. Then you can read it here."
    ),
    "viewer_caseworker": "The caseworker",
    "viewer_supervisor": "The caseworker's supervisor",
    "viewer_guest": "Another caseworker, in the group",
    "viewer_administrator": "An administrator, in an emergency",
    "viewer_other": "Someone else",
    "did_opened": "has opened it",
    "did_viewed": "has seen it",
    "did_exported": "has taken out a copy",
    "kept_title": "How long is it kept?",
    "kept_text": "Until {day}. Then it erases itself.",
    "kept_left": "{count} days are left",
    "held_about_title": "What do you have about me?",
    "held_link": "See what we have about you",
    "held_lead": (
        "This is a list of what is kept. It tells how much and since when, not what is in it."
    ),
    "held_what": "What",
    "held_count": "How many",
    "held_size": "Size",
    "held_since": "From",
    "held_until": "To",
    "held_me": "You are in it as: {role}",
    "held_birth": "Your birth date is kept, locked away by itself.",
    "history_title": "Your answers until now",
    "history_none": "You have not answered yet.",
    "receipt_title": "Your own receipt",
    "receipt_pdf": "Take your receipt (PDF)",
    "receipt_data": "Take your receipt as a file (JSON-LD)",
    "json": "Take the list as a file (JSON)",
    "print": "Print the page",
    "ask_title": "Do you want a copy?",
    "ask_text": "Then you can see or hear what we have about you. Your caseworker gets in touch.",
    "ask_button": "Ask for a copy",
    "asked": "You have asked for a copy. You get an answer by {day}.",
}

ANSWER_WORDS: dict[Event, str] = {
    Event.GIVEN: "You said yes",
    Event.REFUSED: "You said no",
    Event.RECONFIRMED: "You said yes again",
    Event.WITHDRAWN: "You took back your yes",
    Event.EXPIRED: "Your yes ran out",
    Event.INVALIDATED: "Your yes was found not to count",
}

PERSON_WORDS: dict[Role, str] = {
    Role.YOUTH: "the one the conversation is about",
    Role.CUSTODY_HOLDER: "custody holder",
    Role.PARENT: "parent",
    Role.SUPPORT_PERSON: "support person",
    Role.INTERPRETER: "interpreter",
    Role.NETWORK_PERSON: "network member",
    Role.CASEWORKER: "caseworker",
}

HOLDING_WORDS: dict[str, str] = {
    BlobRole.SOURCE: "The film",
    BlobRole.JOINED: "The film, joined from several files",
    BlobRole.ALIGNMENT: "How film and sound were brought together",
    BlobRole.PROXY: "The film in a smaller size",
    BlobRole.AUDIO: "The sound",
    BlobRole.WAVEFORM: "A drawing of the sound",
    BlobRole.THUMBNAILS: "Small pictures of the film",
    BlobRole.PROBE: "Measures of the file",
    BlobRole.QUALITY: "Measures of the picture",
    BlobRole.MEASURES: "Figures of the conversation",
    BlobRole.SOUND_HINTS: "Measures of the sound",
    BlobRole.SPEECH: "When somebody speaks",
    BlobRole.SPEAKERS: "Which voice speaks when",
    BlobRole.WORDS: "The words, written by a machine",
    BlobRole.OWN_TEXT: "The words, written by a person",
    BlobRole.TURNS: "The text of the conversation",
    BlobRole.EVIDENCE_SCAN: "Pictures of signed papers",
    BlobRole.TRAINING_COPY: "Masked films for teaching",
    "recordings": "The day, the place in the course and the length of the film",
    "participants": "What you are in it, without your name",
    "evidence": "Your answers",
    "evidence_scans": "Which answer a signed paper belongs to",
    "consent_codes": "Your codes to this page",
    "access_asks": "That you asked for a copy",
    "break_glass": "Emergency access",
    "film_parts": "The files of the film",
    "uploads": "Films on their way in",
    "requests": "Tasks for the machine",
    "stage_runs": "How far the machine has come",
    "training_copies": "Who asked for a masked film, and why",
    "transcripts": "Versions of the text",
    "corrections": "Corrections of the text",
    "segments": "Parts of the conversation",
    "tags": "Marks in the film",
    "sequences": "Chosen pieces of the film",
    "answers": "The caseworker's answers to the supervisor",
    "notes": "Notes about the conversation",
    "cycles": "The dates of the supervision",
    "minutes": "Minutes and plan",
    "rooms": "The last place in the joint review",
    "invitations": "Who was invited to the group",
    "drafts": "Drafts",
    "codings": "Pieces of the text that two people mark on their own",
    "coding_sheets": "What each of them has marked",
    "goal_looks": "What the caseworker tried, and how it went in their own eyes",
}
