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


def without_specks(masks, smallest):
    """The masks [N,H,W], bool, without their parts under `smallest` pixels; the largest part always stays.

    Pixels that share a corner belong to one part; of equally large parts the first along the rows counts as largest.
    """
    if smallest <= 1:
        return np.asarray(masks, bool)
    found = np.zeros(masks.shape, bool)
    for k, mask in enumerate(masks):
        labels, count = ndimage.label(mask, TOUCHING)
        if count:
            area = np.bincount(labels.ravel())
            area[0] = 0
            kept = area >= smallest
            kept[area.argmax()] = True
            found[k] = kept[labels] & (labels > 0)
    return found


def hard(probabilities, smallest=0, threshold=0.5):
    """The masks [B,N,H,W], bool, that probabilities are cut to, without specks where `smallest` says so."""
    cut = probabilities >= threshold
    if smallest <= 1:
        return cut
    flat = without_specks(cut.flatten(0, 1).cpu().numpy(), smallest)
    return torch.from_numpy(flat).to(cut.device).view(cut.shape)


def broken_share(masks):
    """Share of broken outlines among the masks [N,H,W] that are large enough to tell; NaN without such."""
    told = [b for b in map(is_broken, masks) if b is not None]
    return float(np.mean(told)) if told else math.nan


def representative(distances, count):
    """Places, in order, of `count` of M samples that stand for all, by their distances [M,M] (1 - IoU).

    Greedy: each next one makes the energy distance 2 mean d(chosen, all) - mean d(chosen, chosen) smallest, i = j
    counted as everywhere here; no sample twice, and of equals the first. Nothing is drawn, no grader is looked at.
    """
    to_all = distances.mean(1)
    chosen, among, within = [], np.zeros(len(distances)), 0.0  # among: summed distance of each sample to the chosen
    for k in range(1, count + 1):
        energy = 2 * (to_all[chosen].sum() + to_all) / k - (within + 2 * among) / k**2
        energy[chosen] = np.inf
        best = int(np.argmin(np.round(energy, 9)))  # rounded: equals stay equal, whatever the order of a sum
        within += 2 * among[best]
        chosen.append(best)
        among += distances[best]
    return chosen


def presence_figures(samples, masks, probability=None):
    """{presence, presence_brier, ged2_presence: [B]} of samples [B,N,H,W] and graders' masks [B,G,H,W].

    `probability` [B]: the model's own that anything is drawn; the Brier score is its distance from k/G.
    """
    shares = [t.flatten(2).any(2).double().mean(1).cpu().numpy() for t in (samples, masks)]
    found = {"presence": shares[0], "ged2_presence": 2 * (shares[0] - shares[1]) ** 2}
    return found if probability is None else found | {"presence_brier": (np.asarray(probability) - shares[1]) ** 2}


def grader_disagreement(masks):
    """Mean of 1 - IoU over the distinct pairs of graders' masks [B,G,H,W], [B]; NaN with one grader."""
    g = masks.shape[1]
    if g < 2:
        return np.full(len(masks), np.nan)
    iou = pairwise_iou(masks, masks).double()
    return (1 - (iou.sum((1, 2)) - g) / (g * (g - 1))).cpu().numpy()


def mean_area(masks):
    """Mean area in pixels of the non-empty masks [B,N,H,W], [B]; NaN where all are empty."""
    area = masks.flatten(2).sum(2).double()
    drew = (area > 0).sum(1)
    return torch.where(drew > 0, area.sum(1) / drew, math.nan).cpu().numpy()


SIZE_BINS = ((20, 50), (50, 100), (100, 300), (300, math.inf))


def size_ratios(samples, graders):
    """{"20-50": ratio, ...}: summed mean area of non-empty samples [cases] over that of graders, by size of the case.

    A case's size is the mean of both, px: by either alone, luck of the draw would look like a bias of size. None
    where no case is of that size.
    """
    size, found = (samples + graders) / 2, {}
    for low, high in SIZE_BINS:
        chosen = (size >= low) & (size < high)
        ratio = samples[chosen].sum() / graders[chosen].sum() if chosen.any() else None
        found[f"{low}-{high}" if high < math.inf else f"{low}-"] = ratio
    return found


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
