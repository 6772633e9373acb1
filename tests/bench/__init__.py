"""What Samspil costs, as ratios against a floor or a peer measured in the same run.

``python -m tests.bench`` measures every row but the long ones, prints a table and keeps it in
``bench.json``; ``python -m tests.bench vault`` measures the rows of one name or beginning.
A row's docstring says what is compared with what. Nothing here is run by the tests: a busy
machine would fail what is right.
"""
