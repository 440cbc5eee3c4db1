"""Teachers, student and finish in one call, for a GPU: half an hour of a large one.

  python models/training/teachers.py --config models/training/configs/lidc-energy-student.json --runs RUNS
  the same again goes on where it was stopped

Each teacher trains on all folds but one and labels that one: draws of each slice and of its mirror image, mirrored
back. What a teacher says of patients it has seen is no better than its graders; of the others it says how likely it is
that anybody draws at all, and that is what a single training overfits. The student then learns from graders and labels,
and ends in a finish of its own. Teachers, student and finish are the config's `teachers`, `stages` (the last ones are
the finish).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import data
from objectives import flip_average
from train import HERE, Run, prepare_device, train


def teacher_config(config, fold):
    """The config of the teacher that never sees `fold`."""
    told = config["teachers"]
    return config | {"name": f"{config['name']}-teacher-{fold + 1}", "seed": config["seed"] + 1 + fold, "stages": told["stages"]}


def begun(config, folder, device):
    """A run, taken up where it was left if it was begun before."""
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(config, folder, device)
    if (folder / "checkpoint.pt").exists():
        run.load()
    return run


@torch.no_grad()
def label(net, crops, draws, smallest=6, seed=0, batch=64):
    """Packed masks u8 [N,2 draws,H,W/8] of `draws` samples of each slice and of its mirror image."""
    found, device = [], next(net.parameters()).device
    for first in range(0, len(crops), batch):
        images, _ = crops.take(np.arange(first, min(first + batch, len(crops))))
        generator = torch.Generator().manual_seed(seed * 1_000_003 + first)
        masks = flip_average(net.eval(), images.to(device), draws, smallest, generator)
        found.append(np.packbits(masks.cpu().numpy().astype(np.uint8), axis=-1))
    return np.concatenate(found)


def out_of_fold(config, crops, folder, device, minutes=4.0, quiet=False):
    """The labels u8 [N,T,H,W/8] of all slices, each by the teacher who had not seen its patient; kept in labels.npz."""
    told, kept = config["teachers"], folder / "labels.npz"
    fold = crops.folds(told["folds"], config["seed"])
    if kept.exists():
        with np.load(kept) as file:
            if len(file["labels"]) == len(crops):
                return file["labels"]
    labels = None
    for k in range(told["folds"]):
        run = begun(teacher_config(config, k), folder / f"teacher-{k + 1}", device)
        train(run, crops.only(np.flatnonzero(fold != k)), None, minutes, quiet)
        hidden = np.flatnonzero(fold == k)
        made = label(run.average, crops.only(hidden), told["draws"], config.get("smallestPart", 0), config["seed"] + k)
        if labels is None:
            labels = np.zeros((len(crops), *made.shape[1:]), np.uint8)
        labels[hidden] = made
    np.savez_compressed(kept, labels=labels)
    return labels


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--config", type=Path, required=True)
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--runs", type=Path, default=HERE / "runs")
    ask.add_argument("--seed", type=int, help="of teachers, folds and student; the config's by default")
    ask.add_argument("--threads", type=int, default=8)
    ask.add_argument("--minutes", type=float, default=4, help="between two checkpoints")
    ask.add_argument("--measure-every", type=float, default=4, help="minutes of training between two measurements")
    ask.add_argument("--validate", type=int, default=400)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    config = json.loads(args.config.read_text())
    if args.seed is not None:
        config |= {"seed": args.seed, "name": f"{config['name']}-{args.seed}"}
    folder, device = args.runs / config["name"], prepare_device()
    folder.mkdir(parents=True, exist_ok=True)
    crops = data.read_training([args.crops] + [args.crops.with_name(name) for name in config.get("more", [])])
    (validation,) = data.read(args.crops, "val")
    crops.labels = out_of_fold(config, crops, folder, device, args.minutes)
    student = begun(config, folder, device)
    train(student, crops, validation.limit(args.validate), args.minutes, measure_every=args.measure_every)
    print(json.dumps({"run": str(folder), "best": student.best}))


if __name__ == "__main__":
    main()
