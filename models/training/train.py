"""Trains a model by its config, in stages, and resumes.

  python models/training/train.py --config models/training/configs/lidc-prob-unet.json
  python models/training/train.py --config ... --resume
  python models/training/train.py --config ... --init models/lidc-prob-unet/weights.safetensors

The random numbers of a step depend on (seed, step) alone, so a resumed run equals an unbroken one, and so does one whose
batches are shared among processes:

  torchrun --nproc-per-node 2 --max-restarts 3 models/training/train.py --config ...

A rank that is lost takes the others with it, and torchrun starts all of them again from the last checkpoint.
"""

import argparse
import csv
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch

import augment
import data
import ranks
from checkpoint import read_weights
from measures import hard, per_case
from systems import build, draw, loss as loss_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def precision(device):
    """bf16 where the machine has units for it (a CUDA device, a CPU with avx512_bf16 or amx_bf16), else fp32."""
    if device.type == "cuda":
        return torch.bfloat16
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    return torch.bfloat16 if "avx512_bf16" in flags or "amx_bf16" in flags else torch.float32


def prepare_device():
    """The CUDA device where there is one, else the CPU; lets cuDNN choose its kernels by trying them."""
    torch.backends.cudnn.benchmark = True  # the shapes of a stage never change
    if not torch.cuda.is_available():
        return torch.device("cpu")
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    torch.cuda.set_device(device)
    return device


def figures(net, crops, count=16, seed=0, batch=20, smallest=0):
    """GED^2 (biased), HM-IoU, diversity, nestedness, presence on `crops`, hard masks at 0.5, n = `count`."""
    found = {}
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        generator = torch.Generator().manual_seed(seed * 1_000_003 + first)
        probabilities = draw(net, images, count, generator)
        for name, values in per_case(hard(probabilities, smallest), masks.to(probabilities.device)).items():
            found.setdefault(name, []).append(values)
    return {name: float(np.nanmean(np.concatenate(values))) for name, values in found.items()}


