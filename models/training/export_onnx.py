"""The same network as ONNX graphs, for the bench that compares runtimes; written from an exported model folder.

  python models/training/export_onnx.py models/lidc-prob-unet

bench/unet.onnx    image [1,1,128,128] -> features [1,C,128,128]
bench/encode.onnx  image -> features, prior_mean [1,L], prior_log_sigma [1,L]
bench/comb.onnx    features [1,C,H,W], z [N,L] -> logits [N,1,H,W], naively: tile, concat, 1x1 convolutions
"""

import sys
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


def main(folder):
    net, _ = export.load(folder)
    bench = Path(folder) / "bench"
    bench.mkdir(exist_ok=True)
    image = torch.zeros(1, 1, 128, 128)
    features, z = net.unet(image), torch.zeros(2, net.latent)
    graph(net.unet, (image,), bench / "unet.onnx", ["image"], ["features"])
    outputs = ["features", "prior_mean", "prior_log_sigma"]
    graph(Encode(net), (image,), bench / "encode.onnx", ["image"], outputs)
    dynamic = {"features": {2: "H", 3: "W"}, "z": {0: "N"}, "logits": {0: "N", 2: "H", 3: "W"}}
    graph(NaiveComb(net), (features, z), bench / "comb.onnx", ["features", "z"], ["logits"], dynamic)


if __name__ == "__main__":
    with torch.no_grad():
        main(sys.argv[1])
