"""Train the model from nothing on synthetic speech, on a CPU.

Here live the losses and the loop; what is learnt is in examples.py. Short windows come first,
because they teach most per second of computing; then whole ones, as the recogniser uses them. Two
helpers are left out of the finished model: a loss on letters at the encoder, and one that keeps
two attention heads where each word sounds (from which the word times come).
"""

import argparse
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own convention
from tokenizers import Tokenizer

from pipeline.rehearsal.recipe.examples import SHORT, WHOLE, Batch, Examples, Stage
from pipeline.rehearsal.recipe.model import Ids, Shape, Whisper, build_tokenizer
from pipeline.rehearsal.recipe.sentences import draw
from pipeline.rehearsal.recipe.synth import Clips

_VOCABULARY = 900
_VOCABULARY_TEXTS = 6000
_WARM_UP_MOST = 200
_REPORT_EVERY, _SAVE_EVERY = 25, 100
_TIME_KERNEL = ((0, 0.5), (-1, 0.19), (1, 0.19), (-2, 0.06), (2, 0.06))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line sets."""

    clips: Path
    out: Path
    short_steps: int
    whole_steps: int
    short_rate: float
    whole_rate: float
    guide: float
    seed: int
    processes: int
    init: Path | None
    port: int


@dataclass(frozen=True, slots=True)
class Losses:
    """The three losses, and the share of text tokens that came out right."""

    tokens: torch.Tensor
    letters: torch.Tensor
    guide: torch.Tensor
    accuracy: torch.Tensor


def losses(model: Whisper, batch: Batch, *, ids: Ids) -> Losses:
    """Return the losses of one batch."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        memory = model.encode(batch.mel, offsets=batch.offsets)
        logits, guide = model.decode(batch.tokens, memory=memory)
        letters = model.ctc(memory)
    log_p = F.log_softmax(logits.float(), -1)
    is_time = batch.targets >= ids.time0
    wrong = torch.zeros_like(batch.weights)
    for steps, share in _TIME_KERNEL:  # timestamps next to the true one are nearly right
        near = (batch.targets + steps).clamp(ids.time0, ids.size - 1)
        targets = torch.where(is_time, near, batch.targets)
        wrong = wrong - share * log_p.gather(2, targets[..., None])[..., 0]
    frames = memory.shape[1]
    letter_loss = F.ctc_loss(
        F.log_softmax(letters.float(), -1).transpose(0, 1),
        batch.letters,
        torch.full((len(batch.weights),), frames),
        batch.letter_counts,
        reduction="sum",
        zero_infinity=True,
    )
    step = torch.arange(frames)
    inside = (step >= batch.spans[..., :1]) & (step <= batch.spans[..., 1:])
    sounds = inside.any(-1)
    looked = (guide.float() * inside[:, None]).sum(-1)
    missed = -((looked + 1e-4).log() * sounds[:, None]).sum()
    with torch.no_grad():
        is_text = (batch.weights > 0) & (batch.targets < ids.end)
        right = (logits.argmax(-1) == batch.targets) & is_text
    return Losses(
        tokens=(wrong * batch.weights).sum() / batch.weights.sum(),
        letters=letter_loss / batch.letter_counts.sum().clamp(min=1),
        guide=missed / sounds.sum().clamp(min=1) / guide.shape[1],
        accuracy=right.sum() / is_text.sum().clamp(min=1),
    )


