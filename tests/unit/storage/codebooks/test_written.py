import json

import pytest

from storage.codebooks.model import Codebook
from storage.codebooks.parse import codebook_from
from storage.codebooks.shipped import shipped_codebooks
from storage.codebooks.written import table_of
from tests.unit.storage.codebooks.matching.books import book, tag

CUE = '{ p = "ja", q = "no", w = 0.3, minw = 2, maxw = 9, pos = [0, 0.5], in = "turn" }'


@pytest.mark.parametrize("codebook", shipped_codebooks(), ids=lambda each: each.id)
def test_what_is_written_is_read_as_it_was(codebook: Codebook) -> None:
    assert codebook_from(json.loads(json.dumps(table_of(codebook)))) == codebook


def test_no_field_is_lost() -> None:
    head = 'speaker = ["youth"]\nkey = "3"\nthreshold = 0.2\nseverity = "safeguarding"\n'
    full = book(tag("a", head=f"{head}retired = true", da=CUE), tag("b"))
    assert codebook_from(table_of(full)) == full
