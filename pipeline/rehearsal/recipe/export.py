"""Write a trained checkpoint as a model directory that faster-whisper loads.

Here lives the copying into CTranslate2's layout. The directory gets model.bin, config.json,
vocabulary.json, tokenizer.json and preprocessor_config.json.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from ctranslate2.specs import whisper_spec
from faster_whisper.tokenizer import Tokenizer as WhisperTokenizer
from tokenizers import Tokenizer
from torch import nn

from pipeline.rehearsal.recipe.model import LANGUAGE, Ids, Layer, Shape, Whisper

_QUANTIZATION = "int8_float16"
_PREPROCESSOR = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480_000,
    "nb_max_frames": 3000,
    "padding_side": "right",
    "padding_value": 0.0,
    "sampling_rate": 16_000,
}


def export(model: Whisper, *, tokenizer: Tokenizer, out: Path) -> None:
    """Write a model directory."""
    ids, shape = Ids.of(tokenizer), model.shape
    spec = whisper_spec.WhisperSpec(
        shape.encoder_layers, shape.encoder_heads, shape.decoder_layers, shape.decoder_heads
    )
    for target, convolution in (
        (spec.encoder.conv1, model.conv1),
        (spec.encoder.conv2, model.conv2),
    ):
        target.weight, target.bias = _array(convolution.weight), _array(convolution.bias)
    spec.encoder.position_encodings.encodings = _array(model.positions)
    _copy_norm(spec.encoder.layer_norm, model.encoder_norm)
    spec.decoder.embeddings.weight = _array(model.embedding.weight)
    spec.decoder.projection.weight = _array(model.embedding.weight)  # equal, so stored once
    spec.decoder.position_encodings.encodings = _array(model.token_positions)
    _copy_norm(spec.decoder.layer_norm, model.decoder_norm)
    for target, layer in zip(
        (*spec.encoder.layer, *spec.decoder.layer), (*model.encoder, *model.decoder), strict=True
    ):
        _copy_layer(target, layer)
    spec.register_vocabulary([tokenizer.id_to_token(i) for i in range(ids.size)])
    _configure(spec, tokenizer=tokenizer, ids=ids, shape=shape)
    spec.validate()
    spec.optimize(quantization=_QUANTIZATION)
    out.mkdir(parents=True, exist_ok=True)
    spec.save(str(out))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    (out / "preprocessor_config.json").write_text(json.dumps(_PREPROCESSOR, indent=2) + "\n")


def _configure(
    spec: whisper_spec.WhisperSpec, *, tokenizer: Tokenizer, ids: Ids, shape: Shape
) -> None:
    """Set what is never decoded, the language, and the heads that know where words sound."""
    view = WhisperTokenizer(tokenizer, multilingual=True, task="transcribe", language=LANGUAGE)
    spec.config.suppress_ids = sorted(
        {
            *view.non_speech_tokens,
            view.transcribe,
            view.translate,
            view.sot,
            view.sot_prev,
            view.sot_lm,
            view.no_speech,
        }
    )
    spec.config.suppress_ids_begin = [tokenizer.encode(" ").ids[0], ids.end]
    spec.config.lang_ids = [ids.danish]
    spec.config.alignment_heads = [[shape.guide_layer, head] for head in range(shape.guide_heads)]


def _array(tensor: torch.Tensor) -> npt.NDArray[np.float32]:
    """Return a copy of a tensor; CTranslate2 quantizes in place and would spoil the original."""
    copy: npt.NDArray[np.float32] = tensor.detach().float().numpy().copy()
    return copy


def _copy_linear(spec: whisper_spec.common_spec.LinearSpec, *layers: nn.Linear) -> None:
    """Copy one linear layer, or several side by side; a missing bias becomes zero."""
    spec.weight = np.concatenate([_array(layer.weight) for layer in layers])
    spec.bias = np.concatenate(
        [
            np.zeros(len(layer.weight), np.float32) if layer.bias is None else _array(layer.bias)
            for layer in layers
        ]
    )


def _copy_norm(spec: whisper_spec.common_spec.LayerNormSpec, layer: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = _array(layer.weight), _array(layer.bias)


def _copy_layer(
    spec: whisper_spec.transformer_spec.TransformerDecoderLayerSpec, layer: Layer
) -> None:
    """Copy one layer; CTranslate2 keeps each norm with the block that follows it."""
    own = layer.attention
    _copy_norm(spec.self_attention.layer_norm, layer.attention_norm)
    _copy_linear(spec.self_attention.linear[0], own.query, own.key, own.value)
    _copy_linear(spec.self_attention.linear[1], own.out)
    if layer.cross is not None:
        _copy_norm(spec.attention.layer_norm, layer.cross_norm)
        _copy_linear(spec.attention.linear[0], layer.cross.query)
        _copy_linear(spec.attention.linear[1], layer.cross.key, layer.cross.value)
        _copy_linear(spec.attention.linear[2], layer.cross.out)
    _copy_norm(spec.ffn.layer_norm, layer.ffn_norm)
    _copy_linear(spec.ffn.linear_0, layer.ffn1)
    _copy_linear(spec.ffn.linear_1, layer.ffn2)


def main() -> None:
    """Export what train.py wrote."""
    parser = argparse.ArgumentParser(description="Export a checkpoint for faster-whisper.")
    parser.add_argument("--run", type=Path, required=True, help="the folder that train.py wrote")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.run / "tokenizer.json"))
    model = Whisper(Ids.of(tokenizer), Shape())
    model.load_state_dict(torch.load(args.run / "checkpoint.pt"))
    export(model.eval(), tokenizer=tokenizer, out=args.out)


if __name__ == "__main__":
    main()
