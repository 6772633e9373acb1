"""A small Whisper: its tokenizer and network, laid out as CTranslate2 and faster-whisper expect.

Here live the shapes only. Training is in train.py, writing a model directory in export.py.
Source: Radford et al. (2022), Robust Speech Recognition via Large-Scale Weak Supervision.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own convention
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn

LANGUAGE = "da"
LANGUAGES = ("da", "sv", "en")
"""Languages with a token; only Danish is trained."""

CTC_LETTERS = "_ abcdefghijklmnopqrstuvwxyzæøåäöé'-"
"""Letters of the helper loss; the first stands for nothing."""

STEP_MS = 20
"""What one encoder position and one timestamp stand for."""

MAX_FRAMES = 1500
_TEXTS_PER_GLUE = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; two decoder heads are taught where each word sounds."""

    mels: int = 80
    width: int = 192
    encoder_layers: int = 3
    encoder_heads: int = 3
    decoder_layers: int = 3
    decoder_heads: int = 6
    max_tokens: int = 448
    guide_layer: int = 1
    guide_heads: int = 2


def build_tokenizer(texts: Sequence[str], *, size: int) -> Tokenizer:
    """Return a byte-level tokenizer with Whisper's special tokens in Whisper's order.

    Three of its properties are what its readers require. The text tokens end with an empty one:
    CTranslate2 takes its presence for the sign of a multilingual model. End of text follows
    directly, then the other special tokens in this order, then the timestamps. And " -", " '" and
    " ♪" must not begin with a token for a bare space, because faster-whisper suppresses the first
    token of each; hence the artificial words.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    letters = sorted({letter for text in texts for letter in text if letter.isalpha()})
    glue = [f" {c}" for c in (*letters, *"-'♩♪♫♬♭♮♯")] * (len(texts) // _TEXTS_PER_GLUE)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*(f" {text}" for text in texts), *glue], trainer)
    state = json.loads(tokenizer.to_str())
    state["model"]["vocab"][""] = len(state["model"]["vocab"])
    tokenizer = Tokenizer.from_str(json.dumps(state))
    names = ["endoftext", "startoftranscript", *LANGUAGES, "translate", "transcribe", "startoflm"]
    names += ["startofprev", "nospeech", "notimestamps"]
    names += [f"{step * STEP_MS / 1000:.2f}" for step in range(MAX_FRAMES + 1)]
    tokenizer.add_special_tokens([f"<|{name}|>" for name in names])
    return tokenizer


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of the special tokens; `time0` is the timestamp of 0 s."""

    end: int
    start: int
    previous: int
    danish: int
    transcribe: int
    no_speech: int
    no_timestamps: int
    time0: int
    size: int

    @staticmethod
    def of(tokenizer: Tokenizer) -> "Ids":
        """Return the ids that a tokenizer gives them.

        Raises:
            ValueError: The tokenizer lacks one of them.
        """

        def id_of(name: str) -> int:
            found = tokenizer.token_to_id(f"<|{name}|>")
            if found is None:
                raise ValueError(f"the tokenizer has no token {name!r}")
            return found

        return Ids(
            end=id_of("endoftext"),
            start=id_of("startoftranscript"),
            previous=id_of("startofprev"),
            danish=id_of(LANGUAGE),
            transcribe=id_of("transcribe"),
            no_speech=id_of("nospeech"),
            no_timestamps=id_of("notimestamps"),
            time0=id_of("0.00"),
            size=int(tokenizer.get_vocab_size()),
        )


def ctc_labels(text: str) -> list[int]:
    """Return a text's letters as labels of the helper loss."""
    return [CTC_LETTERS.index(c) for c in text.lower() if c in CTC_LETTERS[1:]]


