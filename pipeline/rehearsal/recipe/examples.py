"""Training examples: windows as features, with the tokens, times and letters to be learnt.

Here lives what the model is taught about a window. How it learns is in train.py.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from tokenizers import Tokenizer

from pipeline.rehearsal.recipe.espeak import Samples
from pipeline.rehearsal.recipe.model import MAX_FRAMES, STEP_MS, Ids, ctc_labels
from pipeline.rehearsal.recipe.synth import PER_MS, Clips
from pipeline.rehearsal.recipe.windows import Mixture, Said, compose, noise_bank, slice_of

Features = npt.NDArray[np.float32]
Span = tuple[float, float]
"""From and to, in ms."""

_FEATURES_PER_S = 100
_BUFFER_LEAST, _BUFFER_MOST = 400, 4000
_FRESH = 0.25
_PREVIOUS_MOST = 223  # as much as faster-whisper puts before
_GUIDE_MARGIN_STEPS = 3
_FIRST_TIMESTAMP_MOST_MS = 1000


@dataclass(frozen=True, slots=True)
class Stage:
    """How one stage of training draws its windows.

    Short windows are placed anywhere in the half minute that the model can address
    (`is_placed_anywhere`) and hold little silence; whole ones look like those of the recogniser.
    """

    seconds: int
    batch: int
    is_placed_anywhere: bool
    dense: float
    full: float
    with_timestamps: float
    with_previous: float
    previous_most: int


SHORT = Stage(8, 5, is_placed_anywhere=True, dense=0.94, full=0.9, with_timestamps=0.8,
              with_previous=0.1, previous_most=3)  # fmt: skip
WHOLE = Stage(30, 2, is_placed_anywhere=False, dense=0.65, full=0.6, with_timestamps=0.5,
              with_previous=0.45, previous_most=10)  # fmt: skip


@dataclass(slots=True)
class _Tokens:
    """Tokens of an example; each with the weight of its own prediction, and when it sounds."""

    ids: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    spans: list[Span | None] = field(default_factory=list)

    def add(self, token: int, *, weight: float = 1.0, span: Span | None = None) -> None:
        self.ids.append(token)
        self.weights.append(weight)
        self.spans.append(span)


@dataclass(frozen=True, slots=True)
class Example:
    """One window to learn; all sequences run over the predicted tokens."""

    mel: Features
    offset: int
    tokens: list[int]
    targets: list[int]
    weights: list[float]
    spans: list[Span | None]
    letters: list[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples padded to the same length."""

    mel: torch.Tensor
    offsets: torch.Tensor
    tokens: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    spans: torch.Tensor
    letters: torch.Tensor
    letter_counts: torch.Tensor


