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
from measures import (
    Calibration,
    bootstrap,
    broken_share,
    dice,
    grader_disagreement,
    mean_area,
    pairwise_iou,
    per_case,
    presence_figures,
    representative,
    size_ratios,
)
from sampling import Normals

LARGE = 40  # pixels: a lesion that nobody overlooks


def read_dump(path, crops):
    """The slices and standard normals of a dump of the command line, and its own masks bool [K,N,H,W]."""
    with np.load(path) as file:
        chosen = crops.only(file["rows"].astype(np.int64))
        epsilon = torch.from_numpy(file["epsilon"])
        names = sorted((k for k in file.files if k.startswith("field_")), key=lambda k: -int(k[6:]))
        fields = [torch.from_numpy(file[k]) for k in names] or None
        more = (torch.from_numpy(file[k]) if k in file else None for k in ("epsilon_shift", "epsilon_u"))
        normals = Normals(epsilon, fields, *more)
        samples = np.unpackbits(file["samples"], axis=-1).astype(bool)
    return chosen, normals, samples


def chosen_of(pool, count):
    """The `count` masks that stand for each case's pool [B,M,H,W]: [B,count,H,W]."""
    distances = 1 - pairwise_iou(pool, pool).double().cpu().numpy()
    return torch.stack([masks[representative(d, count)] for masks, d in zip(pool, distances)])


def by_slice(system, crops, counts, seed, batch, given=None, kl=True, pool=0, stand_for=0):
    """{name or name@n: one value per slice}, the calibration, and the share of pixels that differ from the dump's.

    `pool`: so many further draws, for the model's own probability of drawing anything (the gate's is known without).
    `stand_for`: M, so many further draws out of which the representative ones are chosen.
    """
    found, calibration, differing = {}, Calibration(), []
    most, started = max(counts), time.monotonic()
    for first in range(0, len(crops), batch):
        index = np.arange(first, min(first + batch, len(crops)))
        images, masks = crops.take(index)
        prepared = system.prepare(images)
        if given:
            _, normals, samples = given
            probabilities = prepared.repeat(normals.of(index))
            differing.append(system.masks(probabilities).numpy() != samples[index])
        else:
            generator = torch.Generator().manual_seed(seed * 1_000_003 + first)
            probabilities = prepared.sample(most, generator)
        values, every = {}, system.masks(probabilities)
        presence, further = prepared.presence(), stand_for or (pool if prepared.presence() is None else 0)
        if further:  # draws of their own, so that the others are the same with and without them
            others = prepared.sample(further, torch.Generator().manual_seed(seed * 1_000_003 + first + 500_001))
            presence = (others >= 0.5).flatten(2).any(2).double().mean(1) if presence is None else presence
        if stand_for:
            few = per_case(chosen_of(system.masks(others), counts[-1]), masks)
            values |= {f"representative_{k}": few[k] for k in ("ged2", "hm_iou", "diversity", "nestedness")}
        for n in counts:
            told = presence_figures(every[:, :n], masks, presence)
            for name, value in (per_case(every[:, :n], masks) | told).items():
                values[name if n == counts[-1] else f"{name}@{n}"] = value
        mean = probabilities[:, : counts[-1]].mean(1)
        hard = mean >= 0.5
        values["dice"] = np.array([np.mean([dice(h, g) for g in slots]) for h, slots in zip(hard, masks)])
        values["readers"] = np.full(len(index), masks.shape[1])
        values["graders"] = masks.flatten(2).any(2).sum(1).numpy()
        cut = every[:, : counts[-1]]
        values["empty"] = 1 - values["presence"]
        values["area"], values["graders_area"] = mean_area(cut), mean_area(masks)
        values["smallest_grader"] = masks.flatten(2).sum(2).amin(1).numpy()
        values["disagreement"] = grader_disagreement(masks)
        values["broken"] = np.array([broken_share(samples) for samples in cut])
        values["graders_broken"] = np.array([broken_share(slots) for slots in masks])
        values["graders_nestedness"] = per_case(masks.bool(), masks)["nestedness"]
        calibration.add(mean.numpy(), masks.float().mean(1).numpy())
        if kl and system.net is not None:
            of_z, of_fields = axes.kl_of(system.net, images, masks)
            values["kl"] = of_z.mean(1).numpy()
            if system.net.posterior is None and system.net.spacings:
                values["kl_fields"] = of_fields.mean(1).numpy()
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
        "presence",
        "presence_brier",
        "ged2_presence",
        "representative_ged2",
        "representative_hm_iou",
        "representative_diversity",
        "representative_nestedness",
    ):
        if name not in values:
            continue
        content[name] = mean(values[name])
        if patients is not None:
            content[f"{name}_interval"] = interval(values[name], patients)
    slots = content["readers"] = int(values["readers"][0])
    content["ged2_floor"] = mean((1 / n + 1 / slots) * values["disagreement"])
    all_large = values["smallest_grader"] >= LARGE
    content["empty_where_all_drew_large"] = mean(values["empty"][all_large]) if all_large.any() else None
    told = ~np.isnan(values["area"] + values["graders_area"])
    ratios = size_ratios(values["area"][told], values["graders_area"][told])
    content["size_ratio"] = {k: v and round(float(v), 3) for k, v in ratios.items()}
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
    if "kl_fields" in values:
        content["kl_fields"] = round(float(values["kl_fields"].mean()), 4)
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
    ask.add_argument("--pool", type=int, default=128, help="further draws, for the model's own probability of drawing")
    ask.add_argument("--representative", type=int, default=0, metavar="M", help="also the count that stand for M draws")
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
        crops, counts = given[0], [given[1].epsilon.shape[1]]
    else:
        crops, given = data.read(args.crops), None
        crops = (data.read(args.crops, args.split)[0] if args.split else crops).limit(args.limit)
    started = time.monotonic()
    values, calibration, share = by_slice(
        system, crops, counts, args.seed, args.batch, given, not args.no_kl, args.pool, args.representative
    )
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
