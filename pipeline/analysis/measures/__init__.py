"""Figures of one conversation, to start a reflection with. Never a verdict on a person.

Each file holds one kind of measure: ``talk`` who has the floor, ``pauses`` what happens between
turns, ``wording`` which words, ``marks`` what people have confirmed; ``everything`` puts them
together. ``figures`` is what they are made of and ``ranges`` how sure they are.

There is no count of backchannels or interruptions, and no synchrony: a recognizer loses or
misplaces most of the first two, and the third says nothing of a clip. Movement is a lane to find
one's way by. They have no number here, so none can be shown.
"""
