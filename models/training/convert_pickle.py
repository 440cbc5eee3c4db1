"""Turns the pickle of LIDC crops that Probabilistic-Unet-Pytorch reads into a file of cases for `npm run cases` and `evaluate`.

  python models/training/convert_pickle.py data_lidc.pickle --out cases.npz

That pickle (github.com/stefanknegt/Probabilistic-Unet-Pytorch, `load_LIDC_data.py`) is a dict of cases by name, each a dict
with `image` [H, W] (numbers from 0 to 1, or grey levels), `masks` (four arrays [H, W] of 0 and 1) and `series_uid`.

Pickles can run any program. This reader builds arrays, dicts, lists, tuples, texts, bytes and numbers, and refuses every
other class before it is made.
"""

import argparse
import io
import pickle
import sys
from pathlib import Path

import numpy as np


class NotCrops(ValueError):
    """The pickle is none of crops; the sentence says why."""


def _dtype(*args):
    """Types of numbers alone: an array of objects would be a pickle within the pickle."""
    found = np.dtype(*args)
    if found.kind not in "biuf":
        raise NotCrops(f"it holds an array of {found}, and arrays of numbers alone are read")
    return found


def _encode(text, encoding="utf-8"):
    """What Python 2 and protocol 2 write bytes as."""
    if encoding not in ("latin1", "latin-1", "utf-8", "ascii"):
        raise NotCrops("it holds bytes in an encoding that is not read")
    return text.encode(encoding)


def _empty(*_):
    return np.ndarray((0,), np.uint8)


def _frombuffer(buffer, dtype, shape, order):
    return np.frombuffer(buffer, dtype=dtype).reshape(shape, order=order)


def _scalar(dtype, data):
    return np.frombuffer(data, dtype=dtype, count=1)[0]


# Of an array its class is named and never called: what stands for it here cannot be.
KNOWN = {("numpy", "ndarray"): "ndarray", ("numpy", "dtype"): _dtype, ("_codecs", "encode"): _encode}
for _core in ("numpy.core", "numpy._core"):
    KNOWN[_core + ".multiarray", "_reconstruct"] = _empty
    KNOWN[_core + ".multiarray", "scalar"] = _scalar
    KNOWN[_core + ".numeric", "_frombuffer"] = _frombuffer


class Restricted(pickle.Unpickler):
    """Builds arrays and plain values alone."""

    def find_class(self, module, name):
        if (module, name) in KNOWN:
            return KNOWN[module, name]
        raise NotCrops(f"it holds {module}.{name}, and arrays, dicts and texts alone are read")

    def persistent_load(self, pid):
        raise NotCrops("it refers to objects outside of it")


def read_pickle(data):
    """What the bytes of a pickle hold. Raises NotCrops."""
    try:
        return Restricted(io.BytesIO(data), encoding="latin1").load()
    except NotCrops:
        raise
    except Exception as error:  # a broken pickle fails in any way
        raise NotCrops(f"it is cut short or no pickle ({type(error).__name__})") from None


def _plane(values, what):
    if not isinstance(values, np.ndarray) or values.size == 0:
        raise NotCrops(f"{what} is no array")
    plane = np.squeeze(values)
    if plane.ndim != 2:
        raise NotCrops(f"{what} has the shape {list(values.shape)}, wanted rows and columns")
    if not np.isfinite(plane.astype(np.float64)).all():
        raise NotCrops(f"{what} holds values that are not finite")
    return plane


def cases_of(found):
    """`images` u8 [K, H, W], `masks` u8 [K, G, H, W/8] (bits along x, the most significant first), `patient` [K]: cases in
    the order of the pickle; grey levels of a picture from its lowest to its highest value."""
    if not isinstance(found, dict) or not found:
        raise NotCrops(f"it holds a {type(found).__name__}, wanted a dict of cases by name")
    images, masks, series = [], [], []
    for name, one in found.items():
        if not isinstance(one, dict) or "image" not in one or "masks" not in one:
            raise NotCrops(f'its case "{str(name)[:40]}" has no image and masks')
        image = _plane(one["image"], f'the image of "{str(name)[:40]}"').astype(np.float64)
        drawn = [_plane(mask, f'a mask of "{str(name)[:40]}"') > 0 for mask in one["masks"]]
        if any(mask.shape != image.shape for mask in drawn) or not drawn:
            raise NotCrops(f'the masks of "{str(name)[:40]}" are none, or of another size than its image')
        if images and (image.shape != images[0].shape or len(drawn) != len(masks[0])):
            raise NotCrops(f'its case "{str(name)[:40]}" has another size or another number of masks than the first')
        spread = image.max() - image.min()
        images.append(np.rint(255 * (image - image.min()) / spread if spread > 0 else 0 * image).astype(np.uint8))
        masks.append(np.packbits(np.stack(drawn), axis=-1))
        series.append(str(one.get("series_uid", name)))
    return {"images": np.stack(images), "masks": np.stack(masks), "patient": np.array(series)}


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("pickle", type=Path)
    ask.add_argument("--out", type=Path, required=True)
    args = ask.parse_args()
    try:
        cases = cases_of(read_pickle(args.pickle.read_bytes()))
    except (NotCrops, OSError) as error:
        print(f"{args.pickle.name}: {error}.", file=sys.stderr)
        sys.exit(2)
    np.savez_compressed(args.out, **cases)
    print(f"{args.out}: {len(cases['images'])} slices")


if __name__ == "__main__":
    main()
