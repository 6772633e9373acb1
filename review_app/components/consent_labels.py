"""The words that the field for a signed paper shows, by the name in its script."""

SCAN_LABELS: dict[str, str] = {
    "scan_missing": "The picture of the signed paper is missing.",
    "scan_choose": "Choose a picture or PDF of the paper",
    "scan_sending": "Encrypting and keeping",
    "scan_kept": "The paper is kept, encrypted. Only you can see it.",
    "scan_too_large": "The picture of the paper is larger than 20 MB.",
    "offline": "The line is lost",
    "offline_advice": "Nothing was kept. Choose the file again when the line is back.",
    "failed": "That could not be saved",
}
