"""How the rehearsal model and the sample recording were made.

Here live the tools that made them, for whoever wants to make them again or larger; RECIPE.md
says how. Nothing in Samspil imports this package: it needs espeak-ng and, for the model, PyTorch,
and neither is needed to run anything.
"""
