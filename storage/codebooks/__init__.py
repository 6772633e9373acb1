"""Codebooks: the agreed keywords, what counts as each, and the questions they serve.

Here live the values, the parser and the shipped texts, because the desk shows them and the
pipeline looks for them. How a cue is matched lives in ``pipeline.analysis``.
"""
