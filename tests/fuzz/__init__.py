"""Hostile and broken films by the thousand, through the real stages in real children.

With ``--apart`` each film task has its confined process, as in use; else the child does it.

``python -m tests.fuzz --files 5000`` tries many, a test of the suite tries a few. Every file
follows from a seed, a kind and a number, so what was found can be made again:
``python -m tests.fuzz --kind mp4 --only 1234``.
"""
