"""The words of the figures, and of marking on one's own: English msgids by name in the script."""

from review_app.components.room_labels import PLAYER_LABELS

MEASURE_LABELS: dict[str, str] = {
    "figures": "Figures",
    "figures_fetching": "Fetching the figures …",
    "figures_counting": "The figures are being counted from text and marks as they are now …",
    "figures_ready": "The figures are counted.",
    "figures_late": "The figures are not ready yet. They come by themselves when you look again.",
    "figures_meaning": (
        "Something to start talking from, never a judgement. They compare with the same "
        "caseworker's earlier conversations and nobody else's."
    ),
    "figures_quality": (
        "In the text {doubtful_words} % of {words} words are doubtful. Of the time spoken, "
        "{doubtful_speakers} % has an uncertain speaker. The speakers' mean confidence is "
        "{speaker_confidence} %."
    ),
    "figures_unjudged": "{count} suggestions are neither used nor dismissed, so they do not count.",
    "figures_earlier": "Earlier conversations:",
    "figures_earlier_one": "number {number}: {value}, {between}",
    "figures_places": "Places in the film: {count}",
    "figures_how": "How it is counted",
    "figures_formula": "Formula",
    "figures_source": "Source",
    "figures_caveat": "What it cannot tell",
    "figures_without": (
        "Short “mm”, interruptions, movement and how two move together have no figure: the machine "
        "hears and sees them too badly."
    ),
    "mark_together": "Mark a stretch each on your own and compare",
}

AGREEMENT_LABELS: dict[str, str] = {
    **PLAYER_LABELS,
    "agreement_title": "Mark on your own and compare",
    "agreement_meaning": (
        "You and {name} mark the same stretch without seeing each other's marks. When both have "
        "finished, you see where you differ."
    ),
    "to_desk": "To the desk",
    "stretches": "Stretches",
    "new_stretch": "New stretch",
    "new_stretch_meaning": (
        "Choose where in the film, and what you both look for. {name} sees the stretch, but not "
        "your marks."
    ),
    "no_stretches": "No stretch is chosen yet.",
    "no_text_yet": "The text is not ready yet. You can watch the film and write notes already.",
    "stretch_from": "From",
    "stretch_to": "To",
    "starts_here": "Begins here",
    "ends_here": "Ends here",
    "look_for": "What you both look for",
    "codebook": "Codebook",
    "begin_marking": "Begin to mark",
    "both_finished": "Both have finished",
    "waits_for": "Waits for {name}",
    "waits_for_you": "{name} has finished, you have not",
    "to_be_marked": "To be marked",
    "you_finished": "You have finished",
    "you_finished_meaning": (
        "Your marks stay as they are. When {name} has finished too, you both see where you differ."
    ),
    "drop_stretch": "Remove the stretch and its marks",
    "turns_to_mark": "Turns to be marked",
    "stretch_of": "{from} to {to}",
    "sheet_meaning": (
        "Go through turn by turn. Several keywords or none may hold of a turn. Arrow up and down "
        "walk the turns, digits set keywords."
    ),
    "corrected_since": (
        "The text has been corrected since this stretch was begun. You both mark it as it was "
        "then, so that you compare the same turns."
    ),
    "finish_marking": "I have finished",
    "finish_meaning": "After that your marks stay as they are.",
    "marks_saved": "Saved",
    "marks_unsaved": "Not saved yet. Press a keyword again.",
    "codebook_open": "What counts and what does not",
    "code_counts": "Counts:",
    "code_counts_not": "Does not count:",
    "keywords_at": "Keywords of the turn at {at}",
    "play_from": "Play from {at}",
    "speaker_caseworker": "Caseworker",
    "speaker_youth": "Young person",
    "speaker_parent": "Parent",
    "speaker_other": "Others",
    "speaker_unknown": "Unknown voice",
    "letter_caseworker": "C",
    "letter_youth": "Y",
    "letter_parent": "P",
    "letter_other": "O",
    "agreement_counting": "How far you agree is being counted …",
    "agreement_reading": (
        "1 is full agreement, 0 is what chance would give. The range tells how much it hangs on "
        "which turns happened to be in the stretch. It is about the keywords, not about either of "
        "you."
    ),
    "agreement_table": "How far you agree",
    "too_few_turns": (
        "No figures: the stretch has {count} turns, and at least {needed} are needed. You see "
        "where you differ all the same."
    ),
    "keyword": "Keyword",
    "you_column": "You",
    "kappa": "Cohen's kappa",
    "alpha": "Krippendorff's alpha",
    "same_keywords": "The very same keywords",
    "not_shown": "not shown",
    "value_between": "{value} (between {low} and {high})",
    "icc_of": "How often each keyword is used, ICC: {value}",
    "agreement_how": (
        "For each keyword every turn counts once for each of you: it holds or it does not. Figures "
        "need at least twenty turns, and a keyword that was set on at least five. The ranges come "
        "from drawing turns anew, 999 times."
    ),
    "agreement_sources": ("Cohen 1960, Krippendorff 2011, ICC(2,1) as in Shrout and Fleiss 1979."),
    "differ_at": "Where you differ: {count} of {of} turns",
    "differ_nowhere": "You have marked every turn alike.",
    "only_you": "Only you",
    "only_name": "Only {name}",
    "figures_how": "How it is counted",
    "closed": "The recording is closed",
    "closed_meaning": (
        "It can no longer be seen by anyone. What belongs to the film is being erased."
    ),
}
