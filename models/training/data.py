"""The crops of LIDC-IDRI as tensors. The file's layout is described in its own README (shared/lidc)."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "lidc" / "crops.npz"


@dataclass
class Crops:
    """Slices of one split. `images` u8 [N,H,W]; `masks` u8 [N,G,H,W/8], bits along x, most significant first."""

    images: np.ndarray
    masks: np.ndarray
    patients: np.ndarray | None  # [N], None where the file does not name them
    rows: np.ndarray  # [N], the row of each slice in the file
    nodules: np.ndarray | None = None  # [N], one number for each nodule of a patient, None where they are not named
    files: np.ndarray | None = None  # [N], which of several files a slice is from; None: all are from one
    labels: np.ndarray | None = None  # u8 [N,T,H,W/8], packed as the masks: what teachers drew who had not seen the patient

    def __len__(self):
        return len(self.images)

    def take(self, index):
        """(images f32 [n,1,H,W] in [0,1], masks u8 [n,G,H,W] of 0 and 1) of the slices `index`."""
        images = torch.from_numpy(self.images[index]).float()[:, None] / 255
        return images, torch.from_numpy(np.unpackbits(self.masks[index], axis=-1))

    def take_labels(self, index):
        """The teachers' masks u8 [n,T,H,W] of 0 and 1 of the slices `index`."""
        return torch.from_numpy(np.unpackbits(self.labels[index], axis=-1))

    def folds(self, count, seed=0):
        """[N], which of `count` folds a slice is in; a patient is in one of them alone."""
        _, patient = np.unique(self.patients, return_inverse=True)
        return np.random.default_rng(seed).permutation(patient.max() + 1)[patient] % count

    def only(self, index):
        """The slices `index` as a set of their own."""
        more = (self.patients, self.rows, self.nodules, self.files, self.labels)
        named = (None if t is None else t[index] for t in more)
        return Crops(self.images[index], self.masks[index], *named)

    def centre(self, size):
        """The centre `size` x `size` of every slice; whole bytes of the packed masks, so a multiple of 16."""
        full = self.images.shape[-1]
        first = (full - size) // 2
        cut, packed = slice(first, first + size), slice(first // 8, (first + size) // 8)
        labels = None if self.labels is None else self.labels[:, :, cut, packed]
        return replace(self, images=self.images[:, cut, cut], masks=self.masks[:, :, cut, packed], labels=labels)

    def limit(self, count):
        """`count` slices spread evenly: floor(i * M / K), the same ones as the command line's --limit."""
        return self if count is None or count >= len(self) else self.only(np.arange(count) * len(self) // count)


    def weights(self, balance=0.0, shares=None):
        """How often each slice is to be drawn, relative to the others, f64 [N].

        A nodule of m slices is drawn as often as m^(1 - balance): 0, as its slices are; 1, as any other nodule.
        `shares` {file: share}: what part of all draws is from that file; files that are not named have the rest.
        """
        _, nodule, size = np.unique(self.nodules, return_inverse=True, return_counts=True)
        found = size[nodule].astype(float) ** -balance
        named, of_file = shares or {}, self.files if self.files is not None else np.zeros(len(self), int)
        rest = ~np.isin(of_file, list(named))
        for chosen, share in [(of_file == f, s) for f, s in named.items()] + [(rest, 1 - sum(named.values()))]:
            found[chosen] *= share / max(found[chosen].sum(), 1e-12)
        return found


def join(several):
    """Crops of several files as one set; a patient or nodule of one file is another one than any of the next."""
    apart = {}
    for name in ("patients", "nodules"):
        ids = [np.unique(getattr(c, name), return_inverse=True)[1] for c in several]
        first = np.cumsum([0] + [i.max() + 1 for i in ids[:-1]])
        apart[name] = np.concatenate([i + f for i, f in zip(ids, first)])
    files = np.concatenate([np.full(len(c), k) for k, c in enumerate(several)])
    whole = (np.concatenate([getattr(c, name) for c in several]) for name in ("images", "masks"))
    return Crops(*whole, apart["patients"], np.concatenate([c.rows for c in several]), apart["nodules"], files)


def read_training(paths):
    """The `train` slices of every file, as one set; `files` holds the place of each slice's file in `paths`."""
    return join([read(path, "train")[0] for path in paths])


def read(path, *splits):
    """Crops of each named split, or of the whole file where no split is named."""
    with np.load(path) as file:
        images, masks = file["images"], file["masks"]
        patients = file["patient"] if "patient" in file else None
        split = file["split"] if "split" in file else None
        nodules = file["nodule"].astype(int) if "nodule" in file and patients is not None else None
    if nodules is not None:
        nodules = patients.astype(int) * (nodules.max() + 1) + nodules  # they are counted from 0 for each patient
    everything = Crops(images, masks, patients, np.arange(len(images)), nodules)
    if not splits:
        return everything
    if split is None:
        raise ValueError(f"{path} has no 'split': leave --split out to use all of its slices")
    return [everything.only(np.flatnonzero(split == name)) for name in splits]
