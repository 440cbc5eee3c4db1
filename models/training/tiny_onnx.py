"""Tiny networks in ONNX for the tests of other languages: python models/training/tiny_onnx.py tests/golden/onnx

halves/      tiny-prob-unet by export_onnx.py, encode and decode
foreign/     a small U-Net of nobody's here: its dropout's mask is the sign of its noise; one graph, probabilities,
             any H and W
half/        the same in float16, of one size
member/      three fixed heads, one of which a one-hot noise takes
lying/       the same, whose logits are called probabilities

Beside each `golden.json` and `golden.bin`: an image [H,W], noise [4,L] and what PyTorch makes of them, logits [4,H,W].
"""

import copy
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import export_onnx
from network import GraderNet
from tiny import TINY, seeded

SIZE = 32


class Foreign(nn.Module):
    """Two levels, 4 and 8 channels; half of the inner channels are dropped, by the noise of each."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 4, 3, padding=1)
        self.inner = nn.Conv2d(4, 8, 3, padding=1)
        self.up = nn.Conv2d(12, 1, 3, padding=1)

    def logits(self, image, noise):
        outer = F.leaky_relu(self.down(image))
        inner = F.leaky_relu(self.inner(F.max_pool2d(outer, 2)))
        kept = inner * (noise > 0).to(image.dtype)[:, :, None, None] * 2
        return self.up(torch.cat([outer, F.interpolate(kept, scale_factor=2, mode="nearest")], 1))

    def forward(self, image, noise):
        return torch.sigmoid(self.logits(image, noise))


class Members(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.Conv2d(1, 3, 3, padding=1)

    def forward(self, image, noise):
        return (self.heads(image) * noise[:, :, None, None]).sum(1, keepdim=True)


def scaled(net, seed):
    torch.manual_seed(seed)
    for parameter in net.parameters():
        nn.init.normal_(parameter, std=3.0 / max(1, parameter[0].numel()) ** 0.5)
    return net.eval()


def write_golden(out, image, noise, logits):
    """As models/training/golden.py: float32 arrays after each other, their shapes and offsets in the JSON."""
    tensors, offset, parts = {}, 0, []
    for name, values in {"input": image, "noise": noise, "logits": logits}.items():
        array = np.ascontiguousarray(values.numpy(), np.float32)
        tensors[name] = {"shape": list(array.shape), "offset": offset}
        offset += array.nbytes
        parts.append(array.tobytes())
    (out / "golden.bin").write_bytes(b"".join(parts))
    made_by = f"models/training/tiny_onnx.py, PyTorch {torch.__version__.split('+')[0]}, fp32"
    (out / "golden.json").write_text(json.dumps({"madeBy": made_by, "file": "golden.bin", "tensors": tensors}, indent=1) + "\n")


def config_of(name):
    return {"name": name, "title": name, "threshold": 0.5, "licence": "MIT; random numbers, trained on nothing"}


def one_graph(net, out, choice, noise_size, output, logits, dtype=torch.float32, dynamic=None):
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(3)
    image = torch.rand(SIZE, SIZE)
    noise = torch.eye(noise_size) if choice == "member" else torch.randn(4, noise_size)
    written = copy.deepcopy(net).to(dtype)
    given = (image[None, None].to(dtype), noise[:1].to(dtype))
    export_onnx.graph(written, given, out / "network.onnx", ["image", "noise"], [output], dynamic)
    part = {"file": "network.onnx", "output": output, "shape": [SIZE, SIZE], "noiseSize": noise_size}
    export_onnx.write_config(out, config_of(out.name), choice, SIZE, part)
    write_golden(out, image, noise, torch.cat([logits(image[None, None], one[None])[0] for one in noise]))


def main(folder):
    net = GraderNet(TINY["tiny-prob-unet"])
    net.load_state_dict(seeded(TINY["tiny-prob-unet"], 7))
    net.eval()
    out = folder / "halves"
    export_onnx.folder_of(net, config_of("halves"), out, SIZE)
    torch.manual_seed(2)
    image, noise = torch.rand(1, 1, SIZE, SIZE), torch.randn(4, net.latent)
    mean, log_sigma = net.prior_of(image)
    z = mean + torch.exp(log_sigma) * noise
    write_golden(out, image[0, 0], noise, net.decode(net.encode(image), z[None])[0])
    foreign = scaled(Foreign(), 5)
    any_size = {"image": {2: "H", 3: "W"}, "probabilities": {2: "H", 3: "W"}}
    one_graph(foreign, folder / "foreign", "z", 8, "probabilities", foreign.logits, dynamic=any_size)
    one_graph(foreign, folder / "half", "z", 8, "probabilities", foreign.logits, torch.float16)
    members = scaled(Members(), 6)
    one_graph(members, folder / "member", "member", 3, "logits", members)
    one_graph(members, folder / "lying", "member", 3, "probabilities", members)


if __name__ == "__main__":
    with torch.no_grad():
        main(Path(sys.argv[1]))
