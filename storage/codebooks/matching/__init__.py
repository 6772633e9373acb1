"""Where the cues of a codebook occur in a conversation. Pure: turns in, suggestions out.

A worker that reads a recording and the page on which a cue is written ask the same functions, so
that a preview shows what a run would find.
"""
