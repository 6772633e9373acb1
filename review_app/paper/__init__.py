"""The papers people are given: what they are told, what they keep, and that a film is gone.

Each is a pure function of values that others have read; what may be printed for whom is the
commands'. Nobody's name is ever on a paper before they sign it themselves.
"""

from review_app.paper.papers import certificate_pdf, notice_pdf, receipt_pdf

__all__ = ["certificate_pdf", "notice_pdf", "receipt_pdf"]
