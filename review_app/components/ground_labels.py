"""The words of what an interpretation rests on, wherever one is written or read."""

GROUND_LABELS: dict[str, str] = {
    "how_do_you_know": "How do you know?",
    "ground_choose": "Choose what was seen and heard",
    "ground": "Seen and heard at {place}: {text}",
}
