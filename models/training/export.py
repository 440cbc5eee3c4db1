"""Writes a trained model's folder: weights.safetensors (fp16), config.json, golden.json and golden.bin.

  python models/training/export.py --run lidc-prob-unet --config models/training/configs/lidc-prob-unet.json --measure

--measure fills config.json's `axes` and `modes` on all of val; without it they stay as they were, or zero.
"""

import argparse
import hashlib
import json
from pathlib import Path

import torch

import data
import golden
from checkpoint import blended, read_weights, write_weights
from systems import CHOICES, System, build

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent
LICENCE = "MIT (weights); trained on LIDC-IDRI, CC BY 3.0, doi 10.7937/K9/TCIA.2015.LO9QL9SX"


def weights_entry(path, dtype="f16"):
    raw = path.read_bytes()
    return {"file": path.name, "dtype": dtype, "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)}


def load(folder, member=0):
    """The network of an exported folder in fp32 (of an ensemble: that member), with its config."""
    config = json.loads((Path(folder) / "config.json").read_text())
    net = build(config["family"], config["architecture"])
    net.load_state_dict(read_weights(Path(folder) / config["weights"][member]["file"]))
    return net.eval(), config


def open_system(folder):
    """The exported model of a folder, ready to be sampled."""
    _, config = load(folder)
    return System([load(folder, k)[0] for k in range(len(config["weights"]))], config.get("smallestPart", 0))


def describe(config, files, training, axes=None, modes=None, fields_kl=None):
    """The content of config.json, in the contract's order."""
    latent = config["architecture"]["latent"] if config["family"] == "prob-unet" else 0
    return {
        "version": 1,
        "name": config["name"],
        "title": config["title"],
        "family": config["family"],
        "choice": CHOICES[config["family"]],
        "architecture": config["architecture"],
        "preprocessing": {"size": 128, "scaling": "min-max-8bit"},
        "threshold": 0.5,
        **({"smallestPart": config["smallestPart"]} if config.get("smallestPart") else {}),
        "axes": axes or [{"kl": 0, "effect": 0}] * latent,
        **({} if fields_kl is None else {"fieldsKl": fields_kl}),
        "modes": modes or [{"effect": 0}] * min(10, latent),
        "weights": files,
        "training": training,
        "licence": LICENCE,
    }


def write(states, config, folder, training, axes=None, modes=None, fields_kl=None):
    """A complete model folder from a state dict (of an ensemble: a list); gives the network read back from the file."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(states, dict):
        files = {"weights.safetensors": states}
    else:
        files = {f"member-{k:02d}.safetensors": state for k, state in enumerate(states, 1)}
    dtype = config.get("dtype") or config.get("weights", [{"dtype": "f16"}])[0]["dtype"]
    for name, state in files.items():
        write_weights(state, folder / name, dtype)
    content = describe(config, [weights_entry(folder / name, dtype) for name in files], training, axes, modes, fields_kl)
    (folder / "config.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    net, _ = load(folder)
    made_by = f"models/training/golden.py, PyTorch {torch.__version__.split('+')[0]}, fp32 from the weights as stored ({dtype})"
    golden.write(golden.values(net), folder, made_by)
    return net


def trained(config, args):
    """(weights, what config.json says of the training) of the run's moving average; a list for an ensemble."""
    folder = args.runs / (args.run or config["name"])
    members = [folder / f"member-{k:02d}" for k in range(1, config.get("members", 0) + 1)] or [folder]
    kept = [torch.load(m / args.checkpoint, map_location="cpu") for m in members]
    states = [k[args.weights] for k in kept]
    said = {
        "data": f"LIDC-IDRI crops, split by patient: {501 if config.get('more') else 375} train, 124 val, 125 test",
        "objective": " then ".join(f"{s['objective']} at {s['size']}x{s['size']}" for s in config["stages"]),
        "command": f"python models/training/train.py --config models/training/configs/{args.config.name}",
        "steps": kept[0]["step"],
        "minutes": round(sum(k["seconds"] for k in kept) / 60, 1),
        "note": config.get("note", ""),
    }
    return (states if config.get("members") else states[0]), said


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--config", type=Path, required=True)
    ask.add_argument("--run", help="folder in runs/; the config's name by default")
    ask.add_argument("--runs", type=Path, default=HERE / "runs", help="where the runs' folders are")
    ask.add_argument("--checkpoint", default="checkpoint.pt", help="best.pt: what measured best on val on the way")
    ask.add_argument("--out", type=Path, help="model folder; models/<name> by default")
    ask.add_argument(
        "--weights",
        choices=("average", "net"),
        default="average",
        help="the moving average, or the network itself (better where a last stage is shorter than the average's memory)",
    )
    ask.add_argument("--blend", type=Path, help="weights that the run was fine-tuned from, to be blended in")
    ask.add_argument("--share", type=float, default=0.8, help="of the run's own weights where others are blended in")
    ask.add_argument("--untrained", action="store_true", help="the seeded start instead of a checkpoint")
    ask.add_argument("--measure", action="store_true", help="per-axis KL, effects and modes on val")
    ask.add_argument("--crops", type=Path, default=data.DEFAULT)
    ask.add_argument("--limit", type=int, help="measure on so many slices of val; all by default")
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    config = json.loads(args.config.read_text())
    out = args.out or MODELS / config["name"]
    if args.untrained:
        torch.manual_seed(config["seed"])
        state = build(config["family"], config["architecture"]).state_dict()
        training = {"note": "untrained: random weights"}
    else:
        state, training = trained(config, args)
        if args.blend and isinstance(state, list):
            ask.error("--blend takes a model of one network, not an ensemble")
        if args.blend:
            state = blended(state, read_weights(args.blend), args.share)
    net = write(state, config, out, training)
    if args.measure and config["family"] == "prob-unet":
        from axes import write_into

        (validation,) = data.read(args.crops, "val")
        write_into(out, net, validation.limit(args.limit))
    size = sum(p.stat().st_size for p in out.glob("*.safetensors"))
    print(json.dumps({"folder": out.name, "bytes": size}))


if __name__ == "__main__":
    main()
