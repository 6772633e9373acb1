"""English words for the measures: what each is, how it is counted, where it is from, its limits.

What a measure is in its own room stands with its formula in ``pipeline/analysis/measures``.
"""

from enum import StrEnum


class Unit(StrEnum):
    """How a value is written."""

    PERCENT = "percent"
    POINTS = "points"
    SECONDS = "seconds"
    PER_MINUTE = "per_minute"
    PER_QUESTION = "per_question"
    PER_THOUSAND = "per_thousand"


UNITS: dict[str, Unit] = {
    "talk_share": Unit.PERCENT,
    "tempo": Unit.PER_MINUTE,
    "long_turns": Unit.PERCENT,
    "pause_before_youth": Unit.SECONDS,
    "pause_before_caseworker": Unit.SECONDS,
    "silence_left": Unit.PERCENT,
    "open_questions": Unit.PERCENT,
    "reflections": Unit.PER_QUESTION,
    "own_words": Unit.POINTS,
    "long_words": Unit.PERCENT,
    "jargon": Unit.PER_THOUSAND,
    "question_runs": Unit.PERCENT,
    "youth_share": Unit.PERCENT,
}

UNIT_WORDS: dict[Unit, str] = {
    Unit.PERCENT: "{value} %",
    Unit.POINTS: "{value} percentage points above chance",
    Unit.SECONDS: "{value} s",
    Unit.PER_MINUTE: "{value} words a minute",
    Unit.PER_QUESTION: "{value} for each question",
    Unit.PER_THOUSAND: "{value} in a thousand words",
}

TITLE_WORDS: dict[str, str] = {
    "talk_share": "The caseworker's share of the talk",
    "tempo": "The caseworker's tempo",
    "long_turns": "The caseworker's time in turns of more than a minute",
    "pause_before_youth": "Until the young person answers",
    "pause_before_caseworker": "Until the caseworker goes on",
    "silence_left": "Silences that are left to the young person",
    "open_questions": "Open questions among all questions",
    "reflections": "Reflections and questions",
    "own_words": "The young person's own words, taken up",
    "long_words": "Long words",
    "jargon": "Legal and professional terms",
    "question_runs": "Questions in a row",
    "youth_share": "The young person's share among three or more",
}

# How many cases a figure rests on.
COUNT_WORDS: dict[str, str] = {
    "talk_share": "{n} half-minutes",
    "tempo": "{n} of the caseworker's turns",
    "long_turns": "{n} of the caseworker's turns",
    "pause_before_youth": "{n} pauses",
    "pause_before_caseworker": "{n} pauses",
    "silence_left": "{n} silences",
    "open_questions": "{n} confirmed questions",
    "reflections": "{n} confirmed marks",
    "own_words": "{n} of the caseworker's turns",
    "long_words": "{n} of the caseworker's words",
    "jargon": "{n} confirmed terms",
    "question_runs": "{n} confirmed questions",
    "youth_share": "{n} half-minutes",
}

FORMULA_WORDS: dict[str, str] = {
    "talk_share": (
        "Time in the caseworker's turns, divided by time in everybody's turns. A short “mm” is no "
        "turn. The range comes from drawing half-minutes anew."
    ),
    "tempo": (
        "Words in the caseworker's turns, divided by the minutes they take. The range comes from "
        "drawing turns anew."
    ),
    "long_turns": (
        "Time in the caseworker's turns of more than 60 seconds, divided by time in all of the "
        "caseworker's turns. The range comes from drawing turns anew."
    ),
    "pause_before_youth": (
        "From the end of the caseworker's turn to the start of the young person's: half of the "
        "pauses are shorter. Below zero they overlap. The range comes from drawing pauses anew."
    ),
    "pause_before_caseworker": (
        "From the end of the young person's turn to the start of the caseworker's: half of the "
        "pauses are shorter. Below zero they overlap. The range comes from drawing pauses anew."
    ),
    "silence_left": (
        "Silences of more than three seconds after which the young person speaks, divided by all "
        "of them. The range is Wilson's."
    ),
    "open_questions": (
        "Confirmed open questions, divided by confirmed open and closed questions. The range is "
        "Wilson's."
    ),
    "reflections": (
        "Confirmed reflections, divided by confirmed questions. The range is Wilson's for the "
        "share of reflections, written as a ratio."
    ),
    "own_words": (
        "Of the content words in a turn of the caseworker: how many the young person has said in "
        "the last three turns, less how many there would be by chance. The range comes from "
        "drawing turns anew."
    ),
    "long_words": (
        "Words of more than six letters, divided by all of the caseworker's words. The range comes "
        "from drawing turns anew."
    ),
    "jargon": (
        "Confirmed terms, divided by thousands of the caseworker's words. The range comes from "
        "drawing turns anew."
    ),
    "question_runs": (
        "Confirmed questions in rows of three or more, divided by all. A row goes on while the "
        "answers have four words at most and nobody says anything else. The range is Wilson's."
    ),
    "youth_share": (
        "Time in the young person's turns, divided by time in everybody's turns. The range comes "
        "from drawing half-minutes anew."
    ),
}

