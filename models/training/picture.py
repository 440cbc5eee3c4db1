"""A card's picture: cases as rows, graders beside samples beside modes; and the figures of the built-in examples.

  python models/training/picture.py models/lidc-energy-gate --out models/lidc-energy-gate/examples.png
  python models/training/picture.py models/lidc-energy-gate --crops ../shared/lidc/crops.npz --pick 20 --out look.png

The first needs the built-in examples (`npm run examples`). A picture of the crops is for looking at: never commit it.
"""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

import data  # noqa: E402
from export import load  # noqa: E402
from measures import per_case  # noqa: E402
from modes import mode_directions  # noqa: E402
from sampling import sample  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "public" / "examples"
GRADERS = ("#f0e442", "#56b4e9", "#e69f00", "#cc79a7")  # told apart by colour-blind people (Okabe and Ito)
LOW, HIGH = "#56b4e9", "#e69f00"


def region(values, centre, size=128):
    """The crop that the network sees: moved inside, min-max scaled to 8 bits, [size,size] in [0,1]; and its origin."""
    height, width = values.shape
    x0, y0 = (int(np.clip(c - size // 2, 0, full - size)) for c, full in zip(centre, (width, height)))
    crop = values[y0 : y0 + size, x0 : x0 + size].astype(np.float64)
    low, high = crop.min(), crop.max()
    scaled = np.floor((crop - low) / (high - low) * 255 + 0.5) / 255 if high > low else np.zeros_like(crop)
    return scaled.astype(np.float32), (x0, y0)


def read_examples(folder=EXAMPLES):
    """(titles, images f32 [N,1,128,128], masks u8 [N,4,128,128]) of a folder with pack.json."""
    titles, images, masks = [], [], []
    for case in json.loads((folder / "pack.json").read_text())["cases"]:
        crop, (x0, y0) = region(np.load(folder / case["slice"]), case["region"])
        slots = []
        for grader in case["graders"]:
            drawn = None if grader["mask"] is None else plt.imread(folder / grader["mask"])
            flat = np.zeros((128, 128)) if drawn is None else (drawn if drawn.ndim == 2 else drawn[..., 0])
            slots.append((flat if drawn is None else flat[y0 : y0 + 128, x0 : x0 + 128]) > 0.5)
        titles.append(case["title"])
        images.append(crop[None])
        masks.append(np.stack(slots))
    return titles, torch.from_numpy(np.stack(images)), torch.from_numpy(np.stack(masks)).to(torch.uint8)


def read_crops(path, split, pick):
    crops = data.read(path, split)[0].limit(pick)
    images, masks = crops.take(np.arange(len(crops)))
    return [f"row {row}" for row in crops.rows], images, masks


@torch.no_grad()
def mode_masks(net, images, count):
    """Masks bool [B,count,2,H,W] at -2 and +2 sigma along the case's strongest modes, fields off."""
    parts = net.parts(net.unet(images))
    mean, log_sigma = net.prior_of(images)
    sigma = torch.exp(log_sigma)
    directions = mode_directions(net, parts, mean, sigma)[:, :count]
    ends = torch.stack([-2 * directions, 2 * directions], 2).flatten(1, 2)
    return (net.decode(parts, mean[:, None] + sigma[:, None] * ends) >= 0).unflatten(1, (-1, 2))


def outline(plot, mask, colour, width=0.9):
    if mask.any():
        plot.contour(np.asarray(mask, float), levels=[0.5], colors=[colour], linewidths=width)


def draw(titles, images, masks, probabilities, modes, path, reach=32):
    """One row a case: graders, six samples, all samples, variance, modes. Shows the middle of the region."""
    shown, count = 6, modes.shape[1]
    columns = 3 + shown + count
    figure, plots = plt.subplots(len(titles), columns, figsize=(1.15 * columns, 1.2 * len(titles)), squeeze=False)
    for k, row in enumerate(plots):
        for plot in row:
            plot.imshow(images[k, 0], cmap="gray", vmin=0, vmax=1)
            plot.set(xticks=[], yticks=[], xlim=(64 - reach, 64 + reach), ylim=(64 + reach, 64 - reach))
        for slot, colour in zip(masks[k], GRADERS):
            outline(row[0], slot, colour)
        for plot, p in zip(row[1:], probabilities[k, :shown]):
            outline(plot, p >= 0.5, "white")
        for p in probabilities[k]:
            outline(row[1 + shown], p >= 0.5, "white", 0.4)
        row[2 + shown].imshow(probabilities[k].var(0, unbiased=False), cmap="viridis", vmin=0, vmax=0.25)
        for plot, (low, high) in zip(row[3 + shown :], modes[k]):
            outline(plot, low, LOW)
            outline(plot, high, HIGH)
        row[0].set_ylabel(titles[k].replace(" nodule", ""), fontsize=7)
    heads = ["graders", *[f"sample {n + 1}" for n in range(shown)], "16 samples", "variance", *[f"mode {m + 1}, ±2σ" for m in range(count)]]  # fmt: skip
    for plot, head in zip(plots[0], heads):
        plot.set_title(head, fontsize=7)
    figure.subplots_adjust(0.02, 0.005, 0.998, 0.96, 0.03, 0.03)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    plt.close(figure)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", type=Path)
    ask.add_argument("--out", type=Path)
    ask.add_argument("--crops", type=Path, help="cases of this file in place of the built-in examples")
    ask.add_argument("--split", default="val")
    ask.add_argument("--pick", type=int, default=20)
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    net, _ = load(args.model)
    titles, images, masks = read_crops(args.crops, args.split, args.pick) if args.crops else read_examples()
    probabilities = sample(net, images, 16, torch.Generator().manual_seed(args.seed))
    found = per_case(probabilities >= 0.5, masks)
    areas = (probabilities >= 0.5).flatten(2).sum(2)
    print("| case | GED² (n = 16) | HM-IoU | diversity | nestedness | area of the samples, px |")
    print("| --- | --- | --- | --- | --- | --- |")
    for k, title in enumerate(titles):
        cells = " | ".join(f"{found[m][k]:.3f}" for m in ("ged2", "hm_iou", "diversity", "nestedness"))
        print(f"| {title} | {cells} | {int(areas[k].min())}–{int(areas[k].max())} |")
    if args.out:
        draw(titles, images, masks, probabilities, mode_masks(net, images, min(4, net.latent)), args.out)


if __name__ == "__main__":
    main()
