"""The same network as ONNX graphs: a model folder that any runtime can open, and graphs for the bench.

  python models/training/export_onnx.py models/lidc-prob-unet --out onnx/lidc-prob-unet

encode.onnx    image [1,1,H,W] -> base, factor, top (those that the head has), prior_mean, prior_log_sigma [1,L]
decode.onnx    these and noise [1,L] -> logits [1,1,H,W], z = mean + sigma * noise
config.json    family "onnx": what the page and the command line open

  python models/training/export_onnx.py models/lidc-prob-unet

bench/unet.onnx    image [1,1,128,128] -> features [1,C,128,128]
bench/encode.onnx  image -> features, prior_mean [1,L], prior_log_sigma [1,L]
bench/comb.onnx    features [1,C,H,W], z [N,L] -> logits [N,1,H,W], naively: tile, concat, 1x1 convolutions
"""

import argparse
import hashlib
import json
import warnings
from pathlib import Path

import onnx
import torch
import torch.nn as nn

import export


class Encode(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.unet, self.prior = net.unet, net.prior

    def forward(self, image):
        return (self.unet(image), *self.prior(image))


class NaiveComb(nn.Module):
    """z tiled over the picture and concatenated to the features, for each sample anew: as the paper draws it."""

    def __init__(self, net):
        super().__init__()
        self.comb = net.comb

    def forward(self, features, z):
        n, (height, width) = z.shape[0], (features.shape[2], features.shape[3])
        tiled = z[:, :, None, None].expand(-1, -1, height, width)
        return self.comb(torch.cat([features.expand(n, -1, -1, -1), tiled], 1))


class Look(nn.Module):
    """The head's parts and the prior of an image, in `names`' order."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.names = list(net.encode(torch.zeros(1, 1, 32, 32)))

    def forward(self, image):
        found = self.net.encode(image)
        return (*(found[name] for name in self.names), *self.net.prior_of(image))


class Draw(nn.Module):
    """One sample's logits of the parts, the prior and the noise."""

    def __init__(self, net, names):
        super().__init__()
        self.net, self.names = net, names

    def forward(self, *given):
        *parts, mean, log_sigma, noise = given
        z = mean + torch.exp(log_sigma) * noise
        return self.net.decode(dict(zip(self.names, parts)), z[:, None])


def why_not(net):
    """What of a head a graph whose only chance is z cannot hold, as a clause; None where it can."""
    if net.spacings:
        return "its local fields are noise of their own"
    if net.presence is not None or net.shift:
        return "its gate and its shift come after the graph"
    return None


def folder_of(net, config, out, size=128):
    """Writes encode.onnx, decode.onnx and config.json, whose `z` is the graph's noise."""
    out.mkdir(parents=True, exist_ok=True)
    look, image, noise = Look(net).eval(), torch.zeros(1, 1, size, size), torch.zeros(1, net.latent)
    outputs = [*look.names, "prior_mean", "prior_log_sigma"]
    graph(look, (image,), out / "encode.onnx", ["image"], outputs)
    graph(Draw(net, look.names).eval(), (*look(image), noise), out / "decode.onnx", [*outputs, "noise"], ["logits"])
    onnx_part = {
        "encode": {"file": "encode.onnx", "image": "image", "features": outputs},
        "decode": {"file": "decode.onnx", "features": outputs, "noise": "noise", "output": "logits"},
        "shape": [size, size],
        "noiseSize": net.latent,
    }
    write_config(out, config, "z", size, onnx_part)


def write_config(out, config, choice, size, onnx_part):
    """config.json of family "onnx" beside the graphs that it names (formats: docs/onnx.md)."""
    names = [onnx_part["file"]] if "file" in onnx_part else [onnx_part[half]["file"] for half in ("encode", "decode")]
    weights = []
    for name in names:
        raw = (out / name).read_bytes()
        weights.append({"file": name, "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)})
    content = {
        "version": 1,
        "name": f"{config['name']}-onnx",
        "title": f"{config['title']}, in ONNX",
        "family": "onnx",
        "choice": choice,
        "onnx": onnx_part,
        "preprocessing": {"size": size, "scaling": "min-max-8bit"},
        "threshold": config["threshold"],
        **({"smallestPart": config["smallestPart"]} if config.get("smallestPart") else {}),
        "weights": weights,
        "training": config.get("training", {}),
        "licence": config["licence"],
    }
    (out / "config.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def graph(module, inputs, path, names, outputs, dynamic=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, inputs, str(path), input_names=names, output_names=outputs,
            dynamic_axes=dynamic, opset_version=17, dynamo=False,
        )  # fmt: skip
    model = onnx.load(str(path))
    model.doc_string = ""
    for node in model.graph.node:  # no paths of the machine that wrote it
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def for_the_bench(net, folder):
    bench = Path(folder) / "bench"
    bench.mkdir(exist_ok=True)
    image = torch.zeros(1, 1, 128, 128)
    features, z = net.unet(image), torch.zeros(2, net.latent)
    graph(net.unet, (image,), bench / "unet.onnx", ["image"], ["features"])
    outputs = ["features", "prior_mean", "prior_log_sigma"]
    graph(Encode(net), (image,), bench / "encode.onnx", ["image"], outputs)
    dynamic = {"features": {2: "H", 3: "W"}, "z": {0: "N"}, "logits": {0: "N", 2: "H", 3: "W"}}
    graph(NaiveComb(net), (features, z), bench / "comb.onnx", ["features", "z"], ["logits"], dynamic)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", type=Path, help="a folder with config.json")
    ask.add_argument("--out", type=Path, help="a folder to open in the page; without it the bench's graphs are written")
    args = ask.parse_args()
    net, config = export.load(args.model)
    if args.out is None:
        return for_the_bench(net, args.model)
    cannot = "only the family prob-unet has a light half" if config["family"] != "prob-unet" else why_not(net)
    if cannot:
        ask.error(f"{config['name']} does not go into these graphs: {cannot}")
    folder_of(net, config, args.out, config["preprocessing"]["size"])


if __name__ == "__main__":
    with torch.no_grad():
        main()
