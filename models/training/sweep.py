"""The sweep behind the README's table: one recipe in variants, each with the same budget, data and seeds.

  python models/training/sweep.py                    every row that is not yet in runs/sweep/
  python models/training/sweep.py --only c-fields    that row
  python models/training/sweep.py --table            the table and curves of the rows that are there

Trained and measured on the centres of the crops (configs/sweep.json says how large), which costs a quarter.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch

import axes
import data
from evaluate import by_slice, report
from systems import System
from train import Run, prepare_device, train

HERE = Path(__file__).resolve().parent
COLUMNS = ("ged2", "hm_iou", "diversity", "nestedness", "live_axes", "live_modes", "dice", "ece", "best", "raw", "minutes")
TITLES = ("GED²", "HM-IoU", "diversity", "nestedness", "live axes", "live modes", "Dice", "ECE", "best on the way", "not averaged", "minutes")  # fmt: skip


def config_of(spec, run):
    """The training config of one row: the base, its head, its stages, and what it changes in them."""
    config = copy.deepcopy(spec["base"]) | run.get("config", {})
    a = config["architecture"]
    for change in (spec["heads"][run["head"]], run.get("architecture", {})):
        a |= {k: v for k, v in change.items() if k != "head"}
        a["head"] |= change.get("head", {})
    stages = copy.deepcopy(spec["stages"][run["stages"]])
    return config | {"name": run["name"], "stages": [stage | run.get("stage", {}) for stage in stages]}


@torch.no_grad()
def latent_life(net, crops, batch=20):
    """(live axes, live modes) over the slices with a mark. Without a posterior an axis lives by its effect alone."""
    kl, by_axis, by_mode = [], [], []
    known = net.posterior is not None or net.comb is None
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        parts, marked = net.parts(net.unet(images)), masks.bool().flatten(1).any(1)
        a, m = axes.effects(net, images, parts=parts)
        by_axis.append(a[marked])
        by_mode.append(m[marked])
        if known:
            kl.append(axes.kl_per_axis(net, images, masks, parts).flatten(0, 1))
    a, m = (torch.cat(t).mean(0) for t in (by_axis, by_mode))
    lives = (a >= 0.05) & (torch.cat(kl).mean(0) >= 0.1) if known else a >= 0.05
    return int(lives.sum()), int((m >= 0.1).sum())


def on_cpu(net):
    """A copy to measure: measures are taken on the CPU, whatever device the training is on."""
    return copy.deepcopy(net).cpu()


def measured(net, crops):
    """The report of a network on the CPU."""
    values, calibration, _ = by_slice(System([net.eval()]), crops, [16], 0, 20, kl=False)
    return report(values, calibration, None, [16])


def run_row(spec, run, folder, crops, validation):
    """Trains one row and writes row.json: figures at the end, and GED² at each of the points on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = Run(config_of(spec, run), folder, prepare_device())
    curve = []
    for point in range(1, spec["points"] + 1):
        at = spec["budget"] * point // spec["points"]
        train(trained, crops, None, minutes=1e9, quiet=True, stop_at=at)
        found = measured(on_cpu(trained.average), validation)
        curve.append([at, found["ged2"], found["nestedness"]])
    axis, mode = latent_life(on_cpu(trained.average), validation)
    row = {"name": run["name"], "says": run["says"], **{k: found[k] for k in ("ged2", "hm_iou", "diversity", "nestedness", "dice", "ece")}}  # fmt: skip
    row |= {"live_axes": axis, "live_modes": mode, "minutes": round(trained.seconds / 60, 1), "curve": curve}
    row |= {"best": min(g for _, g, _ in curve), "raw": measured(on_cpu(trained.net), validation)["ged2"]}
    (folder / "row.json").write_text(json.dumps(row, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps({k: row[k] for k in ("name", *COLUMNS)}), flush=True)


def cell(column, value):
    """A figure as the table shows it; – where there is none."""
    if value is None:
        return "–"
    return f"{value:.3f}".lstrip("0") if isinstance(value, float) and column != "minutes" else str(value)


def table(rows):
    """The rows as Markdown."""
    lines = ["| | " + " | ".join(TITLES) + " |", "| --- |" + " --- |" * len(TITLES)]
    for row in rows:
        lines.append(f"| `{row['name']}` {row['says']} | " + " | ".join(cell(c, row[c]) for c in COLUMNS) + " |")
    return "\n".join(lines)


def draw(rows, path):
    """GED² on the way, one plot for each letter of the sweep."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    groups = sorted({row["name"][0] for row in rows})
    figure, plots = plt.subplots(1, len(groups), figsize=(4.2 * len(groups), 3.4), sharey=True, squeeze=False)
    for plot, group in zip(plots[0], groups):
        for row in (r for r in rows if r["name"][0] == group):
            steps, ged2, _ = zip(*row["curve"])
            plot.plot(steps, ged2, marker=".", lw=1, label=row["name"])
        plot.set(xlabel="step", title=f"({group})")
        plot.legend(frameon=False, fontsize=8)
        plot.spines[["top", "right"]].set_visible(False)
    plots[0][0].set(ylabel="GED² (biased, n = 16), centres of val")
    figure.tight_layout()
    figure.savefig(path, dpi=90, metadata={"Software": None})


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--spec", type=Path, default=HERE / "configs" / "sweep.json")
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--only", help="names of rows, with commas")
    ask.add_argument("--table", action="store_true")
    ask.add_argument("--limit", type=int, default=200, help="slices of val to measure on")
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    spec = json.loads(args.spec.read_text())
    folder = HERE / "runs" / "sweep"
    if args.table:
        files = [folder / run["name"] / "row.json" for run in spec["runs"]]
        rows = [json.loads(f.read_text()) for f in files if f.exists()]
        draw(rows, HERE / "sweep.png")
        print(table(rows))
        return
    crops, validation = data.read(args.crops, "train", "val")
    validation = validation.limit(args.limit).centre(spec["size"])
    wanted = args.only.split(",") if args.only else [run["name"] for run in spec["runs"]]
    for run in spec["runs"]:
        if run["name"] in wanted and not (folder / run["name"] / "row.json").exists():
            run_row(spec, run, folder / run["name"], crops, validation)


if __name__ == "__main__":
    main()
