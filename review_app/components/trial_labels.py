"""The words of the field for a test recording, by the name in its script."""

TRIAL_LABELS: dict[str, str] = {
    "trial_title": "Try the sound first",
    "trial_meaning": (
        "Record half a minute where you will sit, and talk as you will then. Only you: the young "
        "person is not in the test."
    ),
    "trial_choose": "Choose the test",
    "trial_again": "Try again",
    "trial_promise": (
        "It is checked in seconds by the machine, seen by nobody and erased at once. Two minutes "
        "at most."
    ),
    "trial_sending": "The test is being sent",
    "trial_checking": "Listening to the test",
    "trial_good": "It sounds fine. You can begin.",
    "trial_better": "This would help",
    "trial_too_large": "The test recording is larger than 200 MB.",
    "trial_too_large_advice": "Half a minute is enough. Record a shorter one and choose it.",
    "trial_signed_out": "You have been signed out.",
    "trial_signed_out_advice": "Reload the page, sign in and choose the test again.",
    "offline": "The line is lost",
    "offline_advice": "Nothing was kept. Choose the file again when the line is back.",
}
