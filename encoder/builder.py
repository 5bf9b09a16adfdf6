"""Builds the int8 encoder from the published weights, once, at set-up."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from encoder.changes import merge
from encoder.errors import EncoderError
from encoder.files import MODEL, STAMP, TOKENIZER, Stamp, check, read_stamp
from encoder.weights import SHA256, Floats, load_tensors, published_model, sha256_of

# Raised whenever the graph or the way it is made smaller changes, so that old builds are made again.
RECIPE = 2
_FLOAT_TENSOR = 1  # onnx.TensorProto.FLOAT: the type of everything between the fused operators


def build(target: Path, changes: Path | None = None) -> Path:
    """Write the int8 model, its tokenizer and a stamp into `target`, unless they are already there and sound.

    `changes` is a file of low-rank changes to merge in (see `encoder.changes`). Returns `target`. Raises EncoderMissing
    or EncoderDamaged if the installed weights or the changes are absent or altered.
    """
    changed = sha256_of(changes) if changes else ""
    if _up_to_date(target, changed):
        return target
    published = published_model()
    tensors = load_tensors(published)
    if changes:
        tensors = merge(tensors, changes)
    target.mkdir(parents=True, exist_ok=True)
    # Made beside its place, then moved there, the stamp last: a build cut short is never taken for a whole one.
    with tempfile.TemporaryDirectory(dir=target) as scratch:
        made = Path(scratch)
        _write_int8(tensors, made / MODEL)
        shutil.copyfile(published.tokenizer, made / TOKENIZER)
        stamp = Stamp(
            recipe=RECIPE,
            weights=SHA256,
            changes=changed,
            onnxruntime=version("onnxruntime"),
            files={name: sha256_of(made / name) for name in (MODEL, TOKENIZER)},
        )
        (made / STAMP).write_text(json.dumps(stamp.as_dict(), indent=2) + "\n", encoding="utf-8")
        for name in (MODEL, TOKENIZER, STAMP):
            (made / name).replace(target / name)
    return target


def _up_to_date(target: Path, changed: str) -> bool:
    try:
        stamp = read_stamp(target)
        check(target, stamp)
    except EncoderError:
        return False
    made_from = (stamp.recipe, stamp.weights, stamp.changes, stamp.onnxruntime)
    return made_from == (RECIPE, SHA256, changed, version("onnxruntime"))


def _write_int8(tensors: Mapping[str, Floats], path: Path) -> None:
    # Imported here: only building needs onnx and the quantiser, and they are slow to import.
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata  # noqa: PLC0415

    from encoder.graph import build_graph  # noqa: PLC0415

    graph = build_graph(tensors)
    add_pre_process_metadata(graph)  # already fused: it says so, which spares a warning
    quantize_dynamic(
        graph,
        path,
        op_types_to_quantize=["MatMul", "Attention"],
        weight_type=QuantType.QInt8,
        # One scale per column keeps the cosine above 0.99 (one per matrix loses 4 to 7 hundredths).
        per_channel=True,
        # 7 bits: on processors without VNNI, 8-bit products overflow, and the numbers would differ by machine.
        reduce_range=True,
        # onnx cannot infer the types that come out of onnxruntime's own operators.
        extra_options={"DefaultTensorType": _FLOAT_TENSOR},
    )
