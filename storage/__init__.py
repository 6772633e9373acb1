"""The nouns: what is kept, how it is encrypted, and how it is erased."""
