"""The words of the last plan and of the hour of the joint review: English msgids by name."""

BEFORE_MEETING_LABELS: dict[str, str] = {
    "last_plan": "From the plan after the last conversation",
    "plan_with_other": "with somebody else",
    "plan_with_all": "with everyone",
    "plan_towards": "Works towards: ”{goal}”",
    "what_happened": "What happened?",
    "nothing_told_yet": "Nothing told about it yet.",
    "told_at": "Saved at {time}",
    "youth_named": "Youth {letter}",
    "meet_at": "You meet on {date} at {time}.",
    "to_calendar": "Add to calendar",
    "out_of_calendar": "Take it out of the calendar",
}

MEETING_LABELS: dict[str, str] = {
    "meeting_time": "When do you meet?",
    "meeting_length": "For how long?",
    "meeting_title": "The joint review",
    "no_meeting_yet": "You and {name} have no hour yet.",
    "set_meeting": "Set a time",
    "save_meeting": "Save the time",
    "call_off": "Call it off",
    "calendar_meaning": (
        "The calendar file names nobody and no conversation. {name} finds it in the list too; "
        "load it again when the time has changed, and the entry moves."
    ),
    "did_agree_meeting": "time for the joint review set",
    "did_call_off": "joint review called off",
}
