from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import update

from storage import site_codebooks, vocabulary
from storage.codebooks.errors import CodebookInvalid
from storage.codebooks.model import Codebook, Cue
from storage.codebooks.shipped import conversation_codebook, shipped_codebooks
from storage.errors import Conflict, NotFound, VocabularyTooLong, WordTooLong
from storage.tables import CodebookRow
from storage.transaction import Transaction
from tests.contract.storage.scene import Site, after


def relabeled(book: Codebook, label: str) -> Codebook:
    first, *others = book.tags
    texts = (replace(first.texts[0], label=label), *first.texts[1:])
    return replace(book, tags=(replace(first, texts=texts), *others))


class TestSiteCodebooks:
    def test_until_somebody_changes_them_they_are_as_they_came(self, tx: Transaction) -> None:
        assert site_codebooks.codebooks(tx) == shipped_codebooks()
        assert site_codebooks.editions(tx, "conversation") == ()

    def test_each_change_is_an_edition_and_what_was_marked_before_keeps_its_text(
        self, tx: Transaction, site: Site
    ) -> None:
        by = site.supervisor.id
        came = conversation_codebook()
        one = site_codebooks.keep_codebook(tx, relabeled(came, "En"), by=by)
        later = after(tx, hours=1)
        two = site_codebooks.keep_codebook(later, relabeled(one, "To"), by=by)
        assert (one.name, two.name) == ("conversation@1.1", "conversation@1.2")
        assert site_codebooks.conversation(later) == two
        labels = [
            site_codebooks.codebook_named(tx, book.name).tags[0].texts[0].label
            for book in (came, one, two)
        ]
        assert labels == [came.tags[0].texts[0].label, "En", "To"]
        assert site_codebooks.codebooks(tx)[1:] == shipped_codebooks()[1:]
        [newest, oldest] = site_codebooks.editions(tx, "conversation")
        assert (newest.name, newest.made_by, newest.made_at) == (two.name, by, later.at)
        assert oldest.edition == 1

    def test_who_changes_an_edition_that_is_not_the_newest_is_told(
        self, tx: Transaction, site: Site
    ) -> None:
        came = conversation_codebook()
        site_codebooks.keep_codebook(tx, relabeled(came, "En"), by=site.supervisor.id)
        with pytest.raises(Conflict):
            site_codebooks.keep_codebook(tx, relabeled(came, "To"), by=site.caseworker.id)
        assert site_codebooks.conversation(tx).tags[0].texts[0].label == "En"

    def test_a_codebook_whose_cues_cannot_be_read_is_not_kept(
        self, tx: Transaction, site: Site
    ) -> None:
        book = conversation_codebook()
        cue = Cue("x.da.1", 0.7, language="da", pattern="(en|")
        broken = replace(book, tags=(replace(book.tags[0], cues=(cue,)), *book.tags[1:]))
        with pytest.raises(CodebookInvalid):
            site_codebooks.keep_codebook(tx, broken, by=site.supervisor.id)
        assert site_codebooks.conversation(tx) == book

    def test_an_edition_cannot_be_changed_afterwards(self, tx: Transaction, site: Site) -> None:
        book = relabeled(conversation_codebook(), "En")
        site_codebooks.keep_codebook(tx, book, by=site.supervisor.id)
        change = update(CodebookRow).values(table_json="{}")
        with pytest.raises(IntegrityError), tx.session.begin_nested():
            tx.session.exec(change)

    def test_what_never_was_is_not_found(self, tx: Transaction) -> None:
        for name in ("conversation@1.7", "conversation@9", "nothing@1"):
            with pytest.raises(NotFound):
                site_codebooks.codebook_named(tx, name)


class TestVocabulary:
    def test_the_sites_words_come_before_the_legal_terms(self, tx: Transaction, site: Site) -> None:
        by = site.supervisor.id
        assert vocabulary.vocabulary(tx, "da").words == ()
        lines = ["  Børnehuset   Lunden", "", "bisidder", "Børnehuset Lunden"]
        kept = vocabulary.keep_vocabulary(tx, "da", lines=lines, edition=0, by=by)
        assert kept == vocabulary.vocabulary(tx, "da")
        assert (kept.edition, kept.words) == (1, ("Børnehuset Lunden", "bisidder"))
        assert kept.told[:3] == ("Børnehuset Lunden", "bisidder", "partshøring")
        assert len(set(kept.told)) == len(kept.told)
        assert vocabulary.vocabulary(tx, "sv").words == ()

    @pytest.mark.parametrize("language", ["da", "sv", "en"])
    def test_every_language_has_legal_terms(self, language: str) -> None:
        assert len(vocabulary.legal_terms(language)) >= 30

    def test_who_comes_later_is_told_what_there_is(self, tx: Transaction, site: Site) -> None:
        by = site.supervisor.id
        vocabulary.keep_vocabulary(tx, "da", lines=["Horsens"], edition=0, by=by)
        with pytest.raises(Conflict) as caught:
            vocabulary.keep_vocabulary(tx, "da", lines=["Vejle"], edition=0, by=by)
        assert caught.value.stored == ("Horsens",)

    def test_what_no_recognizer_could_take_is_refused(self, tx: Transaction, site: Site) -> None:
        by = site.supervisor.id
        with pytest.raises(WordTooLong):
            vocabulary.keep_vocabulary(tx, "da", lines=["x" * 61], edition=0, by=by)
        many = [f"ord {number}" for number in range(101)]
        with pytest.raises(VocabularyTooLong):
            vocabulary.keep_vocabulary(tx, "da", lines=many, edition=0, by=by)
