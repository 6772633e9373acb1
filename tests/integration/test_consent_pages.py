"""The caseworker's forms: the answers of everyone in a recording, and one's own language."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from consent.model import (
    CustodyGround,
    Event,
    Method,
    PersonId,
    Purpose,
    RecordingId,
    Role,
)
from review_app.commands.doubting import Doubt
from storage import (
    access_asks,
    accounts,
    consent_codes,
    consent_ledger,
    erasure,
    recordings,
    requests,
)
from storage.records import RequestKind
from storage.vault.blobs import BlobRef
from tests.house import OWNER, SUPERVISOR, House, intend, turn
from tests.screens import Screen, Watch


def write(screen: Screen, **typed: str) -> None:
    labels = {
        "birth": "The young person's birth date",
        "day": "Day of the conversation",
        "clock": "Time",
        "until": "First day on which it no longer holds (may be left empty)",
        "second": "Where on the recording is it heard?",
        "born": "Birth date",
    }
    for name, value in typed.items():
        next(f for f in screen.test.text_input if f.label == labels[name]).input(value)


def choose(screen: Screen, label: str, value: object) -> None:
    fields = (*screen.test.selectbox, *screen.test.checkbox, *screen.choices)
    field: Any = next(each for each in fields if each.label == label)
    field.set_value(value).run()
    assert not screen.test.exception


def click(screen: Screen, label: str) -> None:
    next(button for button in screen.test.button if button.label == label).click().run()
    assert not screen.test.exception


# Consent


def answers(house: House, recording: RecordingId) -> list[Event]:
    with house.home.reading() as tx:
        return [each.event for each in consent_ledger.evidence_of(tx, recording)]


def asked_of_workers(house: House) -> list[tuple[str, str]]:
    with house.home.transaction() as tx:
        return [(each.kind, each.recording) for each in requests.waiting(tx)]


def press(screen: Screen, label: str) -> None:
    click(screen, label)
    assert not screen.test.error


def of_role(house: House, recording: RecordingId, role: Role) -> PersonId:
    with house.home.reading() as tx:
        roster = consent_ledger.roster_of(tx, recording)
    return next(person.person for person in roster if person.role is role)


def test_the_last_yes_opens_the_recording_and_starts_the_work(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False, processed=False)
    with house.home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/x", 1))
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "The recording is locked. Still to answer: Young person, Custody holder," in screen.said
    for who in ("Young person", "Custody holder"):
        assert f"The answer of {who}" in screen.said
        press(screen, "Says yes")
        assert asked_of_workers(house) == []
        screen.open("consent", recording=recording)  # whoever is missing comes next
    press(screen, "Says yes")
    assert "Everyone has consented to supervision." in screen.said
    assert asked_of_workers(house) == [(RequestKind.PROCESS, recording)]
    assert answers(house, recording) == [Event.GIVEN] * 3
    with house.home.reading() as tx:
        evidence = consent_ledger.evidence_of(tx, recording)
    assert {each.written_by for each in evidence} == {house.people[OWNER].id}
    assert {each.method for each in evidence} == {Method.SIGNED_PAPER}
    assert evidence[0].notice.startswith("youth_13_15")
    assert evidence[1].notice.startswith("custody_holder")


def test_a_no_locks_the_recording_and_a_withdrawal_erases_it(house: House, watch: Watch) -> None:
    recording = house.recording()
    holder = of_role(house, recording, Role.CUSTODY_HOLDER)
    screen = watch(house, OWNER, "consent", recording=recording, person=holder)
    house.clock.go_on(minutes=1)
    press(screen, "Takes the yes back")
    assert asked_of_workers(house) == [], "it is asked once whether it is meant"
    press(screen, "Go back")
    assert "Are you sure?" not in screen.said
    press(screen, "Takes the yes back")
    assert "Are you sure?" in "".join(each.value for each in screen.test.warning)
    press(screen, "Withdraw and erase")
    assert "The recording is locked." in screen.said
    assert asked_of_workers(house) == [(RequestKind.ERASE, recording)]
    erasure.erase(house.home, recording)
    screen.open("consent", recording=recording)
    assert "Erased" in screen.said
    assert not screen.test.button

    other = house.recording(agreed=False)
    screen.open("consent", recording=other)
    press(screen, "Says no")
    assert answers(house, other) == [Event.REFUSED]
    assert "consent_refused" in house.audited(other)


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_a_yes_that_does_not_count_closes_after_one_question(
    house: House, watch: Watch, login: str
) -> None:
    recording = house.recording()
    holder = of_role(house, recording, Role.CUSTODY_HOLDER)
    house.clock.go_on(minutes=1)
    screen = watch(house, login, "consent", recording=recording, person=holder)
    [start] = [b for b in screen.test.button if b.label == "The answer does not count"]
    assert start.disabled, "a reason is chosen first"
    [which] = [field for field in screen.test.selectbox if field.label == "Which answer?"]
    which.set_value(next(e for e in which.options if e.startswith("Custody holder"))).run()
    [why] = screen.test.radio
    why.set_value(Doubt.NOT_THEIR_SIGNATURE).run()
    for after in ("Go back", "Yes, it does not count"):
        press(screen, "The answer does not count")
        [asked] = screen.test.warning
        assert "It is erased 9 April if no new yes comes." in asked.value
        assert house.permit(recording)
        press(screen, after)
    assert "The recording is locked. Still to answer: Custody holder." in screen.said
    assert "Does not count" in screen.said
    assert answers(house, recording)[-1] is Event.INVALIDATED
    assert asked_of_workers(house) == []


def test_two_who_disagree_are_told_so_without_advice(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False)
    house.answer(recording, Event.GIVEN, only=Role.YOUTH)
    house.answer(recording, Event.REFUSED, only=Role.CUSTODY_HOLDER)
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "Young person said yes, Custody holder no. So the recording is not used" in screen.said
    assert "Get the answer: Custody holder" not in screen.said, "who said no is not asked again"
    assert "if the answer does not come" not in screen.said


def test_a_spoken_yes_needs_its_second(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False)
    screen = watch(house, OWNER, "consent", recording=recording)
    choose(screen, "How was the answer given?", Method.SPOKEN)
    for wrong in ("", "soon", "9:99:99:99", "59:00"):
        write(screen, second=wrong)
        click(screen, "Says yes")
        assert "where on the recording" in screen.test.error[0].value
        assert answers(house, recording) == []
    write(screen, second="0:42", until="24.11.2027")
    press(screen, "Says yes")
    with house.home.reading() as tx:
        [given] = consent_ledger.evidence_of(tx, recording)
    assert given.spoken_at_ms == 42_000
    assert given.valid_until == date(2027, 11, 24)
    assert "00:42" in screen.said


def test_what_holds_for_no_day_or_no_part_is_asked_again(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False)
    screen = watch(house, OWNER, "consent", recording=recording)
    for until, told in (("soon", "cannot be read"), ("10.3.2026", "for no day")):
        write(screen, until=until)
        click(screen, "Says yes")
        assert told in screen.test.error[0].value
    write(screen, until="")
    choose(screen, "Which parts may be used?", [])
    click(screen, "Says yes")
    assert "Nothing is chosen" in screen.test.error[0].value
    assert answers(house, recording) == []


def test_a_voluntary_purpose_is_answered_by_itself(house: House, watch: Watch) -> None:
    recording = house.recording()
    youth = of_role(house, recording, Role.YOUTH)
    screen = watch(house, OWNER, "consent", recording=recording, person=youth)
    choose(screen, "What is it about?", Purpose.RESEARCH)
    press(screen, "Says yes")
    house.clock.go_on(minutes=1)
    press(screen, "Takes the yes back")
    press(screen, "Withdraw")
    with house.home.reading() as tx:
        about = [e.event for e in consent_ledger.evidence_of(tx, recording)
                 if e.purpose is Purpose.RESEARCH]  # fmt: skip
    assert about == [Event.GIVEN, Event.WITHDRAWN]
    assert asked_of_workers(house) == [], "supervision goes on"


def test_adding_someone_locks_until_they_have_answered(house: House, watch: Watch) -> None:
    recording = house.recording()
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "Everyone has consented" in screen.said
    assert "locks at once" in screen.said
    press(screen, "Add and lock")
    assert "Still to answer: Support person." in screen.said
    assert "Support person added, the recording locked" in screen.said
    house.clock.go_on(minutes=1)
    press(screen, "Says yes")
    assert "Everyone has consented" in screen.said


def test_a_birth_date_and_a_ground_can_be_corrected(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False)
    youth, holder = (of_role(house, recording, r) for r in (Role.YOUTH, Role.CUSTODY_HOLDER))
    screen = watch(house, OWNER, "consent", recording=recording, person=youth)
    write(screen, born="8.3.2031")
    click(screen, "Save the correction")
    assert "birth date" in screen.test.error[0].value
    write(screen, born="8.3.2001")
    press(screen, "Save the correction")
    assert "Still to answer: Young person, Caseworker." in screen.said
    screen.open("consent", recording=recording, person=holder)
    choose(screen, "Ground", CustodyGround.JOINT)
    click(screen, "Save the correction")
    assert "Joint custody" in screen.test.error[0].value
    choose(screen, "Ground", CustodyGround.GUARDIAN)
    press(screen, "Save the correction")
    assert house.audited(recording) == ["participant_corrected"] * 2


def test_a_code_is_shown_once_and_a_new_one_stops_the_earlier(house: House, watch: Watch) -> None:
    recording = house.recording(agreed=False)
    screen = watch(house, OWNER, "consent", recording=recording)
    codes = []
    for label in ("Show a code to scan", "New code, stop the earlier ones"):
        press(screen, label)
        codes += re.findall(r"<code>([0-9A-Z-]{19})</code>", "".join(screen.fragments))
    assert len(set(codes)) == 2
    with house.home.reading() as tx:
        assert consent_codes.holder_of(tx, codes[0]) is None
        holder = consent_codes.holder_of(tx, codes[1])
    assert holder is not None
    assert holder.person == of_role(house, recording, Role.YOUTH)
    screen.open("consent", recording=recording)
    assert not re.search("<code>", "".join(screen.fragments)), "nobody sees it again"
    assert house.audited(recording) == ["code_issued", "codes_stopped", "code_issued"]


def test_one_voice_more_than_people_is_told_and_can_be_named(house: House, watch: Watch) -> None:
    recording = house.recording()
    spoken = [turn(0, "Hej"), turn(1, "Ja"), replace(turn(2, "Må jeg?"), speaker="parent")]
    house.transcript(recording, spoken)
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "One voice more is heard than people are named." in screen.said
    press(screen, "Add and lock")
    assert "One voice more" not in screen.said
    assert "Still to answer" in screen.said


def test_someone_who_waits_for_a_copy_is_answered(house: House, watch: Watch) -> None:
    recording = house.recording()
    youth = of_role(house, recording, Role.YOUTH)
    with house.home.transaction() as tx:
        access_asks.ask(tx, recording, youth, due_on=date(2026, 4, 7))
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "To be answered by 7 April." in screen.said
    press(screen, "Answered")
    assert "To be answered" not in screen.said
    assert "Young person has been given a copy" in screen.said


def test_that_the_camera_is_cleared_stands_in_the_history(house: House, watch: Watch) -> None:
    recording = house.recording()
    house.do(OWNER, recording, "confirm_camera_cleared")
    screen = watch(house, OWNER, "consent", recording=recording)
    assert "Film deleted from the camera" in screen.said
    assert "Nobody has seen the recording." in screen.said


def test_clearing_the_camera_is_reminded_of_until_it_is_confirmed(
    house: House, watch: Watch
) -> None:
    words = "Delete the film from the camera"
    recording = house.recording(processed=False)
    assert words not in watch(house, OWNER, "library").said  # it may be the only copy
    refused = intend(house.browser(OWNER), recording, "confirm_camera_cleared")
    assert (refused.status_code, refused.json()["error"]) == (400, "NotReceived")
    with house.home.transaction() as tx:
        recordings.mark_received(tx, recording, source=BlobRef(f"{recording}/source/none", 0))
    assert words in watch(house, OWNER, "library").said
    assert words not in watch(house, SUPERVISOR, "library").said
    house.do(OWNER, recording, "confirm_camera_cleared")
    assert words not in watch(house, OWNER, "library").said
    status = house.browser(OWNER).get(f"/api/recordings/{recording}/status").json()
    assert datetime.fromisoformat(status["camera_cleared_at"]) == house.clock.now


def test_the_supervisor_reads_the_answers_and_writes_none(house: House, watch: Watch) -> None:
    recording = house.recording()
    screen = watch(house, SUPERVISOR, "consent", recording=recording)
    assert "Everyone has consented to supervision." in screen.said
    assert [button.label for button in screen.test.button] == ["The answer does not count"]
    assert not re.search("/scan", "".join(screen.fragments))


# Language


def test_a_language_is_chosen_on_ones_own_page(house: House, watch: Watch) -> None:
    screen = watch(house, OWNER, "profile")
    assert "Profile and language" in screen.said
    for language, words in (("da", "Profil og sprog"), ("sv", "Profil och språk")):
        screen.choices[0].set_value(language).run()
        assert not screen.test.exception
        assert words in screen.said
        with house.home.reading() as tx:
            assert accounts.user(tx, house.people[OWNER].id).language == language


# Reminders


def test_the_list_tells_the_caseworker_what_is_due(house: House, watch: Watch) -> None:
    recording = house.recording()
    house.clock.go_on(minutes=1)
    house.signed_paper(recording)
    with house.home.transaction() as tx:
        youth = of_role(house, recording, Role.YOUTH)
        access_asks.ask(tx, recording, youth, due_on=date(2026, 4, 7))
    house.recording(agreed=False, processed=False)
    said = watch(house, OWNER).said
    assert "must have been scanned by 24 March 2026" in said
    assert "Young person must have got a copy of what is held by 7 April 2026" in said
    assert "Locked: 3 yet to agree" in said
    assert "must have" not in watch(house, SUPERVISOR).said
