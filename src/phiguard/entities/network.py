"""The network of the names pipeline: embeddings, convolutions over neighbours, a score for each tag.

Trained by `phiguard.entities.train` with Thinc, used here with numpy alone: it loads in milliseconds, and threads share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Network"]

Floats = NDArray[np.float32]

_ALONE = 1 << 18
"""Multiplications in one product: OpenBLAS gives larger ones to several threads, which wait for each other on a busy machine."""


class Network:
    """Scores of tags from rows of features.

    Args:
        arrays: ``E0`` … the tables, ``L`` that of letter groups; ``W0 b0 G0 B0`` … a maxout layer and its normalization, the first of the token alone and
            the others of a token and its neighbours; ``W b`` the scores; ``T`` the transitions between tags.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        read = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        depth = sum(name[0] == "G" for name in read)
        self._width, self._pieces = read["b0"].shape
        first = read["W0"].reshape(self._width, self._pieces, -1).transpose(1, 0, 2)
        at = 0
        # The first layer adds up rows: each table times its share of the weights, once.
        self._tables: list[Floats] = []
        for number in range(sum(name[0] == "E" for name in read)):
            table = read[f"E{number}"]
            share = first[:, :, at : at + table.shape[1]].reshape(self._pieces * self._width, -1)
            self._tables.append(np.ascontiguousarray(table @ share.T))
            at += table.shape[1]
        self._letters = np.ascontiguousarray(
            read["L"] @ first[:, :, at:].reshape(self._pieces * self._width, -1).T
        )
        self._tables[0] += read["b0"].T.reshape(-1)
        self._norms = [(read[f"G{at}"], read[f"B{at}"]) for at in range(depth)]
        self._layers = [
            (
                np.ascontiguousarray(
                    read[f"W{at}"]
                    .reshape(self._width, self._pieces, 3, self._width)
                    .transpose(2, 1, 3, 0)
                    .reshape(3 * self._pieces, 1, self._width, self._width)
                ),
                np.ascontiguousarray(read[f"b{at}"].T),
            )
            for at in range(1, depth)
        ]
        self._last = (read["W"].T.copy(), read["b"])
        self._rows = max(1, _ALONE // (self._width * self._width))
        self.transitions = read["T"]

    def scores(self, rows: Sequence[NDArray[np.int32]]) -> list[Floats]:
        """For each text one score for each tag at each token."""
        pad = len(self._layers)
        flat = np.concatenate(rows)
        mixed = self._tables[0][flat[:, 0]]
        for at, table in enumerate(self._tables[1:], 1):
            mixed += table[flat[:, at]]
        for column in flat[:, len(self._tables) :].T:
            mixed += self._letters[column]
        best = _normal(_largest(mixed.reshape(len(flat), self._pieces, -1).swapaxes(0, 1)), *self._norms[0])
        blocks = -(-(len(flat) + pad * (len(rows) + 1)) // self._rows)
        hidden = np.zeros((blocks * self._rows, self._width), dtype=np.float32)
        places = []
        at, read = pad, 0
        for row in rows:
            places.append((at, at + len(row)))
            hidden[at : at + len(row)] = best[read : read + len(row)]
            at, read = at + len(row) + pad, read + len(row)
        for (weights, bias), norm in zip(self._layers, self._norms[1:], strict=True):
            parts = np.matmul(hidden.reshape(1, blocks, self._rows, self._width), weights)
            before, here, after = parts.reshape(3, self._pieces, len(hidden), self._width)
            here += bias[:, None]
            here[:, 1:] += before[:, :-1]
            here[:, :-1] += after[:, 1:]
            hidden += _normal(_largest(here), *norm)
        found = np.matmul(hidden.reshape(blocks, self._rows, self._width), self._last[0])
        found = found.reshape(len(hidden), -1) + self._last[1]
        return [found[start:end] for start, end in places]

    @classmethod
    def from_bytes(cls, data: bytes) -> Network:
        """What `to_bytes` gave."""
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return cls(dict(arrays))


def _largest(pieces: Floats) -> Floats:
    """The largest of the pieces, which are the first axis."""
    best: Floats = np.maximum(pieces[0], pieces[-1])
    for one in pieces[1:-1]:
        np.maximum(best, one, out=best)
    return best


def _normal(best: Floats, gain: Floats, shift: Floats) -> Floats:
    """Normalized over the outputs, in place."""
    best -= best.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", best, best)
    best *= (1 / np.sqrt(spread / np.float32(best.shape[1]) + np.float32(1e-8)))[:, None]
    best *= gain
    best += shift
    return best


def to_bytes(arrays: dict[str, NDArray[Any]]) -> bytes:
    """The arrays in half precision, which is all that they are good for."""
    out = BytesIO()
    halved: dict[str, Any] = {name: array.astype(np.float16) for name, array in arrays.items()}
    np.savez(out, **halved)
    return out.getvalue()
