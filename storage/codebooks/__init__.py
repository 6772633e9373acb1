"""Codebooks: the agreed keywords, what counts as each, and the questions they serve.

Here live the values, the parser, the shipped texts and, in ``matching``, what a cue means, because
the desk shows keywords, the editor previews their cues and the pipeline looks for them.
"""
