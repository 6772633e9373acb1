"""A joint room on simulated lines: thousands of evenings in a minute, each one repeatable.

The room's rules and messages are the real ones (``review_app.supervision``, ``routes.room_wire``).
Time, lines, clocks and films are simulated from one seed, so a run that fails can be run again.
``python -m tests.simulation --runs 2000`` counts what it saw.
"""
