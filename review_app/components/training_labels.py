"""The words of the dialog for a training copy, by the name in its script."""

TRAINING_LABELS: dict[str, str] = {
    "training_copy": "Make a training copy",
    "training_meaning": (
        "A gray mosaic of the film, for showing to others. Your name and the time stand in the "
        "picture, and that you took it is in the log."
    ),
    "training_left": "What can still be recognized",
    "training_left_body": "Build, posture and the way somebody moves.",
    "training_left_words": "What is said, and how. Names and places that are spoken are heard.",
    "training_left_voice": "By someone who knows the person, even a changed voice.",
    "training_closed": (
        "Not everyone in it has agreed to teaching. You can ask them, on the page about consent."
    ),
    "training_part": "Which part",
    "training_whole": "The whole film",
    "training_sequence": "Sequence {order}: {title}",
    "training_voice": "The voices",
    "voice_changed": "Changed",
    "voice_removed": "Removed: no sound at all",
    "training_reason": "What it is for",
    "training_make": "Make the copy",
    "training_copies": "Your copies",
    "training_waiting": "Being made",
    "training_made": "Ready",
    "training_fetched": "Fetched",
    "training_failed": "It could not be made. Ask for it once more.",
    "training_fetch": "Fetch it, once",
    "training_days": "A copy is erased here after {days} days, fetched or not.",
}
