"""Heavy work in processes of their own, which can be killed at any moment.

The child does a recording's stages: it dies with its parent, has limits, and reports by lines of
JSON. It is also the keeper of the film, and lets a confined process work on it. Not here: what the
work is (stages, engines) and when it is done (workflow).
"""
