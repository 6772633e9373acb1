"""What was learned from the shipped training dialogues, and how it is made anew."""