def learning_rate(step: int, *, steps: int, peak: float) -> float:
    """Return the rate at a step of one stage: a straight rise, then a cosine down to 2 %."""
    warm = min(_WARM_UP_MOST, steps // 8 + 1)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.02 + 0.49 * (1 + math.cos(math.pi * (step - warm) / (steps - warm))))


class Trainer:
    """One process's share of training; gradients are averaged over all of them."""

    def __init__(self, settings: Settings, *, rank: int) -> None:
        self._settings, self._rank = settings, rank
        self._tokenizer = Tokenizer.from_file(str(settings.out / "tokenizer.json"))
        self._ids = Ids.of(self._tokenizer)
        self._clips = Clips(settings.clips)
        torch.manual_seed(settings.seed)  # every process begins with the same network
        self._model = Whisper(self._ids, Shape())
        if settings.init is not None:
            self._model.load_state_dict(torch.load(settings.init))
        self._parameters = list(self._model.parameters())
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self._parameters if p.dim() > 1], "weight_decay": 0.01},
                {"params": [p for p in self._parameters if p.dim() == 1], "weight_decay": 0.0},
            ],
            betas=(0.9, 0.98),
            fused=True,
        )

    def run(self) -> None:
        """Train both stages."""
        settings = self._settings
        self._model.train()
        for stage, steps, peak, letters in (
            (SHORT, settings.short_steps, settings.short_rate, 0.6),
            (WHOLE, settings.whole_steps, settings.whole_rate, 0.3),
        ):
            batches = self._batches(stage)
            for step in range(steps):
                rate = learning_rate(step, steps=steps, peak=peak)
                found = losses(self._model, next(batches), ids=self._ids)
                self._learn(
                    found.tokens + letters * found.letters + settings.guide * found.guide, rate=rate
                )
                self._report(found, stage=stage, step=step, is_last=step == steps - 1)

    def _batches(self, stage: Stage) -> Iterator[Batch]:
        seed = f"{self._settings.seed}-{stage.seconds}-{self._rank}"
        examples = Examples(self._clips, tokenizer=self._tokenizer, stage=stage, seed=seed)
        loader = torch.utils.data.DataLoader(
            examples, batch_size=None, num_workers=1, prefetch_factor=4
        )
        return iter(loader)

    def _learn(self, loss: torch.Tensor, *, rate: float) -> None:
        """Take one step, with the mean gradient of all processes cut to length 1."""
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        flat = torch.cat([p.grad.reshape(-1) for p in self._parameters])
        torch.distributed.all_reduce(flat)
        flat /= self._settings.processes
        flat /= max(1.0, flat.norm().item())
        pieces = flat.split([p.numel() for p in self._parameters])
        for parameter, piece in zip(self._parameters, pieces, strict=True):
            parameter.grad = piece.view_as(parameter)
        self._optimizer.step()

    def _report(self, found: Losses, *, stage: Stage, step: int, is_last: bool) -> None:
        if self._rank:
            return
        if is_last or step % _REPORT_EVERY == 0:
            print(
                f"{stage.seconds} s windows, step {step}: tokens {found.tokens:.3f}, "
                f"letters {found.letters:.3f}, guide {found.guide:.3f}, "
                f"accuracy {found.accuracy:.3f}",
                flush=True,
            )
        if is_last or step % _SAVE_EVERY == _SAVE_EVERY - 1:
            torch.save(self._model.state_dict(), self._settings.out / "checkpoint.pt")


def _process(rank: int, settings: Settings) -> None:
    """Run one process of the training."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.distributed.init_process_group(
        "gloo",
        f"tcp://127.0.0.1:{settings.port}",
        rank=rank,
        world_size=settings.processes,
    )
    Trainer(settings, rank=rank).run()
    torch.distributed.destroy_process_group()


def main() -> None:
    """Train a model; the folder gets checkpoint.pt and tokenizer.json."""
    parser = argparse.ArgumentParser(description="Train the rehearsal model.")
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--short-steps", type=int, default=2000)
    parser.add_argument("--whole-steps", type=int, default=2000)
    parser.add_argument("--short-rate", type=float, default=2e-3)
    parser.add_argument("--whole-rate", type=float, default=8e-4)
    parser.add_argument("--guide", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2, help="one thread each")
    parser.add_argument("--init", type=Path, help="a checkpoint.pt to go on from")
    parser.add_argument("--port", type=int, default=29_533)
    settings = Settings(**vars(parser.parse_args()))
    settings.out.mkdir(parents=True, exist_ok=True)
    if settings.init is None:
        rng = random.Random(settings.seed)
        texts = [draw(rng) for _ in range(_VOCABULARY_TEXTS)]
        tokenizer = build_tokenizer(texts, size=_VOCABULARY)
    else:
        tokenizer = Tokenizer.from_file(str(settings.init.with_name("tokenizer.json")))
    tokenizer.save(str(settings.out / "tokenizer.json"))
    torch.multiprocessing.spawn(_process, (settings,), settings.processes)


if __name__ == "__main__":
    main()
