"""Evaluates an exported model with PyTorch; prints one JSON object.

  python models/training/evaluate.py models/lidc-prob-unet --split val --limit 400
  python models/training/evaluate.py models/lidc-prob-unet --split test --counts 1,4,8,16,100 --out test.json
  python models/training/evaluate.py models/lidc-prob-unet --dump dump.npz     the draws of the command line's --dump

GED^2 is the biased one, its intervals are 95 %, whole patients resampled. Choose on val; look at test only to report.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch

import axes
import data
from export import open_system
from measures import Calibration, bootstrap, broken_share, dice, per_case


def read_dump(path, crops):
    """The slices, standard normals and fields of a dump of the command line, and its own masks bool [K,N,H,W]."""
    with np.load(path) as file:
        chosen = crops.only(file["rows"].astype(np.int64))
        epsilon = torch.from_numpy(file["epsilon"])
        names = sorted((k for k in file.files if k.startswith("field_")), key=lambda k: -int(k[6:]))
        fields = [torch.from_numpy(file[k]) for k in names] or None
        samples = np.unpackbits(file["samples"], axis=-1).astype(bool)
    return chosen, epsilon, fields, samples


def by_slice(system, crops, counts, seed, batch, given=None, kl=True):
    """{name or name@n: one value per slice}, the calibration, and the share of pixels that differ from the dump's."""
    found, calibration, differing = {}, Calibration(), []
    most, started = max(counts), time.monotonic()
    for first in range(0, len(crops), batch):
        index = np.arange(first, min(first + batch, len(crops)))
        images, masks = crops.take(index)
        if given:
            _, epsilon, fields, samples = given
            picked = None if fields is None else [f[index] for f in fields]
            probabilities = system.repeat(images, epsilon[index], picked)
            differing.append((probabilities.numpy() >= 0.5) != samples[index])
        else:
            generator = torch.Generator().manual_seed(seed * 1_000_003 + first)
            probabilities = system.sample(images, most, generator)
        values = {}
        for n in counts:
            for name, value in per_case(probabilities[:, :n] >= 0.5, masks).items():
                values[name if n == counts[-1] else f"{name}@{n}"] = value
        mean = probabilities[:, : counts[-1]].mean(1)
        hard = mean >= 0.5
        values["dice"] = np.array([np.mean([dice(h, g) for g in slots]) for h, slots in zip(hard, masks)])
        values["graders"] = masks.flatten(2).any(2).sum(1).numpy()
        cut = probabilities[:, : counts[-1]] >= 0.5
        values["broken"] = np.array([broken_share(samples) for samples in cut])
        values["graders_broken"] = np.array([broken_share(slots) for slots in masks])
        values["graders_nestedness"] = per_case(masks.bool(), masks)["nestedness"]
        calibration.add(mean.numpy(), masks.float().mean(1).numpy())
        if kl and system.net is not None:
            values["kl"] = axes.kl_per_axis(system.net, images, masks).mean(1).numpy()
        for name, value in values.items():
            found.setdefault(name, []).append(value)
        print(f"\r{first + len(index)}/{len(crops)} {time.monotonic() - started:.0f} s", end="", file=sys.stderr)
    print(file=sys.stderr)
    share = float(np.concatenate(differing).mean()) if differing else None
    return {k: np.concatenate(v) for k, v in found.items()}, calibration, share


def mean(values):
    return round(float(np.nanmean(values)), 5) if not np.all(np.isnan(values)) else None


def interval(values, patients):
    """The bootstrap's interval of the mean, rounded; None where no value is known."""
    found = bootstrap(values, patients)
    return found and [round(v, 4) for v in found]


def report(values, calibration, patients, counts):
    """What is printed: means, intervals over patients where they are known, GED^2 by number of graders who drew."""
    n = counts[-1]
    content = {"cases": len(values["graders"]), "count": n}
    for name in (
        "ged2",
        "hm_iou",
        "diversity",
        "expected_distance",
        "nestedness",
        "dice",
        "broken",
        "graders_nestedness",
        "graders_broken",
    ):
        content[name] = mean(values[name])
        if patients is not None:
            content[f"{name}_interval"] = interval(values[name], patients)
    content["ece"] = round(calibration.ece(), 5)
    content["ged2_by_graders"] = {
        str(k): mean(values["ged2"][values["graders"] == k]) for k in range(5) if (values["graders"] == k).any()
    }
    for m in counts[:-1]:
        content[f"at_{m}"] = {}
        for name in ("ged2", "hm_iou", "diversity", "nestedness"):
            content[f"at_{m}"][name] = mean(values[f"{name}@{m}"])
        if patients is not None:
            content[f"at_{m}"]["ged2_interval"] = interval(values[f"ged2@{m}"], patients)
    if "kl" in values:
        content["kl_per_axis"] = [round(float(v), 4) for v in values["kl"].mean(0)]
    return content


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", type=Path, help="a folder with config.json")
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--split")
    ask.add_argument("--limit", type=int)
    ask.add_argument("--counts", default="16", help="numbers of samples; the last one is the headline")
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--batch", type=int, default=8)
    ask.add_argument("--dump", type=Path, help="repeat the draws of the command line's `evaluate --dump`")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--out", type=Path, help="also write the JSON here")
    ask.add_argument("--per-case", type=Path, help="write every slice's figures here (npz), for comparison.py")
    ask.add_argument("--no-kl", action="store_true", help="leave the KL per axis out: it costs a posterior per slot")
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    system = open_system(args.model)
    counts = [int(n) for n in args.counts.split(",")]
    if args.dump:
        given = read_dump(args.dump, data.read(args.crops))
        crops, counts = given[0], [given[1].shape[1]]
    else:
        crops, given = data.read(args.crops), None
        crops = (data.read(args.crops, args.split)[0] if args.split else crops).limit(args.limit)
    started = time.monotonic()
    values, calibration, share = by_slice(system, crops, counts, args.seed, args.batch, given, kl=not args.no_kl)
    content = report(values, calibration, crops.patients, counts)
    if share is not None and not math.isnan(share):
        content["pixels_differing"] = share
    content["seconds"] = round(time.monotonic() - started, 1)
    text = json.dumps(content, indent=1)
    print(text)
    if args.per_case:
        np.savez(args.per_case, counts=counts, patients=crops.patients, rows=crops.rows, **values)
    if args.out:
        args.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
