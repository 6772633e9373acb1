"""The words of the dialog for a text of one's own, by the name in its script."""

OWN_TEXT_LABELS: dict[str, str] = {
    "own_text": "Use your own text",
    "own_text_meaning": (
        "Subtitles with times (.vtt or .srt) take the place of speech recognition. Marks and notes "
        "stay. The file's name stays on your computer."
    ),
    "own_text_choose": "Choose the file with the text",
    "own_text_looking": "The file is being read",
    "own_text_found": "Lines: {lines}. The last one ends at {until}.",
    "own_text_nobody": (
        "The file does not say who is speaking. The voices are told apart by their sound."
    ),
    "own_text_who": "Who is who?",
    "own_text_names_stay": "What the file calls them is not kept. Only the role is.",
    "own_text_lines": "{name} ({lines} lines)",
    "own_text_no_speaker": "Nobody: it was said",
    "own_text_use": "Use the text",
    "own_text_kept": "The text is kept, encrypted. In a moment you see it beside the film.",
    "own_text_used": "Own text used",
    "speaker_caseworker": "Caseworker",
    "speaker_youth": "Young person",
    "speaker_parent": "Parent",
    "speaker_other": "Others",
    "speaker_unknown": "Unknown voice",
}
