"""The redactor with its encoder in 32-bit numbers, to tell what the 8-bit one costs. Slower: only for measuring."""

import onnxruntime
from tokenizers import Tokenizer

from encoder.changes import merge
from encoder.graph import build_graph
from encoder.runtime import Encoder, ready_tokenizer
from encoder.weights import load_tensors, published_model
from redaction.analysis import Analysis
from redaction.redactor import Redactor
from redaction.tagger import CHANGES, HEAD, NameTagger


def float_redactor() -> Redactor:
    """The same layers and rules. Raises EncoderMissing or EncoderDamaged."""
    published = published_model()
    graph = build_graph(merge(load_tensors(published), CHANGES))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = ready_tokenizer(Tokenizer.from_file(str(published.tokenizer)))
    return Redactor(Analysis(NameTagger.read_head(Encoder(session, tokenizer), HEAD)))
