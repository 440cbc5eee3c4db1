"""Converts a checkpoint of the stefanknegt/Probabilistic-Unet-Pytorch layout into a model folder of this project.

  python models/training/convert.py checkpoint.pth --name my-model --out models/my-model

That layout (github.com/stefanknegt/Probabilistic-Unet-Pytorch): a state dict of
  unet.contracting_path.{k}.layers.*, unet.upsampling_path.{k}.conv_block.layers.*      (k from the innermost up)
  prior.encoder.layers.*, prior.conv_layer.*, posterior.encoder.layers.*, posterior.conv_layer.*
  fcomb.layers.{0,2,...}.*, fcomb.last_layer.*
with one input channel, one or two classes, average pooling, and the posterior's input as (image, mask as it is).
Axis order is PyTorch's in both. Differences that matter:
- its up-blocks concatenate (upsampled, skip): the input channels of their first convolution are put the other way round;
- two classes become one logit: the last layer's second channel less its first;
- its posterior sees the mask itself, this project's sees mask - 0.5: `maskOffset` becomes 0;
- its f_comb has up to three hidden layers; fewer are filled up with identities (a ReLU of a ReLU changes nothing).

The file is a state dict or holds one (`state_dict`, `model_state_dict`, `model`, `net`), from torch.save or safetensors, in
any floating type; names may begin with `module.`, `net.`, `model.` or `_orig_mod.`. Nothing pickled is run.
"""

import argparse
import pickle
import re
import sys
from pathlib import Path

import safetensors
import safetensors.torch
import torch

import export

WRAPPERS = ("state_dict", "model_state_dict", "model", "net")
PREFIXES = ("module.", "net.", "model.", "_orig_mod.")


class UnknownLayout(ValueError):
    """The checkpoint is not of the layout above; the sentence says which part."""


class State(dict):
    """Tensors by their names; one that is not there is named."""

    def __missing__(self, name):
        raise UnknownLayout(f"it has no {name}")


def read_checkpoint(file):
    """The tensors of a checkpoint by their names, without wrappers and prefixes.

    Raises UnknownLayout where it cannot be read, holds more than tensors, or numbers that are not finite.
    """
    head = file.read_bytes()[:9]
    try:
        if head[8:9] == b"{":  # eight bytes of length, then JSON
            found = safetensors.torch.load_file(file)
        else:
            found = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise UnknownLayout("it holds pickled classes, which are not run; save its state_dict() instead") from None
    except (RuntimeError, EOFError, OSError, safetensors.SafetensorError):
        raise UnknownLayout("it is cut short or no checkpoint; copy it again") from None
    while isinstance(found, dict) and (inside := [found[k] for k in WRAPPERS if isinstance(found.get(k), dict)]):
        found = inside[0]
    if not isinstance(found, dict):
        raise UnknownLayout(f"it holds a {type(found).__name__} and no state dict")
    state = {k: v for k, v in found.items() if isinstance(v, torch.Tensor)}
    while state and (prefix := next((p for p in PREFIXES if all(k.startswith(p) for k in state)), None)):
        state = {k[len(prefix) :]: v for k, v in state.items()}
    for name, tensor in state.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise UnknownLayout(f"{name} holds values that are not finite")
    return State(state)


def _layers(state, prefix):
    """[(weight, bias)] of the convolutions under a prefix, in the order of their numbers."""
    pattern = re.compile(re.escape(prefix) + r"\.(\d+)\.weight$")
    found = sorted((int(m.group(1)), k) for k in state if (m := pattern.match(k)))
    if not found:
        raise UnknownLayout(f"it has no convolutions named {prefix}.N.weight")
    return [(state[k], state[k[: -len("weight")] + "bias"]) for _, k in found]


def _put(target, prefix, layers):
    for n, (weight, bias) in enumerate(layers):
        target[f"{prefix}.{2 * n}.weight"], target[f"{prefix}.{2 * n}.bias"] = weight, bias


