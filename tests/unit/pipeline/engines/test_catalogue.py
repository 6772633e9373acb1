from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.analysis.language import known_languages
from pipeline.engines.catalogue import (
    Presence,
    VoiceModel,
    catalogue,
    check_model_dir,
    fetch,
    fits,
    model_entry,
    voice_models,
)
from pipeline.engines.errors import ModelIncomplete, ModelNeedsConversion, ModelUnknown
from pipeline.engines.sherpa import EMBEDDING, SEGMENTATION
from pipeline.engines.whisper import FasterWhisperRecognizer

FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_bytes(bytes(200_000))
    return tmp_path


def test_every_language_has_a_model() -> None:
    covered = {language for entry in catalogue() for language in entry.languages}
    assert covered == set(known_languages())


def test_entries_are_complete() -> None:
    for entry in catalogue():
        assert "/" in entry.repo
        assert entry.licence
        assert 0 < entry.size_mib < entry.memory_mib


def test_more_memory_never_fits_less() -> None:
    names = [{entry.name for entry in fits(mib)} for mib in (1_000, 4_000, 8_000, 64_000)]
    assert names[0] == set()
    assert names[-1] == {entry.name for entry in catalogue()}
    assert all(few <= many for few, many in pairwise(names))


def test_a_complete_folder_passes(folder: Path) -> None:
    check_model_dir(folder)


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ModelIncomplete, match=missing):
        check_model_dir(folder)


def test_a_placeholder_is_not_taken_for_weights(folder: Path) -> None:
    (folder / "model.bin").write_text("version https://git-lfs.github.com/spec/v1")
    with pytest.raises(ModelIncomplete, match="placeholder"):
        check_model_dir(folder)


def test_the_recognizer_takes_no_name_for_a_folder() -> None:
    with pytest.raises(ModelIncomplete):
        FasterWhisperRecognizer(Path("small"), rehearsal=False, threads=1)


def test_fetching_refuses_what_must_be_converted(tmp_path: Path) -> None:
    with pytest.raises(ModelNeedsConversion):
        fetch("roest-v3", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_unknown_models_are_refused() -> None:
    with pytest.raises(ModelUnknown):
        model_entry("no-such-model")


def test_both_files_of_the_voice_models_have_a_source_and_a_checksum() -> None:
    assert {model.file for model in voice_models()} == {SEGMENTATION, EMBEDDING}
    for model in voice_models():
        assert model.source
        assert model.licence
        assert len(bytes.fromhex(model.sha256)) == sha256().digest_size


def test_a_voice_model_is_known_by_its_checksum(tmp_path: Path) -> None:
    model = VoiceModel("made", "it.onnx", "here", "MIT", sha256(b"published").hexdigest())
    assert model.presence(tmp_path) is Presence.ABSENT
    (tmp_path / "it.onnx").write_bytes(b"a site's own")
    assert model.presence(tmp_path) is Presence.ANOTHER
    (tmp_path / "it.onnx").write_bytes(b"published")
    assert model.presence(tmp_path) is Presence.AS_PUBLISHED
