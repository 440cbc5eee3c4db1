"""The crops of LIDC-IDRI as tensors. The file's layout is described in its own README (shared/lidc)."""

from dataclasses import dataclass
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

    def __len__(self):
        return len(self.images)

    def take(self, index):
        """(images f32 [n,1,H,W] in [0,1], masks u8 [n,G,H,W] of 0 and 1) of the slices `index`."""
        images = torch.from_numpy(self.images[index]).float()[:, None] / 255
        return images, torch.from_numpy(np.unpackbits(self.masks[index], axis=-1))

    def only(self, index):
        """The slices `index` as a set of their own."""
        patients = None if self.patients is None else self.patients[index]
        return Crops(self.images[index], self.masks[index], patients, self.rows[index])

    def centre(self, size):
        """The centre `size` x `size` of every slice; whole bytes of the packed masks, so a multiple of 16."""
        full = self.images.shape[-1]
        first = (full - size) // 2
        cut, packed = slice(first, first + size), slice(first // 8, (first + size) // 8)
        return Crops(self.images[:, cut, cut], self.masks[:, :, cut, packed], self.patients, self.rows)

    def limit(self, count):
        """`count` slices spread evenly: floor(i * M / K), the same ones as the command line's --limit."""
        return self if count is None or count >= len(self) else self.only(np.arange(count) * len(self) // count)


def read(path, *splits):
    """Crops of each named split, or of the whole file where no split is named."""
    with np.load(path) as file:
        images, masks = file["images"], file["masks"]
        patients = file["patient"] if "patient" in file else None
        split = file["split"] if "split" in file else None
    everything = Crops(images, masks, patients, np.arange(len(images)))
    if not splits:
        return everything
    if split is None:
        raise ValueError(f"{path} has no 'split': leave --split out to use all of its slices")
    return [everything.only(np.flatnonzero(split == name)) for name in splits]