def _encoder(state, source, target, found, depth):
    """The layers of an encoder lie in one list there; a block here is three convolutions."""
    layers = _layers(state, f"{source}.encoder.layers")
    if len(layers) != 3 * depth:
        raise UnknownLayout(f"{source}.encoder has {len(layers)} convolutions, wanted 3 for each of {depth} blocks")
    for k in range(depth):
        _put(found, f"{target}.down.{k}", layers[3 * k : 3 * k + 3])
    found[f"{target}.head.weight"] = state[f"{source}.conv_layer.weight"]
    found[f"{target}.head.bias"] = state[f"{source}.conv_layer.bias"]


def _comb(state, found, width):
    hidden = _layers(state, "fcomb.layers")
    if len(hidden) > 3:
        raise UnknownLayout(f"f_comb has {len(hidden)} hidden layers; at most 3 can be read")
    identity = torch.eye(width)[:, :, None, None]
    hidden += [(identity, torch.zeros(width))] * (3 - len(hidden))
    weight, bias = state["fcomb.last_layer.weight"], state["fcomb.last_layer.bias"]
    if len(weight) == 2:  # softmax over two classes is a sigmoid of their difference
        weight, bias = weight[1:] - weight[:1], bias[1:] - bias[:1]
    if len(weight) != 1:
        raise UnknownLayout(f"the last layer has {len(weight)} classes; 1 or 2 can be read")
    _put(found, "comb", [*hidden, (weight, bias)])


def convert(state):
    """(state dict with this project's names, architecture) of a state dict of that layout."""
    state = State(state)
    depth = 1 + max((int(m.group(1)) for k in state if (m := re.match(r"unet\.contracting_path\.(\d+)\.", k))), default=-1)
    if depth < 2:
        names = ", ".join(list(state)[:2]) or "no tensors"
        raise UnknownLayout(f"it is of another network: no unet.contracting_path, but {names}")
    found, channels = {}, []
    for k in range(depth):
        layers = _layers(state, f"unet.contracting_path.{k}.layers")
        if len(layers) != 3:
            raise UnknownLayout(f"a block has {len(layers)} convolutions, wanted 3")
        channels.append(len(layers[0][0]))
        _put(found, f"unet.down.{k}", layers)
    if state["unet.contracting_path.0.layers.0.weight"].shape[1] != 1:
        raise UnknownLayout("the network takes more than one input channel; a CT slice has one")
    for k in range(depth - 1):  # upsampling_path.0 is the innermost
        (weight, bias), *rest = _layers(state, f"unet.upsampling_path.{depth - 2 - k}.conv_block.layers")
        up = channels[k + 1]
        _put(found, f"unet.up.{k}", [(torch.cat([weight[:, up:], weight[:, :up]], 1), bias), *rest])
    latent = len(state["prior.conv_layer.weight"]) // 2
    for source in ("prior", "posterior"):
        _encoder(state, source, source, found, depth)
    _comb(state, found, channels[0])
    head = {"comb": True, "factor": 0, "fields": [], "fieldScale": 1.5, "envelope": False}
    architecture = {
        "channels": channels, "convsPerBlock": 3, "latent": latent, "head": head, "prior": "net", "posterior": "net",
        "combHidden": 3, "upsample": "bilinear-align-corners", "pooling": "average", "outputChannels": 1,
        "maskOffset": 0,
    }  # fmt: skip
    return {k: v.float() for k, v in found.items()}, architecture


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("--name", required=True)
    ask.add_argument("--out", type=Path, required=True)
    args = ask.parse_args()
    try:
        weights, architecture = convert(read_checkpoint(args.checkpoint))
    except (UnknownLayout, OSError) as error:
        print(f"{args.checkpoint.name}: {error}.", file=sys.stderr)
        sys.exit(2)
    config = {"name": args.name, "title": args.name, "family": "prob-unet", "architecture": architecture}
    export.write(weights, config, args.out, {"note": f"converted from {args.checkpoint.name}"})


if __name__ == "__main__":
    main()
