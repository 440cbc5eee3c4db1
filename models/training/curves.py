"""Curves and logs of a run, into the model's folder: curves.png, log-<objective>.csv, log-val.csv. No pictures of data.

  python models/training/curves.py --run lidc-prob-unet --out models/lidc-prob-unet
"""

import argparse
import csv
import shutil
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

HERE = Path(__file__).resolve().parent


def read(path):
    """{column: [float]} of a CSV."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return {name: [float(r[name] or "nan") for r in rows] for name in rows[0]} if rows else {}


def draw(logs, path):
    """One column of plots: loss terms, KL per axis where there is one, figures on val."""
    shown = [name for name in logs if name != "val" and logs[name]]
    kl = [name for name in shown if "kl_1" in logs[name]]
    figure, plots = plt.subplots(1, len(shown) + len(kl) + 1, figsize=(4.4 * (len(shown) + len(kl) + 1), 3.2))
    plots = iter(plots)
    for name in shown:
        plot, columns = next(plots), logs[name]
        for term in ("cross_entropy", "nll", "energy"):
            if term in columns and (term != "nll" or name == "nll"):
                plot.plot(columns["step"], columns[term], lw=1, label=term.replace("_", " "))
        plot.set(title=f"training: {name}", xlabel="step", yscale="linear" if name == "energy" else "log")
        plot.legend(frameon=False)
    for name in kl:
        plot, axis = next(plots), 1
        while f"kl_{axis}" in logs[name]:
            plot.plot(logs[name]["step"], logs[name][f"kl_{axis}"], lw=1, label=f"z{axis}")
            axis += 1
        plot.set(title="KL per axis (nats)", xlabel="step", ylim=(0, 4))
        plot.legend(frameon=False, ncol=2, fontsize=8)
    plot, columns = next(plots), logs["val"]
    for term, label in (("ged2", "GED² (n = 16)"), ("hm_iou", "HM-IoU"), ("diversity", "diversity"), ("nestedness", "nestedness")):
        plot.plot(columns["step"], columns[term], marker=".", lw=1, label=label)
    plot.set(title="a part of val", xlabel="step", ylim=(0, 1))
    plot.legend(frameon=False, fontsize=8)
    for axis in figure.axes:
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=90, metadata={"Software": None})


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--run", required=True)
    ask.add_argument("--out", type=Path, required=True)
    args = ask.parse_args()
    found = {p.stem: p for p in sorted((HERE / "runs" / args.run).glob("*.csv"))}
    for name, path in found.items():
        shutil.copyfile(path, args.out / f"log-{name}.csv")
    order = [n for n in ("elbo", "nll", "energy", "val") if n in found]
    draw({name: read(found[name]) for name in order}, args.out / "curves.png")


if __name__ == "__main__":
    main()
