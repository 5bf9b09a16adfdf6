"""The published encoder in PyTorch, with low-rank changes that can be learnt. Only for training (group `training`)."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from encoder.weights import BLOCKS, HEADS, LAYER_NORM_EPSILON, WIDTH, Floats

_KEPT = (2, 4, 6)
"""The blocks whose output is handed on, counted from 1, as in encoder.graph."""


class ChangedLinear(nn.Module):
    """x @ (W + up @ down).T + b, in which W and b stay as published (Hu and others 2021, "LoRA")."""

    def __init__(self, weight: Floats, bias: Floats, rank: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.from_numpy(weight.copy()), requires_grad=False)
        self.bias = nn.Parameter(torch.from_numpy(bias.copy()), requires_grad=False)
        out, into = weight.shape
        self.down = nn.Parameter(torch.randn(rank, into) / math.sqrt(into))
        self.up = nn.Parameter(torch.zeros(out, rank))

    def forward(self, value: Tensor) -> Tensor:
        """(…, in) → (…, out)."""
        return F.linear(value, self.weight + self.up @ self.down, self.bias)


class _Block(nn.Module):
    def __init__(self, tensors: Mapping[str, Floats], number: int, rank: int) -> None:
        super().__init__()
        prefix = f"encoder.layer.{number}"
        linear = {
            "query": f"{prefix}.attention.self.query",
            "key": f"{prefix}.attention.self.key",
            "value": f"{prefix}.attention.self.value",
            "attended": f"{prefix}.attention.output.dense",
            "wide": f"{prefix}.intermediate.dense",
            "narrow": f"{prefix}.output.dense",
        }
        self.published = linear
        self.parts = nn.ModuleDict(
            {
                part: ChangedLinear(tensors[f"{name}.weight"], tensors[f"{name}.bias"], rank)
                for part, name in linear.items()
            }
        )
        self.norms = nn.ModuleList(
            _norm(tensors, f"{prefix}.{name}.LayerNorm") for name in ("attention.output", "output")
        )

    def forward(self, hidden: Tensor, mask: Tensor, dropped: float) -> Tensor:
        batch, length, _ = hidden.shape
        query, key, value = (
            self.parts[part](hidden).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = self.parts["attended"](attended.transpose(1, 2).reshape(batch, length, WIDTH))
        hidden = self.norms[0](hidden + F.dropout(attended, dropped, self.training))
        widened = self.parts["narrow"](F.gelu(self.parts["wide"](hidden)))
        normed: Tensor = self.norms[1](hidden + F.dropout(widened, dropped, self.training))
        return normed


def _norm(tensors: Mapping[str, Floats], name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, eps=LAYER_NORM_EPSILON)
    norm.weight = nn.Parameter(torch.from_numpy(tensors[f"{name}.weight"].copy()), requires_grad=False)
    norm.bias = nn.Parameter(torch.from_numpy(tensors[f"{name}.bias"].copy()), requires_grad=False)
    return norm


class TorchEncoder(nn.Module):
    """Word pieces in, layers 2, 4 and 6 out."""

    def __init__(self, tensors: Mapping[str, Floats], rank: int, dropped: float) -> None:
        super().__init__()
        self._dropped = dropped
        words = torch.from_numpy(tensors["embeddings.word_embeddings.weight"].copy())
        kind = tensors["embeddings.token_type_embeddings.weight"][0]
        places = tensors["embeddings.position_embeddings.weight"] + kind
        self.words = nn.Parameter(words, requires_grad=False)
        self.places = nn.Parameter(torch.from_numpy(places.copy()), requires_grad=False)
        self.norm = _norm(tensors, "embeddings.LayerNorm")
        self.blocks = nn.ModuleList(_Block(tensors, number, rank) for number in range(BLOCKS))

    def forward(self, ids: Tensor, present: Tensor) -> Tensor:
        """ids (batch, pieces) with end marks; present (batch, pieces) bool → (batch, pieces, 3 * 384)."""
        hidden = self.norm(self.words[ids] + self.places[: ids.shape[1]])
        mask = present[:, None, None, :]
        kept = []
        for number, block in enumerate(self.blocks, start=1):
            hidden = block(hidden, mask, self._dropped)
            if number in _KEPT:
                kept.append(hidden)
        return torch.cat(kept, dim=-1)

    def changes(self) -> dict[str, NDArray[np.float16]]:
        """What was learnt, in the form of encoder.changes, as 16-bit numbers."""
        found = {}
        for block in self.blocks:
            for part, name in block.published.items():
                linear = block.parts[part]
                found[f"{name}.weight.up"] = linear.up.detach().numpy().astype(np.float16)
                found[f"{name}.weight.down"] = linear.down.detach().numpy().astype(np.float16)
        return found
