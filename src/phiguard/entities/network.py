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


class Network:
    """Scores of tags from rows of features.

    Args:
        arrays: ``E0`` … the tables; ``W0 b0 G0 B0`` … a maxout layer and its normalization, the first of the token alone and
            the others of a token and its neighbours; ``W b`` the scores; ``T`` the transitions between tags.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        read = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        self._tables = [read[f"E{at}"] for at in range(sum(name[0] == "E" for name in read))]
        depth = sum(name[0] == "G" for name in read)
        self._layers = [
            (
                read[f"W{at}"].reshape(-1, read[f"W{at}"].shape[2]).T.copy(),
                *(read[f"{part}{at}"] for part in "bGB"),
            )
            for at in range(depth)
        ]
        self._last = (read["W"].T.copy(), read["b"])
        self.transitions = read["T"]

    def scores(self, rows: Sequence[NDArray[np.int32]]) -> list[Floats]:
        """For each text one score for each tag at each token."""
        pad = len(self._layers) - 1
        flat = np.concatenate(rows)
        mixed = np.concatenate([table[flat[:, at]] for at, table in enumerate(self._tables)], axis=1)
        mixed = _maxout(mixed, *self._layers[0])
        width = mixed.shape[1]
        hidden = np.zeros((len(flat) + pad * (len(rows) + 1), width), dtype=np.float32)
        places = []
        at, read = pad, 0
        for row in rows:
            places.append((at, at + len(row)))
            hidden[at : at + len(row)] = mixed[read : read + len(row)]
            at, read = at + len(row) + pad, read + len(row)
        around = np.zeros((len(hidden), 3 * width), dtype=np.float32)
        for layer in self._layers[1:]:
            around[1:, :width] = hidden[:-1]
            around[:, width : 2 * width] = hidden
            around[:-1, 2 * width :] = hidden[1:]
            hidden = hidden + _maxout(around, *layer)
        found = hidden @ self._last[0] + self._last[1]
        return [found[start:end] for start, end in places]

    @classmethod
    def from_bytes(cls, data: bytes) -> Network:
        """What `to_bytes` gave."""
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return cls(dict(arrays))


def _maxout(inputs: Floats, weights: Floats, bias: Floats, gain: Floats, shift: Floats) -> Floats:
    """The largest of several linear maps for each output, then normalized over the outputs."""
    pieces = (inputs @ weights).reshape(len(inputs), *bias.shape) + bias
    best = pieces.max(axis=2)
    best -= best.mean(axis=1, keepdims=True)
    best /= np.sqrt((best * best).mean(axis=1, keepdims=True) + 1e-8)
    return np.asarray(best * gain + shift, dtype=np.float32)


def to_bytes(arrays: dict[str, NDArray[Any]]) -> bytes:
    """The arrays in half precision, which is all that they are good for."""
    out = BytesIO()
    halved: dict[str, Any] = {name: array.astype(np.float16) for name, array in arrays.items()}
    np.savez(out, **halved)
    return out.getvalue()
