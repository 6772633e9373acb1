"""The only importers of models and programs, each behind a port of ``ports.py``."""