SOURCE_WORDS: dict[str, str] = {
    "talk_share": "After Flanders 1970, with time instead of counts.",
    "tempo": "Speech rate as in Goldman-Eisler 1968.",
    "long_turns": "Our own threshold. There is no published norm.",
    "pause_before_youth": "Heldner and Edlund 2010. Danish and other languages: Stivers 2009.",
    "pause_before_caseworker": "Heldner and Edlund 2010. Danish and other languages: Stivers 2009.",
    "silence_left": "Wait time: Rowe 1986.",
    "open_questions": "Open prompts: Lamb and others 2007.",
    "reflections": "The manual of motivational interviewing, MITI 4.2.1: Moyers and others 2014.",
    "own_words": "Uptake: Demszky and others 2021, the part about repetition.",
    "long_words": "The word part of LIX: Björnsson 1968.",
    "jargon": "Our own. There is no published norm.",
    "question_runs": "Our own, after Lamb and others 2007.",
    "youth_share": "Equality of participation: Carletta and others 1998, as a share.",
}

CAVEAT_WORDS: dict[str, str] = {
    "talk_share": (
        "It says nothing of whose subject it was. Correct who speaks first: with one microphone "
        "and nothing corrected it is easily ten points off."
    ),
    "tempo": "The machine's words make it some six percent wrong.",
    "long_turns": (
        "If a short answer was not heard by the machine, two turns look like one long one. Look at "
        "the turns."
    ),
    "pause_before_youth": (
        "The machine's times are coarse: a tenth or two of a second either way. Danes pause longer "
        "than most, so compare with no other language."
    ),
    "pause_before_caseworker": (
        "The machine's times are coarse: a tenth or two of a second either way. Danes pause longer "
        "than most, so compare with no other language."
    ),
    "silence_left": "A silence can be rest or distress. Nobody can tell from its length.",
    "open_questions": (
        "Only confirmed questions count, so it hangs on how far you have come. A closed question "
        "can be the right one."
    ),
    "reflections": (
        "The manual is made for trained coders and for adults who come by choice. Its thresholds "
        "are no goal here."
    ),
    "own_words": (
        "A word that is taken up can be listening or parroting, and a paraphrase does not count. "
        "Listen to the places."
    ),
    "long_words": (
        "LIX is made for writing, and the machine invents where sentences end, so only its words "
        "are counted. Languages do not compare."
    ),
    "jargon": (
        "Whether a term was explained is for you to hear. A right that goes unnamed is no gain."
    ),
    "question_runs": (
        "Only confirmed questions count. A turn that the machine did not hear makes or breaks a "
        "row."
    ),
    "youth_share": "Voices that are alike are hard to tell apart, so correct who speaks first.",
}

WITHHELD_WORDS: dict[str, str] = {
    "too_short": "Not shown: the talk has less than five minutes or twenty turns.",
    "too_few": "Not shown: there are {n}, and at least {needed} are needed.",
    "speakers_doubtful": "Not shown: it is too uncertain who speaks. Correct the speakers first.",
    "text_doubtful": "Not shown: too many words are doubtful. Correct the text first.",
    "one_is_silent": "Not shown: only one of the two is heard.",
    "only_two": "Not shown: there are only two in the talk.",
    "after_release": "Not shown yet: it rests on marks that are not released.",
}
