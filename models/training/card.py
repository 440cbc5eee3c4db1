"""Puts an evaluation's figures into a model's card, between <!-- figures --> and <!-- /figures -->.

  python models/training/evaluate.py models/lidc-prob-unet --split test --counts 1,4,8,100,16 --out test.json
  python models/training/card.py models/lidc-prob-unet test.json
"""

import json
import sys
from pathlib import Path


def cell(value, interval=None):
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({interval[0]:.3f}–{interval[1]:.3f})" if interval else "")


def table(found, config):
    """Markdown of evaluate.py's JSON and of config.json's axes and modes."""
    n = found["count"]
    rows = {int(k[3:]): found[k] for k in found if k.startswith("at_")} | {n: found}
    lines = [f"{found['cases']} slices; 95 % intervals by resampling patients.", ""]
    lines += ["| samples | GED² (biased) | HM-IoU | diversity | nestedness |", "| --- | --- | --- | --- | --- |"]
    for m in sorted(rows):
        r = rows[m]
        shown = [cell(r["ged2"], r.get("ged2_interval"))] + [cell(r[k]) for k in ("hm_iou", "diversity", "nestedness")]
        lines.append(f"| {m} | " + " | ".join(shown) + " |")
    lines += ["", f"At n = {n}: nestedness {cell(found['nestedness'])} beside the graders' own "
              f"{cell(found['graders_nestedness'])}; mean distance to a grader E d(S,Y) {cell(found['expected_distance'])}; "
              f"broken outlines (in parts, or a crescent) {cell(found['broken'])} beside {cell(found['graders_broken'])}; "
              f"Dice of the mean against the four slots {cell(found['dice'], found.get('dice_interval'))}; foreground ECE "
              f"{cell(found['ece'])}; HM-IoU {cell(found['hm_iou'], found.get('hm_iou_interval'))}.", ""]  # fmt: skip
    lines += ["| graders who drew | GED² |", "| --- | --- |"]
    lines += [f"| {k} | {cell(v)} |" for k, v in found["ged2_by_graders"].items()]
    if config["axes"]:
        lines += ["", "Measured on `val`:", "", "| | KL (nats) | effect | live |", "| --- | --- | --- | --- |"]
        for k, axis in enumerate(config["axes"], 1):
            live = "yes" if axis["kl"] >= 0.1 and axis["effect"] >= 0.05 else "no"
            lines.append(f"| z{k} | {axis['kl']:.3f} | {axis['effect']:.3f} | {live} |")
        if "fieldsKl" in config:
            lines.append(f"| local fields, given z | {config['fieldsKl']:.3f} | | |")
        for k, mode in enumerate(config["modes"], 1):
            lines.append(f"| mode {k} | | {mode['effect']:.3f} | {'yes' if mode['effect'] >= 0.1 else 'no'} |")
    return "\n".join(lines)


def main(folder, figures):
    card, config = Path(folder) / "README.md", json.loads((Path(folder) / "config.json").read_text())
    before, rest = card.read_text().split("<!-- figures -->")
    after = rest.split("<!-- /figures -->")[1]
    text = table(json.loads(Path(figures).read_text()), config)
    card.write_text(f"{before}<!-- figures -->\n{text}\n<!-- /figures -->{after}")


if __name__ == "__main__":
    main(*sys.argv[1:])
