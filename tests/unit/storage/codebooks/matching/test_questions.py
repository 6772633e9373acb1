import re

import pytest

from storage.codebooks.matching.questions import QuestionForm
from storage.codebooks.matching.reading import read
from storage.codebooks.matching.text_language import text_language
from tests.unit.storage.codebooks.matching.talk import spoken

OPEN, CLOSED = QuestionForm.OPEN, QuestionForm.CLOSED

ASKED = {
    "da": [
        (OPEN, "Hvad tænker du om det?"),
        (OPEN, "Øh, men hvordan går det hjemme?"),
        (OPEN, "Så hvorfor gik du?"),
        (OPEN, "Hvilken slags hjælp vil du have?"),
        (OPEN, "Kan du fortælle mig lidt mere?"),
        (OPEN, "Fortæl om din dag."),
        (OPEN, "Jeg vil gerne høre, hvordan du ser det."),
        (CLOSED, "Bor du hos din mor?"),
        (CLOSED, "Er din mor hjemme?"),
        (CLOSED, "Kim, er det din ven?"),
        (CLOSED, "Hvor mange dage var du der?"),
        (CLOSED, "Hvem ringede du til?"),
        (CLOSED, "Hvor bor han?"),
        (CLOSED, "Arbejder du om aftenen?"),
    ],
    "sv": [
        (OPEN, "Vad tänker du om det?"),
        (OPEN, "Öh, men hur går det hemma?"),
        (OPEN, "Så varför gick du?"),
        (OPEN, "Vilken sorts hjälp vill du ha?"),
        (OPEN, "Kan du berätta lite mer?"),
        (OPEN, "Berätta om din dag."),
        (OPEN, "Jag vill gärna höra hur du ser på det."),
        (CLOSED, "Bor du hos din mamma?"),
        (CLOSED, "Är din mamma hemma?"),
        (CLOSED, "Kim, är det din vän?"),
        (CLOSED, "Hur många dagar var du där?"),
        (CLOSED, "Vem ringde du till?"),
        (CLOSED, "Var bor han?"),
        (CLOSED, "Var du ledsen?"),
        (CLOSED, "Jobbar du på kvällarna?"),
    ],
    "en": [
        (OPEN, "What do you think about it?"),
        (OPEN, "Er, but how are things at home?"),
        (OPEN, "So why did you leave?"),
        (OPEN, "Which kind of help would you want?"),
        (OPEN, "Could you tell me a bit more?"),
        (OPEN, "Tell me about your day."),
        (OPEN, "I'd like to hear how you see it."),
        (OPEN, "What's that like for you?"),
        (OPEN, "What happened then?"),
        (CLOSED, "Do you live with your mum?"),
        (CLOSED, "Is your mum at home?"),
        (CLOSED, "Kim, is that your friend?"),
        (CLOSED, "How many days were you there?"),
        (CLOSED, "Who did you call?"),
        (CLOSED, "Where does he live?"),
        (CLOSED, "Haven't you met him?"),
    ],
}

SAID = {
    "da": [
        "Hvad han siger, er rigtigt.",
        "Jeg ved, hvad der sker.",
        "Hvor meget det betyder, kan jeg godt se.",
        "Når du er hjemme, har du ro.",
        "Hvis du er uenig, kan du klage.",
        "Så gør vi det på torsdag.",
        "Nu skal vi tale om skolen.",
        "Har du brug for det, så ring til mig.",
        "Du kommer der ikke så meget.",
        "Tror jeg nok.",
    ],
    "sv": [
        "Vad han säger är riktigt.",
        "Jag vet vad som händer.",
        "Hur mycket det betyder ser jag.",
        "När du är hemma har du lugn.",
        "Om du inte håller med, kan du överklaga.",
        "Då gör vi det på torsdag.",
        "Nu ska vi prata om skolan.",
        "Behöver du det, så ring mig.",
        "Du är inte där så mycket.",
        "Tror jag.",
    ],
    "en": [
        "What he says is right.",
        "I know what happens there.",
        "How much it means, I can see.",
        "When you are home, you get some rest.",
        "If you disagree, you can complain.",
        "Then we do it on Thursday.",
        "Now we will talk about school.",
        "Do it tomorrow.",
        "You are not there much.",
        "I do think so.",
    ],
}


def forms(text: str, language: str) -> frozenset[QuestionForm]:
    sentences, _ = read([spoken(text)], language=text_language(language))
    return frozenset().union(*map(sentences.forms, range(len(sentences.passages))))


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [(language, form, text) for language, rows in ASKED.items() for form, text in rows],
)
def test_a_question_is_told_with_its_form(language: str, form: QuestionForm, text: str) -> None:
    assert forms(text, language) == {form}


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [(language, form, text) for language, rows in ASKED.items() for form, text in rows],
)
def test_no_question_mark_is_needed(language: str, form: QuestionForm, text: str) -> None:
    assert forms(text.replace("?", ""), language) == {form}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, rows in SAID.items() for text in rows]
)
def test_a_statement_asks_nothing(language: str, text: str) -> None:
    assert forms(text, language) == frozenset()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (language, text)
        for language, rows in SAID.items()
        for text in rows
        # Without its comma, "Har du brug for det så ring" is one clause in a question's order.
        if not text.startswith(("Har du brug", "Behöver du"))
    ],
)
def test_a_statement_without_punctuation_asks_nothing(language: str, text: str) -> None:
    assert forms(re.sub(r"[,.]", "", text), language) == frozenset()


@pytest.mark.parametrize(
    ("language", "text"),
    [("da", "Du er der hver dag?"), ("sv", "Du är där varje dag?"), ("en", "You go every day?")],
)
def test_a_statement_with_a_question_mark_asks_for_yes_or_no(language: str, text: str) -> None:
    assert forms(text, language) == {CLOSED}


def test_two_questions_in_one_turn_keep_both_forms() -> None:
    assert forms("Bor du der? Hvordan er det?", "da") == {OPEN, CLOSED}
