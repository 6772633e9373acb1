import json
import re
from pathlib import Path

import review_app
from storage.records import Stage

COMPONENT = Path(review_app.__file__).parent / "components" / "processing.js"


def test_the_page_waits_for_every_stage_and_for_no_other() -> None:
    """It says that all is ready once each has ended."""
    found = re.search(r"^const ORDER = (\[.*\]);$", COMPONENT.read_text("utf-8"), re.MULTILINE)
    assert found
    assert json.loads(found[1]) == [stage.value for stage in Stage]
