"""What a click may be answered with when it cannot be done."""

from typing import ClassVar


class ReviewError(Exception):
    """This could not be done."""

    status: ClassVar[int] = 400
    advice: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class Denied(ReviewError):
    """This is not open to you."""

    status = 403
    advice = (
        "Only the caseworker and the assigned supervisor can see it. Talk to your coordinator if "
        "you should have access."
    )


class NotReleased(Denied):
    """Your supervisor is still preparing."""

    advice = "You will be told when the sequences are ready."


class UnknownIntent(ReviewError):
    """The page asked for something this version does not know."""

    advice = "Reload the page."


class BadRequest(ReviewError):
    """The page sent something that cannot be read."""

    advice = "Reload the page and try again. What you wrote is kept as a draft."


class TooLarge(ReviewError):
    """The film is larger than this site accepts."""

    status = 413
    advice = "Split the film on the camera or the phone and upload the parts as recordings."


class UploadExpired(ReviewError):
    """This upload was left for too long, and what had arrived is deleted."""

    status = 410
    advice = "Choose the film again. It is uploaded from its beginning."
