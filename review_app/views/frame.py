"""What every page is given: who looks, in which language, and the home."""

from dataclasses import dataclass

import streamlit as st

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands.access import found_with_course, guest_of, relation_to
from review_app.errors import ReviewError
from review_app.permissions import may_be_invited
from review_app.translation import Translate, told
from review_app.witness import Witness
from storage import accounts
from storage.errors import StorageError
from storage.home import Home
from storage.records import Course, Recording, User, UserId


@dataclass(frozen=True, slots=True)
class Frame:
    """One run of one page for one person."""

    home: Home
    witness: Witness
    user: User
    say: Translate

    def recording_asked_for(self) -> tuple[Recording, Course] | None:
        """Return the recording named in the address if it is this person's, else show why not."""
        try:
            with self.home.reading() as tx:
                wanted = RecordingId(st.query_params.get("recording", ""))
                near = relation_to(tx, self.user, wanted)
                return near.recording, near.course
        except (ReviewError, ConsentError, StorageError) as error:
            self.banner(error)
            return None

    def meeting_asked_for(self) -> tuple[RecordingId, bool] | None:
        """Return whose room the address names and whether as a guest, else show why not."""
        try:
            with self.home.reading() as tx:
                wanted = RecordingId(st.query_params.get("recording", ""))
                found, course = found_with_course(tx, wanted)
                if may_be_invited(self.user, recording=found, course=course):
                    return guest_of(tx, self.user, wanted).recording.id, True
                return relation_to(tx, self.user, wanted).recording.id, False
        except (ReviewError, ConsentError, StorageError) as error:
            self.banner(error)
            return None

    def name_of(self, user: UserId) -> str:
        """Return a colleague's name."""
        with self.home.reading() as tx:
            return accounts.user(tx, user).name

    def banner(self, error: ReviewError | ConsentError | StorageError) -> None:
        """Say what could not be done and what to do instead; a refusal is noted."""
        wanted = st.query_params.get("recording", "")
        self.witness.refused(self.user.id, error, recording=wanted)
        what, advice = told(error, say=self.say)
        st.error(f"**{what}** {advice}")