class Examples(torch.utils.data.IterableDataset):
    """An endless, seeded stream of batches.

    Composing a window costs more than learning from it, so windows are drawn with replacement
    from a buffer into which fresh ones keep coming.
    """

    def __init__(self, clips: Clips, *, tokenizer: Tokenizer, stage: Stage, seed: str) -> None:
        super().__init__()
        self._clips, self._tokenizer, self._stage = clips, tokenizer, stage
        self._ids = Ids.of(tokenizer)
        self._rng = random.Random(seed)
        self._extract = FeatureExtractor()
        self._bank = noise_bank(0)
        self._buffer: list[tuple[npt.NDArray[np.float16], list[Said]]] = []

    def __iter__(self) -> Iterator[Batch]:
        torch.set_num_threads(1)
        while True:
            yield collate([self._example() for _ in range(self._stage.batch)], ids=self._ids)

    def _window(self) -> tuple[Features, list[Said]]:
        """Return features and sentences of a window, fresh or from the buffer."""
        rng, stage = self._rng, self._stage
        if len(self._buffer) > _BUFFER_LEAST and rng.random() > _FRESH:
            kept, said = rng.choice(self._buffer)
            return kept.astype(np.float32), said
        if rng.random() < 0.04:  # noqa: PLR2004 - the share of windows in which nobody speaks
            length = rng.randint(500, stage.seconds * 1000) * PER_MS
            noise = slice_of(self._bank, length=length, rng=rng)
            sound, said = noise * 10 ** (-rng.uniform(20, 90) / 20), []
        else:
            fill = 1.0 if rng.random() < stage.full else rng.uniform(0.15, 1.0)
            mixture = Mixture(length_ms=int(stage.seconds * 1000 * fill), dense=stage.dense)
            sound, said = compose(self._clips, mixture=mixture, bank=self._bank, rng=rng)
        mel = self._features(sound)
        if len(self._buffer) < _BUFFER_MOST:
            self._buffer.append((mel.astype(np.float16), said))
        else:
            self._buffer[rng.randrange(_BUFFER_MOST)] = (mel.astype(np.float16), said)
        return mel, said

    def _features(self, sound: Samples) -> Features:
        """Return features padded with zeros, exactly as faster-whisper pads them."""
        frames = self._stage.seconds * _FEATURES_PER_S
        mel = self._extract(sound)[:, :-1][:, :frames].astype(np.float32)
        return np.pad(mel, ((0, 0), (0, frames - mel.shape[1])))

    def _example(self) -> Example:
        rng, ids, stage = self._rng, self._ids, self._stage
        offset = 0
        if stage.is_placed_anywhere and rng.random() < 0.5:  # noqa: PLR2004 - every other one
            offset = rng.randint(0, MAX_FRAMES - stage.seconds * 1000 // STEP_MS)
        mel, said = self._window()
        if rng.random() < 0.3:  # noqa: PLR2004 - hide a band of frequencies now and then
            low, width = rng.randrange(70), rng.randrange(1, 10)
            mel = mel.copy()
            mel[low : low + width] = mel.mean()
        is_cut = bool(said) and said[-1].is_cut
        timed = is_cut or rng.random() < stage.with_timestamps
        tokens = _Tokens()
        if rng.random() < stage.with_previous:
            self._add_previous(tokens)
        first = len(tokens.ids)
        tokens.add(ids.start, weight=0.0)
        tokens.add(ids.danish)
        tokens.add(ids.transcribe, weight=0.1)
        if not timed:
            tokens.add(ids.no_timestamps, weight=0.0)
        self._add_said(tokens, said, offset=offset, timed=timed)
        targets = tokens.ids[1:]
        if not said:
            targets[first] = ids.no_speech
        return Example(
            mel=mel,
            offset=offset,
            tokens=tokens.ids[:-1],
            targets=targets,
            weights=tokens.weights[1:],
            spans=tokens.spans[1:],
            letters=_letters(said, until_ms=stage.seconds * 1000),
        )

    def _add_previous(self, tokens: _Tokens) -> None:
        """Add what condition_on_previous_text puts before a window; nothing is learnt from it."""
        rng, ids = self._rng, self._ids
        before: list[int] = []
        now_ms = rng.randint(0, 1000)
        for _ in range(rng.randint(1, self._stage.previous_most)):
            text = rng.choice(self._clips.clips).text
            end_ms = now_ms + 300 + round(len(text) * rng.uniform(50, 80))
            if end_ms > MAX_FRAMES * STEP_MS:
                break
            before.append(ids.time0 + now_ms // STEP_MS)
            before.extend(self._tokenizer.encode(f" {text}", add_special_tokens=False).ids)
            before.append(ids.time0 + end_ms // STEP_MS)
            now_ms = end_ms + rng.randint(100, 1500)
        tokens.add(ids.previous, weight=0.0)
        for token in before[-_PREVIOUS_MOST:]:
            tokens.add(token, weight=0.0)

    def _add_said(self, tokens: _Tokens, said: Sequence[Said], *, offset: int, timed: bool) -> None:
        """Add the sentences of a window, with timestamps or without, and the end."""

        def timestamp(ms: int) -> int:
            return self._ids.time0 + min(offset + round(ms / STEP_MS), MAX_FRAMES)

        for index, sentence in enumerate(said):
            start_ms = sentence.start_ms
            if index == 0 and self._rng.random() < 0.5:  # noqa: PLR2004 - every other one
                # faster-whisper allows no later first timestamp
                start_ms = min(start_ms, _FIRST_TIMESTAMP_MOST_MS)
            if timed:
                tokens.add(timestamp(start_ms))
            if sentence.is_cut:
                break
            for token, span in token_spans(sentence, tokenizer=self._tokenizer):
                tokens.add(token, span=span)
            if timed:
                tokens.add(timestamp(sentence.end_ms))
        if timed and not said:
            tokens.add(timestamp(0))
        tokens.add(self._ids.end)


def token_spans(said: Said, *, tokenizer: Tokenizer) -> list[tuple[int, Span]]:
    """Return a sentence's tokens and when each sounds: its letters' share of its word's time."""
    encoding = tokenizer.encode(f" {said.text}", add_special_tokens=False)
    spans, position, places = [], 1, []
    for word in said.words:
        places.append((position, position + len(word.text), word))
        position += len(word.text) + 1
    for token, (begin, end) in zip(encoding.ids, encoding.offsets, strict=True):
        middle = max((begin + end) / 2, 1)
        first, last, word = next(place for place in places if middle <= place[1] + 0.5)
        per_letter = (word.end_ms - word.start_ms) / (last - first)
        start_ms = word.start_ms + (max(begin, first) - first) * per_letter
        spans.append((token, (start_ms, word.start_ms + (min(end, last) - first) * per_letter)))
    return spans


def _letters(said: Sequence[Said], *, until_ms: int) -> list[int]:
    """Return the labels of all words that are heard in full."""
    words = [w.text for s in said for w in s.words if w.end_ms <= until_ms - 50]
    return ctc_labels(" ".join(words))


def collate(examples: Sequence[Example], *, ids: Ids) -> Batch:
    """Return examples padded to tensors; spans become encoder positions, -1 where there is none."""
    longest = max(len(example.tokens) for example in examples)
    spans = torch.full((len(examples), longest, 2), -1.0)
    for row, example in enumerate(examples):
        for column, span in enumerate(example.spans):
            if span is not None:
                spans[row, column, 0] = span[0] / STEP_MS - _GUIDE_MARGIN_STEPS
                spans[row, column, 1] = span[1] / STEP_MS + _GUIDE_MARGIN_STEPS

    def padded(rows: Sequence[Sequence[float]], *, fill: float) -> torch.Tensor:
        return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])

    return Batch(
        mel=torch.tensor(np.stack([example.mel for example in examples])),
        offsets=torch.tensor([example.offset for example in examples]),
        tokens=padded([example.tokens for example in examples], fill=ids.end),
        targets=padded([example.targets for example in examples], fill=ids.end),
        weights=padded([example.weights for example in examples], fill=0.0),
        spans=spans,
        letters=torch.tensor([c for e in examples for c in e.letters], dtype=torch.long),
        letter_counts=torch.tensor([len(example.letters) for example in examples]),
    )
