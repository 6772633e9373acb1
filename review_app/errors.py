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


class DownloadsOff(Denied):
    """No copies are taken out of Samspil here."""

    advice = "Watch it here. If a copy has to be handed over by law, ask your administrator."


class TeachingNotAgreed(Denied):
    """Not everyone in it has agreed to teaching."""

    advice = "Ask each of them, on the page about consent. A no costs nothing, and needs no reason."


class NotReleased(Denied):
    """Your supervisor is still preparing."""

    advice = "You will be told when the sequences are ready."


class GroupFull(ReviewError):
    """Six are invited already, which is as many as a group can be."""

    status = 409
    advice = "Take an invitation back first."


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


class NotReceived(BadRequest):
    """The film is not here yet, so the camera has the only copy."""

    advice = "Wait until it has been received. Then delete it from the camera."


class ProcessingBegun(ReviewError):
    """The film is being worked on already, so its files stay as they are."""

    status = 409
    advice = "Add what is missing as a recording of its own, or erase this one and begin again."


class CustodyUnclear(BadRequest):
    """Joint custody has two holders, and only one is named."""

    advice = "Name the other custody holder too, or choose sole custody."


class CourseOver(BadRequest):
    """The course is over, and nothing more is kept in it."""

    advice = "Ask for a new course to be begun."


class VoiceUnnamed(BadRequest):
    """More voices are heard than people are named."""

    advice = "Name everyone who is heard. Each of them is asked."


class NumberOfSomebody(BadRequest):
    """There is a number in it that may be a person's."""

    advice = "Write examples of your own. Nothing of a recording belongs in a codebook."


class ScopeEmpty(BadRequest):
    """Nothing is chosen that the answer is about."""

    advice = "Choose sound, picture or text."


class PeriodEmpty(BadRequest):
    """The answer would hold for no day."""

    advice = "Choose a later last day, or none."


class SecondMissing(BadRequest):
    """It is not told where on the recording the yes is heard."""

    advice = "Write the place as minutes and seconds, such as 0:42. It must lie in the film."


class NotInFilm(BadRequest):
    """Someone who is not in the film cannot be heard saying yes on it."""

    advice = "Use a signed paper or a code, or correct that the person is seen or heard."


class OwnCodeNeeded(BadRequest):
    """A digital yes is given by the person, with a code of their own."""

    advice = "Show the code, or write down how the answer was given instead."


class TrialTooLarge(ReviewError):
    """The test recording is larger than 200 MB."""

    status = 413
    advice = "Half a minute is enough. Record a shorter one and choose it."


class TrialRunning(ReviewError):
    """Another test recording of yours is being checked."""

    status = 409
    advice = "Wait until it is done, then choose the file again."
    retryable = True


class TrialUnchecked(ReviewError):
    """The test recording could not be checked right now. It is erased."""

    status = 503
    advice = "Try again in a moment. If it goes on, tell your administrator."
    retryable = True


class ScanUnreadable(ReviewError):
    """The file is neither a picture nor a PDF."""

    status = 415
    advice = "Take a picture of the paper, or scan it, and choose that file."


class ScanTooLarge(ReviewError):
    """The picture of the paper is larger than 20 MB."""

    status = 413
    advice = "Take it in a lower resolution, or scan the paper in grey."


class AlreadyScanned(ReviewError):
    """This paper is kept already, and what is kept does not change."""

    status = 409
    advice = "If it is the wrong paper, write the answer down anew with the right one."


class NobodyToTell(ReviewError):
    """Nobody is named who can be told of a concern."""

    status = 409
    advice = (
        "Tell your own leader at once. Then ask your administrator to name a leader for the course "
        "with samspil people leader."
    )


class StepNotOpen(ReviewError):
    """This step cannot be taken now."""

    status = 409
    advice = "Reload the page. Somebody may have taken a step meanwhile."


class ConcernStands(ReviewError):
    """A concern stands, and it holds the recording back."""

    status = 409
    advice = "Close the concern. The hold then ends by itself."


class UploadExpired(ReviewError):
    """This upload was left for too long, and what had arrived is deleted."""

    status = 410
    advice = "Choose the film again. It is uploaded from its beginning."
