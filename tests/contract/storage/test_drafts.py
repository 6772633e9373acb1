from storage import drafts
from storage.transaction import Transaction
from tests.contract.storage.scene import Site


class TestDrafts:
    def test_a_draft_is_ones_own_per_field(self, tx: Transaction, site: Site) -> None:
        recording, user = site.recording().id, site.caseworker.id
        for text in ("først", "så"):
            drafts.keep_draft(tx, user=user, field="wish", recording=recording, text=text)
        assert drafts.draft(tx, user=user, field="wish", recording=recording) == "så"
        assert drafts.draft(tx, user=user, field="plan", recording=recording) is None
        other = site.supervisor.id
        assert drafts.draft(tx, user=other, field="wish", recording=recording) is None

    def test_an_emptied_or_dropped_draft_is_gone(self, tx: Transaction, site: Site) -> None:
        recording, user = site.recording().id, site.caseworker.id
        for end in ("empty", "drop"):
            drafts.keep_draft(tx, user=user, field="wish", recording=recording, text="x")
            if end == "empty":
                drafts.keep_draft(tx, user=user, field="wish", recording=recording, text="")
            else:
                drafts.drop_draft(tx, user=user, field="wish", recording=recording)
            assert drafts.draft(tx, user=user, field="wish", recording=recording) is None
