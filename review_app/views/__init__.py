"""One file a page: read, draw, hand over.

Never named ``pages``: Streamlit would serve the files of such a folder past the gate.
"""
