"""Heavy work in a process of its own, which can be killed at any moment.

It dies with its parent, has limits, and reports by lines of JSON. Not here: what the work is
(stages) and when it is done (workflow).
"""
