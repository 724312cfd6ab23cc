"""A linear chain over the tags of a text: its gradient for training, the best path for use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["LABELS", "TAGS", "allowed", "best_paths", "gradient", "marginals"]

LABELS = ("PERSON", "LOCATION", "ORGANIZATION")
TAGS = ("O", *(f"{part}-{label}" for label in LABELS for part in "BIES"))
"""Outside, and the beginning, inside, end or single token of each label."""

_START, _END = len(TAGS), len(TAGS) + 1
Floats = NDArray[np.float32]


def allowed() -> Floats:
    """0 where one tag may follow another, a large negative number elsewhere; the last two rows are start and end."""
    names = [*TAGS, "START", "END"]
    mask = np.full((len(names), len(names)), -1e4, dtype=np.float32)
    for i, one in enumerate(names):
        for j, two in enumerate(names):
            if one == "END" or two == "START":
                continue
            open_ = one[0] in "BI"
            inside = two[0] in "IE" and two != "END"
            if open_ == inside and (not open_ or one[2:] == two[2:]):
                mask[i, j] = 0
    return mask


_MASK = allowed()


def padded(scores: Sequence[Floats]) -> tuple[Floats, NDArray[np.int64]]:
    """The scores of several texts in one array (time first), and their lengths."""
    lengths = np.array([len(s) for s in scores])
    out = np.zeros((int(lengths.max()), len(scores), len(TAGS)), dtype=np.float32)
    for at, one in enumerate(scores):
        out[: len(one), at] = one
    return out, lengths


def marginals(scores: Sequence[Floats], transitions: Floats) -> tuple[list[Floats], Floats, float]:
    """For each text the probability of each tag at each token; expected transitions; sum of log-normalizers."""
    all_, lengths = padded(scores)
    count = len(TAGS)
    steps, size = all_.shape[:2]
    top = all_.max(axis=2, keepdims=True)
    emit = np.exp(all_ - top).astype(np.float64)
    moves = np.exp(transitions + _MASK).astype(np.float64)
    inner, begin, end = moves[:count, :count], moves[_START, :count], moves[:count, _END]
    alpha = np.zeros((steps, size, count))
    scale = np.ones((steps, size))
    alive = np.arange(steps)[:, None] < lengths[None, :]
    for t in range(steps):
        step = (begin if t == 0 else alpha[t - 1] @ inner) * emit[t]
        scale[t] = np.where(alive[t], step.sum(axis=1), 1.0)
        alpha[t] = step / np.maximum(step.sum(axis=1), 1e-300)[:, None]
    beta = np.zeros((steps, size, count))
    last = lengths - 1
    log_z = float((np.log(scale) * alive).sum() + (top[:, :, 0] * alive).sum())
    finals = alpha[last, np.arange(size)] @ end
    log_z += float(np.log(finals).sum())
    expected = np.zeros((count + 2, count + 2))
    for t in range(steps - 1, -1, -1):
        if t + 1 < steps:
            ahead = emit[t + 1] * beta[t + 1] / scale[t + 1][:, None]
            beta[t] = ahead @ inner.T
        ends = last == t
        if ends.any():
            beta[t, ends] = end / finals[ends][:, None]
        if t + 1 < steps:
            live = last > t
            expected[:count, :count] += inner * (alpha[t, live].T @ ahead[live])
    gamma = alpha * beta
    expected[_START, :count] = gamma[0].sum(axis=0)
    expected[:count, _END] = gamma[last, np.arange(size)].sum(axis=0)
    found = [gamma[: len(s), at].astype(np.float32) for at, s in enumerate(scores)]
    return found, expected.astype(np.float32), log_z


def gradient(
    scores: Sequence[Floats], gold: Sequence[NDArray[np.int64]], transitions: Floats
) -> tuple[list[Floats], Floats, float]:
    """Of the negative log-likelihood: by the scores, by the transitions, and its value."""
    found, expected, loss = marginals(scores, transitions)
    for probability, tags, score in zip(found, gold, scores, strict=True):
        index = np.arange(len(tags))
        probability[index, tags] -= 1
        loss -= float(score[index, tags].sum())
        path = np.concatenate(([_START], tags, [_END]))
        np.subtract.at(expected, (path[:-1], path[1:]), 1)
        loss -= float(transitions[path[:-1], path[1:]].sum())
    return found, expected, loss


def best_paths(scores: Sequence[Floats], transitions: Floats) -> list[list[int]]:
    """The most probable tags of each text (Viterbi), all texts together step by step."""
    if not scores:
        return []
    all_, lengths = padded(scores)
    count = len(TAGS)
    moves = transitions + _MASK
    inner, end = moves[:count, :count], moves[:count, _END]
    steps, size = all_.shape[:2]
    back = np.zeros((steps, size, count), dtype=np.int8)
    ending = np.zeros((steps, size, count), dtype=np.float32)
    best = moves[_START, :count] + all_[0]
    ending[0] = best + end
    for t in range(1, steps):
        through = best[:, :, None] + inner
        back[t] = through.argmax(axis=1)
        best = through.max(axis=1) + all_[t]
        ending[t] = best + end
    tags = np.zeros((steps, size), dtype=np.int64)
    last, texts = lengths - 1, np.arange(size)
    ends = ending[last, texts].argmax(axis=1)
    current = ends
    for t in range(steps - 1, -1, -1):
        current = np.where(last == t, ends, current)
        tags[t] = current
        current = back[t, texts, current]
    return [tags[:length, at].tolist() for at, length in enumerate(lengths)]
