"""The words that player, room and minutes show: English msgids by the name their script uses.

Only names and msgids live here. They are translated by gettext before a component is mounted;
text in braces is filled in by the script.
"""

PLAYER_LABELS: dict[str, str] = {
    "film": "Film",
    "controls": "Film controls",
    "play": "Play",
    "pause": "Pause",
    "play_pause": "Play or pause",
    "back_5": "5 seconds back",
    "forward_5": "5 seconds forward",
    "second_back": "1 second back",
    "second_forward": "1 second forward",
    "frame_back": "One frame back",
    "frame_forward": "One frame forward",
    "slower": "Slower",
    "faster": "Faster",
    "speed": "Speed",
    "again": "Again from 3 seconds before",
    "captions": "Captions",
    "sound": "Sound",
    "full_screen": "Full screen",
    "hide_film": "Hide picture and sound",
    "show_film": "Show picture and sound",
    "film_hidden": "Picture and sound are hidden",
    "key_help": "Show keys",
    "keys_title": "Keys",
    "key_space": "Space",
    "keys_everywhere": "Everywhere",
    "keys_film": "Film",
    "keys_desk": "Desk",
    "keys_transcript": "Transcript",
    "keys_prepare": "Prepare",
    "keys_room": "Joint review",
    "close": "Close",
    "offline": "The line is lost",
    "offline_advice": "What you wrote is still here. We try again by ourselves.",
    "failed": "That could not be saved",
}
