"""The careful reader as a torch module: a BERT of twelve narrow layers with one head over all classes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .sentences import LABELS

_WIDTH, _HEADS = 384, 12
#: numbers of 16 bits are quicker where the processor knows them, and many times slower where it does not
HALF: bool = torch.cpu._is_avx512_bf16_supported()
CLASSES = 2 * len(LABELS) + 1


class Layer(nn.Module):
    """Attention and feed-forward, each with its normalisation behind it."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.qkv, self.ao = nn.Linear(_WIDTH, 3 * _WIDTH), nn.Linear(_WIDTH, _WIDTH)
        self.fi, self.fo = nn.Linear(_WIDTH, 4 * _WIDTH), nn.Linear(4 * _WIDTH, _WIDTH)
        self.aln, self.oln = nn.LayerNorm(_WIDTH, eps=1e-12), nn.LayerNorm(_WIDTH, eps=1e-12)
        self.d = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the next hidden states; `mask` is 0 where a piece is and very negative where none is."""
        rows, length, _ = x.shape
        size = _WIDTH // _HEADS
        q, k, v = self.qkv(x).view(rows, length, 3, _HEADS, size).permute(2, 0, 3, 1, 4).unbind(0)
        weights = self.d(((q @ k.transpose(-1, -2)) * size**-0.5 + mask).softmax(-1))
        x = self.aln(x + self.d(self.ao((weights @ v).transpose(1, 2).reshape(rows, length, _WIDTH))))
        out: Tensor = self.oln(x + self.d(self.fo(functional.gelu(self.fi(x)))))
        return out


class Reader(nn.Module):
    """Pieces, segments and mask to the logits of the classes, over the mean of the last states.

    The embeddings keep what they came with.
    """

    def __init__(self, pieces: int, positions: int, layers: int, *, classes: int = CLASSES, drop: float = 0.1) -> None:
        super().__init__()
        self.word, self.pos, self.seg = (nn.Embedding(n, _WIDTH) for n in (pieces, positions, 2))
        self.ln, self.d = nn.LayerNorm(_WIDTH, eps=1e-12), nn.Dropout(drop)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(layers))
        self.head = nn.Linear(_WIDTH, classes)
        for part in (self.word, self.pos, self.seg, self.ln):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Return one row of logits a sentence."""
        x = self.ln(self.word(ids) + self.pos(torch.arange(ids.shape[1])) + self.seg(types))
        hidden = (1 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, hidden)
        mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        logits: Tensor = self.head(self.d(mean))
        return logits
