"""Two tiny models in the form that sherpa-onnx takes: they know a low voice from a high one.

By arithmetic alone: whoever has much between 85 and 140 Hz is the low voice. They stand for the
large ones in tests and know nobody else.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from scipy.signal import firwin  # noqa: TID253 - a test pays what it costs

from pipeline.analysis.sound import RATE
from pipeline.engines.sherpa import EMBEDDING, SEGMENTATION

WINDOW, SHIFT, FIELD = 5 * RATE, 270, 991
TAPS, THINNED = 801, 9
SMOOTHED = 355
"""Thinned samples: a fifth of a second."""
LOW_SHARE, SILENT = 1 / 600, 1e-4
MELS, LOWEST_MELS = 80, 10
OPSET, IR = 17, 8


def save_voice_models(folder: Path) -> None:
    """Write both models into a folder."""
    onnx.save(_segmentation(), folder / SEGMENTATION)
    onnx.save(_embedding(), folder / EMBEDDING)


def _segmentation() -> onnx.ModelProto:
    """Return a model that says for each frame: nobody, the low voice or the high one."""
    low = firwin(TAPS, (85, 140), fs=RATE, pass_zero=False)
    everything = np.zeros(TAPS)
    everything[TAPS // 2] = 1
    return _model(
        [
            helper.make_node(
                "Conv", ["x", "bands"], ["cut"], pads=[TAPS // 2, TAPS // 2], strides=[THINNED]
            ),
            helper.make_node("Mul", ["cut", "cut"], ["power"]),
            helper.make_node(
                "AveragePool",
                ["power"],
                ["level"],
                kernel_shape=[SMOOTHED],
                strides=[SHIFT // THINNED],
                pads=[SMOOTHED // 2, SMOOTHED // 2],
            ),
            helper.make_node("Transpose", ["level"], ["frames"], perm=[0, 2, 1]),
            helper.make_node("MatMul", ["frames", "weights"], ["weighed"]),
            helper.make_node("Add", ["weighed", "least"], ["y"]),
        ],
        ("x", [1, 1, None]),
        ("y", [1, None, 3]),
        arrays={
            "bands": np.stack([low, everything])[:, None],
            "weights": np.array([[0, 1 / LOW_SHARE, 0], [0, 0, 1]]),
            "least": np.array([SILENT, 0, 0]),
        },
        about={
            "sample_rate": RATE,
            "window_size": WINDOW,
            "receptive_field_size": FIELD,
            "receptive_field_shift": SHIFT,
            "num_speakers": 2,
            "powerset_max_classes": 1,
            "num_classes": 3,
        },
    )


def _embedding() -> onnx.ModelProto:
    """Return a model that describes a piece by its mean spectrum where the pitch of voices lies."""
    shape = np.eye(MELS, LOWEST_MELS)
    shape[:LOWEST_MELS] -= 1 / LOWEST_MELS  # against their mean: loudness drops out
    return _model(
        [
            helper.make_node("ReduceMean", ["x"], ["spectrum"], axes=[1], keepdims=0),
            helper.make_node("MatMul", ["spectrum", "shape"], ["y"]),
        ],
        ("x", [1, None, MELS]),
        ("y", [1, LOWEST_MELS]),
        arrays={"shape": shape},
        about={
            "framework": "wespeaker",
            "output_dim": LOWEST_MELS,
            "sample_rate": RATE,
            "normalize_samples": 1,
            "language": "none",
        },
    )


def _model(
    nodes: list[onnx.NodeProto],
    given: tuple[str, list[int | None]],
    answered: tuple[str, list[int | None]],
    *,
    arrays: dict[str, np.ndarray],
    about: dict[str, object],
) -> onnx.ModelProto:
    tensors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (given, answered)
    ]
    graph = helper.make_graph(
        nodes,
        "made",
        tensors[:1],
        tensors[1:],
        [numpy_helper.from_array(array.astype(np.float32), name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    helper.set_model_props(model, {key: str(value) for key, value in about.items()})
    return model
