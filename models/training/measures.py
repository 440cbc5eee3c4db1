"""Measures between samples and graders, by their definitions in the project's README: biased, IoU(empty, empty) = 1."""

import math

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment


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
    """95 % interval of the mean, whole patients resampled; NaNs are left out."""
    values = np.asarray(values, float)
    kept = ~np.isnan(values)
    values, patients = values[kept], np.asarray(patients)[kept]
    _, group = np.unique(patients, return_inverse=True)
    total, count = np.bincount(group, values), np.bincount(group).astype(float)
    picks = np.random.default_rng(seed).integers(0, len(total), (rounds, len(total)))
    means = total[picks].sum(1) / count[picks].sum(1)
    return [float(v) for v in np.quantile(means, [0.025, 0.975])]
