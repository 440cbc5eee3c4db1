"""Measures between samples and graders, by their definitions in the project's README: biased, IoU(empty, empty) = 1."""

import math

import numpy as np
import torch
from scipy import ndimage
from scipy.optimize import linear_sum_assignment
from scipy.spatial import ConvexHull

TOUCHING = np.ones((3, 3))  # pixels that share a corner belong to one part


def pairwise_iou(a, b):
    """IoU [B,N,K] of masks a [B,N,H,W] and b [B,K,H,W]; 1 where both are empty."""
    a, b = a.flatten(2).float(), b.flatten(2).float()
    shared = a @ b.transpose(1, 2)
    union = a.sum(2)[:, :, None] + b.sum(2)[:, None] - shared
    return torch.where(union == 0, torch.ones_like(union), shared / union.clamp_min(1))


def hungarian_iou(iou):
    """HM-IoU of one case from its matrix [N,K]: both sides tiled to the least common multiple, best assignment."""
    n, k = iou.shape
    m = math.lcm(n, k)
    tiled = np.tile(iou, (m // n, m // k))
    rows, columns = linear_sum_assignment(-tiled)
    return float(tiled[rows, columns].mean())


def nestedness(samples):
    """Share of nested pairs among the pairs of different, non-empty samples [N,H,W]; NaN without such pairs."""
    flat = samples.flatten(1).float()
    area, shared = flat.sum(1), flat @ flat.T
    smaller = torch.minimum(area[:, None], area[None])
    union = area[:, None] + area[None] - shared
    wanted = torch.triu((smaller > 0) & (shared < union), 1)
    total = wanted.sum()
    return float(((shared == smaller) & wanted).sum() / total) if total else math.nan


def dice(a, b):
    """Dice of two masks [H,W]; 1 where both are empty."""
    total = float(a.sum() + b.sum())
    return 1.0 if total == 0 else 2 * float((a.bool() & b.bool()).sum()) / total


def is_broken(mask, smallest=8, solid=0.7):
    """Whether an outline [H,W] is one that a reader would doubt: in parts, or a crescent; None below `smallest` pixels.

    In parts: more than one, counted by corners. A crescent: fills less than `solid` of its convex hull (of the pixels'
    corners).
    """
    rows, columns = np.nonzero(np.asarray(mask))
    if len(rows) < smallest:
        return None
    if ndimage.label(np.asarray(mask), TOUCHING)[1] > 1:
        return True
    corners = np.concatenate([np.stack([rows + i, columns + j], 1) for i in (0, 1) for j in (0, 1)])
    return len(rows) < solid * ConvexHull(corners).volume  # in two dimensions, the area


def largest_parts(masks):
    """Of each mask [N,H,W] its largest part alone, bool."""
    found = np.zeros(masks.shape, bool)
    for k, mask in enumerate(masks):
        labels, count = ndimage.label(mask, TOUCHING)
        if count:
            found[k] = labels == 1 + np.bincount(labels.ravel())[1:].argmax()
    return found


def broken_share(masks):
    """Share of broken outlines among the masks [N,H,W] that are large enough to tell; NaN without such."""
    told = [b for b in map(is_broken, masks) if b is not None]
    return float(np.mean(told)) if told else math.nan


def per_case(samples, masks):
    """{measure: [B]} of samples bool [B,N,H,W] and graders' masks [B,G,H,W]."""
    cross, within, graders = pairwise_iou(samples, masks), pairwise_iou(samples, samples), pairwise_iou(masks, masks)
    sy, ss, yy = (1 - t.mean((1, 2)) for t in (cross, within, graders))
    return {
        "ged2": (2 * sy - ss - yy).double().cpu().numpy(),
        "diversity": ss.double().cpu().numpy(),
        "expected_distance": sy.double().cpu().numpy(),
        "hm_iou": np.array([hungarian_iou(m) for m in cross.cpu().numpy()]),
        "nestedness": np.array([nestedness(s) for s in samples]),
    }


class Calibration:
    """Reliability of the mean probability against the share of graders, over foreground pixels of many cases.

    Foreground: the mean or the share reaches `floor`. (Over all pixels the empty background drowns everything.)
    """

    def __init__(self, bins=10, floor=0.05):
        self.floor, self.count = floor, np.zeros(bins)
        self.confidence, self.frequency = np.zeros(bins), np.zeros(bins)

    def add(self, mean, share):
        kept = (mean >= self.floor) | (share >= self.floor)
        mean, share, bins = mean[kept].astype(float), share[kept].astype(float), len(self.count)
        index = np.minimum((mean * bins).astype(int), bins - 1)
        self.count += np.bincount(index, minlength=bins)
        self.confidence += np.bincount(index, mean, bins)
        self.frequency += np.bincount(index, share, bins)

    def ece(self):
        """Expected calibration error: mean |confidence - frequency| of the bins, weighted by their pixels."""
        total = self.count.sum()
        return float(np.abs(self.confidence - self.frequency).sum() / total) if total else 0.0


def bootstrap(values, patients, rounds=2000, seed=0):
    """95 % interval of the mean, whole patients resampled; NaNs are left out. None where nothing else is."""
    values = np.asarray(values, float)
    kept = ~np.isnan(values)
    if not kept.any():
        return None
    values, patients = values[kept], np.asarray(patients)[kept]
    _, group = np.unique(patients, return_inverse=True)
    total, count = np.bincount(group, values), np.bincount(group).astype(float)
    picks = np.random.default_rng(seed).integers(0, len(total), (rounds, len(total)))
    means = total[picks].sum(1) / count[picks].sum(1)
    return [float(v) for v in np.quantile(means, [0.025, 0.975])]
