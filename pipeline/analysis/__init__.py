"""Pure analysis: numbers and words in, values out. No models, no clock, only our own tables."""
