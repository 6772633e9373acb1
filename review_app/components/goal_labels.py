"""The words of the caseworker's own goals: English msgids by the name in their script.

No word here judges: a goal is laid aside, reached or not, and a place on the line is one's own.
"""

GOAL_LABELS: dict[str, str] = {
    "goals_title": "Development goals",
    "my_goals": "My development goals",
    "goals_of": "{name}'s development goals",
    "new_goal": "New goal",
    "no_goals": (
        "No goals yet. A goal is what you want to be able to do, in your own words. One is enough."
    ),
    "no_goals_of": "{name} has not written any goals yet.",
    "goals_aside": "Laid aside: {count}",
    "goals_yours": (
        "The goals are your own words. You and {name} see them, nobody else. They are not added "
        "up, not compared with others', and erased after the course."
    ),
    "goals_theirs": (
        "The goals are {name}'s own words. You two see them, nobody else. They are not added up "
        "and not compared with others'."
    ),
    "ask_goal": "What do you want to be able to do?",
    "hint_goal": "One sentence, so plain that you could see it in a film.",
    "ask_sign": "How will you see or hear that it happens?",
    "hint_sign": "What you do, or what the young person then does.",
    "ask_means": "What can you do yourself, and what helps?",
    "hint_means": "Something small enough for the next conversation.",
    "ask_reason": "Why does it matter?",
    "hint_reason": "To you, and to the young people.",
    "ask_week": "By which week of the course?",
    "hint_week": "You can move it.",
    "goal_sign": "It shows when",
    "goal_means": "What I can do",
    "goal_reason": "Why it matters",
    "goal_week": "I would like to be there by",
    "week_n": "Week {week}",
    "by_week_n": "by week {week}",
    "place_of": "{place} of 10",
    "after_conversation": "after conversation {number}",
    "line_of": "Where I am, in my own eyes. {points}",
    "line_point": "Week {week}: {place} of 10.",
    "line_empty": "Not looked back at yet.",
    "look_back": "Look back after a review",
    "after_which": "After which review?",
    "review_n": "Conversation {number}, week {week}",
    "where_are_you": "Where are you with it, in your own eyes?",
    "not_begun": "0: not begun",
    "as_i_want": "10: as I want it",
    "what_tried": "What did you try?",
    "look_meaning": "What you write here goes when the film of that conversation is erased.",
    "save_look": "Save",
    "look_saved": "Saved",
    "save_goal": "Save goal",
    "goal_saved": "Goal saved",
    "edit_goal": "Edit goal",
    "lay_aside": "Lay aside",
    "take_up": "Take up again",
    "laid_aside": "The goal is laid aside",
    "taken_up": "The goal is taken up again",
    "erase_goal": "Erase goal",
    "erase_goal_title": "Erase this goal for ever?",
    "erase_goal_meaning": (
        "Everything you have written when looking back at it goes too. Minutes that name it keep "
        "the words they were approved with."
    ),
    "keep_goal": "Keep it",
    "goal_erased": "The goal is erased",
    "not_yet": "Not yet",
    "undo": "Undo",
    "try_again": "Try again",
    "close": "Close",
    "offline": "The line is lost",
    "offline_advice": "What you wrote is still here. We try again by ourselves.",
    "failed": "That could not be saved",
}