def sinusoids(length: int, *, width: int) -> torch.Tensor:
    """Return Whisper's fixed positions, length by width."""
    half = width // 2
    slowing = torch.exp(-torch.log(torch.tensor(10_000.0)) / (half - 1) * torch.arange(half))
    angle = torch.arange(length)[:, None] * slowing[None]
    return torch.cat([angle.sin(), angle.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention that can also say where it looked."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def causal(self, x: torch.Tensor) -> torch.Tensor:
        """Return attention to nothing later than each position."""
        y = F.scaled_dot_product_attention(
            self._split(self.query(x)),
            self._split(self.key(x)),
            self._split(self.value(x)),
            is_causal=True,
        )
        return self.out(y.transpose(1, 2).flatten(2))

    def forward(self, x: torch.Tensor, memory: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return attention to a memory, and its weights.

        Written out, because in bfloat16 on a CPU this trains twice as fast as the fused kernel,
        which gives no weights either.
        """
        query, key = self._split(self.query(x)), self._split(self.key(memory))
        weights = (query * query.shape[3] ** -0.5 @ key.transpose(2, 3)).softmax(3)
        y = weights @ self._split(self.value(memory))
        return self.out(y.transpose(1, 2).flatten(2)), weights


class Layer(nn.Module):
    """A transformer layer, normalised first; a decoder's has cross-attention."""

    def __init__(self, width: int, heads: int, *, is_decoder: bool) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.attention_norm = nn.LayerNorm(width)
        self.cross = Attention(width, heads) if is_decoder else None
        self.cross_norm = nn.LayerNorm(width) if is_decoder else None
        self.ffn1 = nn.Linear(width, 4 * width)
        self.ffn2 = nn.Linear(4 * width, width)
        self.ffn_norm = nn.LayerNorm(width)

    def forward(
        self, x: torch.Tensor, memory: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return the layer's output and, in a decoder, where it looked."""
        weights = None
        normal = self.attention_norm(x)
        if self.cross is None or self.cross_norm is None:
            x = x + self.attention(normal, normal)[0]
        else:
            x = x + self.attention.causal(normal)
            y, weights = self.cross(self.cross_norm(x), memory)
            x = x + y
        return x + self.ffn2(F.gelu(self.ffn1(self.ffn_norm(x)))), weights


class Whisper(nn.Module):
    """The network, with a helper for training that is not exported (`ctc`)."""

    def __init__(self, ids: Ids, shape: Shape) -> None:
        super().__init__()
        self.shape, width = shape, shape.width
        self.conv1 = nn.Conv1d(shape.mels, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("positions", sinusoids(MAX_FRAMES, width=width))
        self.encoder = nn.ModuleList(
            Layer(width, shape.encoder_heads, is_decoder=False) for _ in range(shape.encoder_layers)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.embedding = nn.Embedding(ids.size, width)
        self.token_positions = nn.Parameter(torch.randn(shape.max_tokens, width) * 0.01)
        self.decoder = nn.ModuleList(
            Layer(width, shape.decoder_heads, is_decoder=True) for _ in range(shape.decoder_layers)
        )
        self.decoder_norm = nn.LayerNorm(width)
        self.ctc = nn.Linear(width, len(CTC_LETTERS))
        nn.init.normal_(self.embedding.weight, std=0.04)
        with torch.no_grad():  # timestamp i means encoder position i: begin with the same geometry
            times = sinusoids(ids.size - ids.time0, width=width)
            self.embedding.weight[ids.time0 :] += 0.04 * times

    def encode(self, mel: torch.Tensor, *, offsets: torch.Tensor) -> torch.Tensor:
        """Return the encoder's output; `offsets` shifts each item's positions (steps of 20 ms)."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
        steps = offsets[:, None] + torch.arange(x.shape[1])
        x = x + self.positions.to(x.dtype)[steps]  # under autocast the stream stays in bfloat16
        for layer in self.encoder:
            x, _ = layer(x)
        return self.encoder_norm(x)

    def decode(
        self, tokens: torch.Tensor, *, memory: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits for every position, and where the taught heads looked."""
        x = self.embedding(tokens) + self.token_positions[: tokens.shape[1]]
        x = x.to(memory.dtype)
        looked = []
        for layer in self.decoder:
            x, weights = layer(x, memory)
            looked.append(weights)
        guide = looked[self.shape.guide_layer][:, : self.shape.guide_heads]
        return F.linear(self.decoder_norm(x), self.embedding.weight), guide