class Run:
    """The state of a training: weights, their moving average, optimiser, place in the schedule."""

    def __init__(self, config, folder, device):
        self.config, self.folder, self.device = config, folder, device
        torch.manual_seed(config["seed"])
        diagonal = any(s.get("pixel_noise") for s in config["stages"])
        layout = {"device": device, "memory_format": torch.channels_last}
        self.net = build(config["family"], config["architecture"], diagonal).to(**layout)
        self.average = build(config["family"], config["architecture"], diagonal).to(**layout)
        self.average.load_state_dict(self.net.state_dict())
        self.adam = torch.optim.AdamW(self.net.parameters(), lr=0.0, weight_decay=config.get("weight_decay", 1e-5))
        self.dtype = torch.float32 if config.get("precision") == "fp32" else precision(device)
        self.teachers, self.odds = {}, {}
        self.step = self.stage = self.stage_step = 0
        self.stage_seconds = self.seconds = 0.0
        self.best = math.inf  # the lowest GED^2 on the validation slices so far

    def start_from(self, file):
        """Takes every weight of an exported file that this network has; says which it had to start anew."""
        found = read_weights(file)
        own = self.net.state_dict()
        odd = [k for k in found if k in own and found[k].shape != own[k].shape]
        if odd:
            raise ValueError(f"{file}: {odd[0]} is {list(found[odd[0]].shape)}, wanted {list(own[odd[0]].shape)}")
        missing, unused = self.net.load_state_dict(found, strict=False)
        self.average.load_state_dict(self.net.state_dict())
        print(json.dumps({"init": str(file), "anew": missing, "unused": unused}), flush=True)

    def save(self, name="checkpoint.pt"):
        if ranks.rank() > 0:
            return
        kept = {k: getattr(self, k) for k in ("step", "stage", "stage_step", "stage_seconds", "seconds")}
        kept |= {"net": self.net.state_dict(), "average": self.average.state_dict(), "adam": self.adam.state_dict()}
        kept |= {"architecture": self.config["architecture"]}
        kept |= {"best": self.best}
        torch.save(kept, self.folder / "checkpoint.tmp")
        os.replace(self.folder / "checkpoint.tmp", self.folder / name)

    def load(self):
        kept = torch.load(self.folder / "checkpoint.pt", map_location=self.device)
        for part in ("net", "average", "adam"):
            getattr(self, part).load_state_dict(kept.pop(part))
        kept.pop("architecture")
        kept.setdefault("best", math.inf)
        for name, value in kept.items():
            setattr(self, name, value)

    def progress(self, stage):
        """How much of the stage is done, by steps or, where it has a time limit, by seconds."""
        done = self.stage_step / stage["steps"]
        return max(done, self.stage_seconds / stage["seconds"]) if "seconds" in stage else done

    def learning_rate(self, stage):
        """A cosine from lr[0] to lr[1] over the stage, with a linear warm-up."""
        high, low = stage["lr"]
        fall = low + (high - low) * 0.5 * (1 + math.cos(math.pi * min(1, self.progress(stage))))
        return fall * min(1, (self.stage_step + 1) / max(1, stage.get("warmup", 0)))

    def warmed(self, stage):
        """The stage with its beta of this step: it rises from 0 over `beta_warmup` steps, where that is asked for."""
        rise = min(1, self.stage_step / stage["beta_warmup"]) if "beta_warmup" in stage else 1
        return stage | {"beta": stage["beta"] * rise} if "beta" in stage else stage

    @torch.no_grad()
    def refresh_prior(self, crops):
        """Rescales z by what the average's prior says on 16 slices, and starts the prior anew, in both networks."""
        images, _ = crops.take(np.arange(16) * len(crops) // 16)
        mean, log_sigma = self.average.prior_of(images.to(self.device))
        self.net.load_state_dict(self.average.state_dict())
        for net in (self.net, self.average):
            net.refresh_prior(mean.mean(0), log_sigma.mean(0).exp())

    def teacher(self, stage):
        """The network that a stage distils, read once: the exported weights it names, with this run's own head."""
        if "distil" not in stage:
            return None
        file = stage["distil"]["weights"]
        if file not in self.teachers:
            net = build(self.config["family"], self.config["architecture"]).to(self.device)
            missing, _ = net.load_state_dict(read_weights(ROOT / file), strict=False)
            if missing:
                raise ValueError(f"{file} has no {missing[0]}")
            self.teachers[file] = net.eval().to(memory_format=torch.channels_last)
        return self.teachers[file]

    def pick(self, crops, stage, generator):
        """The slices [batch] of a step: all alike, or by the stage's `balance` and `shares`; none twice."""
        if "balance" not in stage and "shares" not in stage:
            return torch.randperm(len(crops), generator=generator)[: stage["batch"]].numpy()
        if self.stage not in self.odds:
            shares = {int(k): v for k, v in stage.get("shares", {}).items()}
            self.odds[self.stage] = torch.from_numpy(crops.weights(stage.get("balance", 0.0), shares))
        return torch.multinomial(self.odds[self.stage], stage["batch"], generator=generator).numpy()

    def hold(self, stage):
        """Holds everything fast but the modules that a stage's `only` names; everything learns without it."""
        for name, parameter in self.net.named_parameters():
            parameter.requires_grad_("only" not in stage or name.split(".")[0] in stage["only"])

    def train_step(self, crops, stage):
        self.hold(stage)
        if self.stage_step == 0 and stage.get("restart"):
            self.adam.state.clear()  # where a stage clips elsewhere, the old second moments would be off by its square
        if self.stage_step == 0 and stage.get("refresh_prior"):
            self.refresh_prior(crops)
        generator = torch.Generator().manual_seed(self.config["seed"] * 1_000_003 + self.step)
        pick = self.pick(crops, stage, generator)
        change = augment.KINDS[stage.get("augment", True)]
        images, masks = (t.to(self.device) for t in crops.take(pick))
        slots = masks.shape[1]
        if "labels" in stage:
            masks = torch.cat([masks, crops.take_labels(pick).to(self.device)], 1)
        images, masks = change(images, masks, stage["size"], generator)
        images, masks = ranks.own_rows(images), ranks.own_rows(masks)
        generator = ranks.Share(generator, ranks.rank(), ranks.count())
        masks, labels = masks[:, :slots], masks[:, slots:] if "labels" in stage else None
        images = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
            loss, shown = loss_of(self.net, images, masks, self.warmed(stage), generator, self.teacher(stage), labels)
        for group in self.adam.param_groups:
            group["lr"] = self.learning_rate(stage)
            group["weight_decay"] = stage.get("weight_decay", self.config.get("weight_decay", 1e-5))
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        ranks.average_gradients(self.net.parameters())
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), stage.get("clip", 100.0))
        if torch.isfinite(norm):  # a step without a finite gradient is skipped
            self.adam.step()
        self.step += 1
        self.stage_step += 1
        keep = min(stage.get("average", self.config.get("average", 0.999)), (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            own, mean = list(self.net.state_dict().values()), list(self.average.state_dict().values())
            torch._foreach_lerp_(mean, own, 1 - keep)
        return {"loss": loss.detach(), "gradient": norm, **shown}


class Log:
    """A CSV that takes its columns from its first row."""

    def __init__(self, path, fresh):
        self.path = path
        if fresh and path.exists():
            path.unlink()

    def add(self, row):
        new = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            if new:
                writer.writeheader()
            writer.writerow(row)


def flat(shown):
    """{name: tensor} as plain numbers; a vector becomes name_1, name_2, ..."""
    row = {}
    for name, value in shown.items():
        value = torch.as_tensor(value).float().cpu()
        if value.ndim:
            row |= {f"{name}_{k + 1}": round(float(v), 5) for k, v in enumerate(value)}
        else:
            row[name] = round(float(value), 5)
    return row


def train(run, crops, validation, minutes=4.0, quiet=False, stop_at=None, measure_every=None):
    """Runs all stages to their end (or to step `stop_at`); saves every few `minutes`.

    Measures every `measure_every` minutes of training (as often as it saves, by default). What measured best on the way
    is kept in best.pt: the stopping is early in hindsight.
    """
    fresh = run.step == 0
    stages = run.config["stages"]
    logs = {}

    def log(name):
        if ranks.rank() > 0:
            return None
        if name not in logs:
            logs[name] = Log(run.folder / f"{name}.csv", fresh)
        return logs[name]

    def measure():
        if validation is None or ranks.rank() > 0:
            return
        found = figures(run.average, validation, smallest=run.config.get("smallestPart", 0))
        row = {"step": run.step, "minutes": round(run.seconds / 60, 2), **flat(found)}
        log("val").add(row)
        print(json.dumps(row), flush=True)
        if found["ged2"] < run.best:
            run.best = found["ged2"]
            run.save("best.pt")

    last, sums, since = time.monotonic(), {}, time.monotonic()
    measured = run.seconds
    while run.stage < len(stages):
        stage = stages[run.stage]
        name = stage["objective"]
        train_log = log(name)
        if run.progress(stage) >= 1:
            run.stage, run.stage_step, run.stage_seconds = run.stage + 1, 0, 0.0
            continue
        if stop_at is not None and run.step >= stop_at:
            break
        shown = run.train_step(crops, stage)
        now = time.monotonic()
        took = ranks.agreed(now - last, run.device)
        run.stage_seconds += took
        run.seconds += took
        last = now
        for key, value in shown.items():
            sums.setdefault(key, []).append(torch.as_tensor(value).detach().float())  # fetched when a row is written
        if run.step % run.config.get("log_every", 20) == 0:
            row = {"step": run.step, "minutes": round(run.seconds / 60, 2), "lr": run.learning_rate(stage)}
            row |= flat({k: ranks.over_ranks(torch.stack(v).mean(0)) for k, v in sums.items()})
            sums = {}
            if train_log is not None:
                train_log.add(row)
            if train_log is not None and not quiet:
                print(json.dumps(row), flush=True)
        if now - since > 60 * minutes:
            run.save()
            if run.seconds - measured >= 60 * (measure_every or 0):
                measure()
                measured = run.seconds
            last = since = time.monotonic()  # measuring is not training time
    run.save()
    measure()
    run.save()


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--config", type=Path, required=True)
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--run", help="folder in runs/; the config's name by default")
    ask.add_argument("--runs", type=Path, default=HERE / "runs", help="where the runs' folders are")
    ask.add_argument("--init", type=Path, help="exported weights to start from")
    ask.add_argument("--seed", type=int, help="in place of the config's")
    ask.add_argument("--member", type=int, help="of an ensemble, from 1: a run and a seed of its own")
    ask.add_argument("--resume", action="store_true")
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--minutes", type=float, default=4, help="between two checkpoints")
    ask.add_argument("--measure-every", type=float, help="minutes between two measurements; as for checkpoints by default")
    ask.add_argument("--validate", type=int, default=100, help="slices of val to measure on while training")
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    config = json.loads(args.config.read_text())
    folder = args.runs / (args.run or config["name"])
    if args.seed is not None:
        config["seed"] = args.seed
    if args.member:
        config["seed"] += args.member
        folder /= f"member-{args.member:02d}"
    folder.mkdir(parents=True, exist_ok=True)
    device = prepare_device()
    ranks.join(device)
    run = Run(config, folder, device)
    if args.resume or (ranks.was_restarted() and (folder / "checkpoint.pt").exists()):
        run.load()
    elif args.init:
        run.start_from(args.init)
    crops = data.read_training([args.crops] + [args.crops.with_name(name) for name in config.get("more", [])])
    (validation,) = data.read(args.crops, "val")
    train(run, crops, validation.limit(args.validate), args.minutes, measure_every=args.measure_every)
    ranks.leave()


if __name__ == "__main__":
    main()
