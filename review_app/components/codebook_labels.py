"""The words of the pages of codebooks and of words to listen for: English msgids by name."""

_SHARED_LABELS: dict[str, str] = {
    "offline": "The line is down.",
    "offline_advice": "What you wrote is kept here. Try again in a moment.",
    "failed": "That could not be done.",
    "close": "Close",
    "save": "Save",
    "saved": "Saved. It counts for whatever is processed from now on.",
    "discard": "Discard changes",
    "language_da": "Danish",
    "language_sv": "Swedish",
    "language_en": "English",
    "language_of_words": "Language of the words",
    "changed_meanwhile": "{name} has changed this since you opened it.",
    "changed_meanwhile_somebody": "Somebody else has changed this since you opened it.",
    "changed_meanwhile_meaning": (
        "Nothing of yours is lost or saved. Here is what was saved meanwhile. Choose what to keep."
    ),
    "keep_mine": "Save mine instead",
    "take_theirs": "Take what was saved",
}

CODEBOOK_LABELS: dict[str, str] = {
    **_SHARED_LABELS,
    "codebook_title": "Codebook",
    "codebook_meaning": (
        "What each keyword means, and by which words the machine suggests it. A change counts from "
        "now on: what was marked before keeps the words it was marked with."
    ),
    "codebooks": "Codebooks",
    "keywords": "Keywords",
    "add_keyword": "Add a keyword",
    "new_keyword": "New keyword",
    "retired": "retired",
    "edition_of": "Edition {name}",
    "changed_by": "changed by {name} on {day}",
    "as_it_came": "as it came with Samspil",
    "draft_restored": "These are your changes that were not saved yet.",
    "no_recording_here": (
        "Write examples of your own. Never words, names or numbers from a recording: everyone at "
        "the site reads this."
    ),
    "field_label": "Label",
    "field_short": "Short label",
    "field_description": "What it is",
    "field_counts": "What counts",
    "field_does_not_count": "What does not count",
    "field_examples": "Examples that count",
    "field_counterexamples": "Examples that look alike and do not count",
    "example_n": "Example {n}",
    "before_n": "Said just before example {n}, if that decides",
    "add_example": "Add an example",
    "modifier": "Told apart by",
    "modifiers_meaning": (
        "Such as simple and complex, or the steps of a scale in their order. Whoever sets the "
        "keyword may choose one."
    ),
    "modifier_n": "Choice {n}",
    "add_modifier": "Add a choice",
    "remove_modifier": "Remove choice {n}",
    "needed_fields": (
        "Something is missing: every field and two examples each way, in all three languages. "
        "Look at {where}."
    ),
    "cues": "Words the machine looks for",
    "cues_meaning": (
        "Each line is one reason to suggest the keyword. Without any, only people set it."
    ),
    "cue_words": "Words",
    "cue_n": "Words of cue {n}",
    "cue_form": "Form of question",
    "form_": "does not matter",
    "form_open": "open question",
    "form_closed": "closed question",
    "form_any": "any question",
    "form_no": "no question",
    "cue_weight": "Worth alone, 0 to 1",
    "cue_more": "Also needed: {conditions}",
    "cue_everywhere": "In every language: {conditions}",
    "condition_echo": "words of the other taken up",
    "condition_shared": "words of the other taken up",
    "condition_minw": "at least {value} words",
    "condition_maxw": "at most {value} words",
    "condition_pos": "in this part of the conversation: {value}",
    "condition_silence_ms": "a silence of {value} ms after it",
    "condition_after": "said after: {value}",
    "condition_in": "anywhere in the turn",
    "remove_cue": "Remove cue {n}",
    "add_cue": "Add a cue",
    "cue_help": "How to write words to look for",
    "cue_help_word": "word: this word",
    "cue_help_stem": "~word: all its forms",
    "cue_help_prefix": "word*: how it begins; *word: how it ends",
    "cue_help_optional": "word?: may be left out",
    "cue_help_either": "(one|the other): either",
    "cue_help_gap": "..4: up to four words between",
    "cue_help_edge": "^ first and $ last: beginning and end of the sentence",
    "preview": "What this cue would find",
    "preview_count": (
        "Found {count} times among {turns} turns of {dialogues} conversations written for training."
    ),
    "preview_nothing": (
        "Found nowhere among {turns} turns of {dialogues} conversations written for training. That "
        "does not mean that nobody says it."
    ),
    "preview_first": "The first {shown}:",
    "preview_write": "Write words to see what they find.",
    "speakers": "Whose words are searched",
    "speaker_caseworker": "Caseworker",
    "speaker_youth": "Young person",
    "speaker_parent": "Parent",
    "speaker_other": "Others",
    "letter_caseworker": "C",
    "letter_youth": "Y",
    "letter_parent": "P",
    "letter_other": "O",
    "serves": "Questions it serves",
    "serves_count": "{count} chosen",
    "key": "Key at the desk",
    "key_none": "none",
    "retire": "Retire this keyword",
    "retire_meaning": "It is no longer suggested or set. What was marked with it stays.",
    "bring_back": "Bring it back",
    "history": "What it meant before",
    "history_fetching": "Fetching …",
    "read_only": (
        "You can read the codebook. Supervisors, coordinators and administrators change it."
    ),
}

VOCABULARY_LABELS: dict[str, str] = {
    **_SHARED_LABELS,
    "words_title": "Words to listen for",
    "words_meaning": (
        "Places, institutions and terms that come up in your conversations. The recognizer is told "
        "that they may be said, so that it writes them rather than something that sounds alike."
    ),
    "words_rules": (
        "One on each line, at most {most} lines of {longest} characters. Those that are misheard "
        "most come first: the recognizer takes as many as it has room for, about 15 to 25, first "
        "yours from the top and then the legal terms."
    ),
    "words_no_names": "Never write names of young people, parents or others who are talked about.",
    "words_later": (
        "A change counts for recordings that are processed from now on. Nothing is processed again "
        "by itself."
    ),
    "words_field": "Your words, one on each line",
    "words_count": "{count} of {most} lines",
    "words_terms": "Legal terms that come with Samspil",
}
