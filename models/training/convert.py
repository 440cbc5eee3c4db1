"""Converts a checkpoint of a public Probabilistic U-Net in PyTorch into a model folder of this project.

  python models/training/convert.py checkpoint.pth --name my-model --out models/my-model

Two layouts, told by their names (k from the outermost down, but for the way up, which counts from the innermost):

stefanknegt/Probabilistic-Unet-Pytorch; the same names in gigantenbein/UNet-Zoo (not its reversible blocks), in
ishaanb92/GeneralizedProbabilisticUNet (one label channel, without its norm) and mvrl/Probabilistic_UNet:
  unet.contracting_path.{k}.layers.*, unet.upsampling_path.{k}.conv_block.layers.*
  prior.encoder.layers.*, prior.conv_layer.*, posterior.encoder.layers.*, posterior.conv_layer.*
  fcomb.layers.{0,2,...}.*, fcomb.last_layer.*
RanWeisberg/prob-unet-consensus-selection:
  unet.encoder_blocks.{k}.block.*, unet.decoder_blocks.{k}.block.*
  prior_net.blocks.{k}.block.*, prior_net.head.*, posterior_net.blocks.{k}.block.*, posterior_net.head.*
  fcomb.layers.{0,2,...}.*, the last of which gives the classes

Both with one input channel, one or two classes, three convolutions a block, average pooling, and the posterior's input
as (image, mask as it is). Axis order is PyTorch's in both. Differences that matter:
- their up-blocks concatenate (upsampled, skip): the input channels of their first convolution are put the other way round;
- two classes become one logit: the last layer's second channel less its first;
- their posteriors see the mask itself, this project's sees mask - 0.5: `maskOffset` becomes 0;
- their f_comb has up to three hidden layers; fewer are filled up with identities (a ReLU of a ReLU changes nothing);
- the second layout has the log of the variance where this project has that of sigma, which is half of it; and its way up
  does not align corners, unless the settings in its checkpoint, or --align-corners, say so.

The file is a state dict or holds one (`state_dict`, `model_state_dict`, `model`, `net`), from torch.save or safetensors, in
any floating type; names may begin with `module.`, `net.`, `model.` or `_orig_mod.`. Nothing pickled is run. Any other
network can be opened as ONNX (docs/onnx.md).
"""

import argparse
import json
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


ONNX = "any network can be opened as ONNX, see docs/onnx.md"


class State(dict):
    """Tensors by their names; one that is not there is named. `aligned`: what the checkpoint says of corners, or None."""

    aligned = None

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
    aligned = _aligned(found)
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
    state = State(state)
    state.aligned = aligned
    return state


def _aligned(found):
    """`model.align_corners` of the settings that a checkpoint of the second layout holds as JSON; None where it has none."""
    try:
        return bool(json.loads(found["config_json"])["model"]["align_corners"])
    except (KeyError, TypeError, ValueError):
        return None


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


def _blocks(layers, depth, what):
    """Three convolutions a block, of layers that lie in one list."""
    if len(layers) != 3 * depth:
        raise UnknownLayout(f"{what} has {len(layers)} convolutions, wanted 3 for each of {depth} blocks")
    return [layers[3 * k : 3 * k + 3] for k in range(depth)]


def _depth(state, pattern):
    return 1 + max((int(m.group(1)) for k in state if (m := re.match(pattern, k))), default=-1)


def _knegt(state):
    """The parts of the first layout: blocks on the way down and up, (blocks, head) of prior and posterior, f_comb."""
    depth = _depth(state, r"unet\.contracting_path\.(\d+)\.")
    encoders = [
        (_blocks(_layers(state, f"{net}.encoder.layers"), depth, f"{net}.encoder"), f"{net}.conv_layer")
        for net in ("prior", "posterior")
    ]
    return {
        "down": [_layers(state, f"unet.contracting_path.{k}.layers") for k in range(depth)],
        "up": [_layers(state, f"unet.upsampling_path.{k}.conv_block.layers") for k in range(depth - 1)],
        "encoders": [(blocks, (state[f"{head}.weight"], state[f"{head}.bias"])) for blocks, head in encoders],
        "comb": [*_layers(state, "fcomb.layers"), (state["fcomb.last_layer.weight"], state["fcomb.last_layer.bias"])],
        "upsample": "bilinear-align-corners",
    }


def _weisberg(state):
    """The same of the second layout."""
    depth = _depth(state, r"unet\.encoder_blocks\.(\d+)\.")
    encoders = []
    for net in ("prior_net", "posterior_net"):
        weight, bias = state[f"{net}.head.weight"].clone(), state[f"{net}.head.bias"].clone()
        latent = len(weight) // 2
        weight[latent:], bias[latent:] = weight[latent:] / 2, bias[latent:] / 2  # log of the variance -> log of sigma
        blocks = [_layers(state, f"{net}.blocks.{k}.block") for k in range(depth)]
        encoders.append((blocks, (weight, bias)))
    return {
        "down": [_layers(state, f"unet.encoder_blocks.{k}.block") for k in range(depth)],
        "up": [_layers(state, f"unet.decoder_blocks.{k}.block") for k in range(depth - 1)],
        "encoders": encoders,
        "comb": _layers(state, "fcomb.layers"),
        "upsample": "bilinear-align-corners" if state.aligned else "bilinear-half-pixel",
    }


def _comb(comb, found, width, latent):
    *hidden, (weight, bias) = comb
    if len(hidden) > 3:
        raise UnknownLayout(f"f_comb has {len(hidden)} hidden layers; at most 3 can be read")
    if not hidden or hidden[0][0].shape[:2] != (width, width + latent):
        raise UnknownLayout(f"f_comb does not take {width} features and a z of {latent} to {width} channels")
    identity = torch.eye(width)[:, :, None, None]
    hidden += [(identity, torch.zeros(width))] * (3 - len(hidden))
    if len(weight) == 2:  # softmax over two classes is a sigmoid of their difference
        weight, bias = weight[1:] - weight[:1], bias[1:] - bias[:1]
    if len(weight) != 1:
        raise UnknownLayout(f"the last layer has {len(weight)} classes; 1 or 2 can be read")
    _put(found, "comb", [*hidden, (weight, bias)])


def convert(state):
    """(state dict with this project's names, architecture) of a state dict of one of these layouts."""
    if not isinstance(state, State):
        state = State(state)
    normalised = next((k for k in state if k.endswith("running_mean")), None)
    if normalised:
        raise UnknownLayout(f"it normalises batches ({normalised}), which no block here does; {ONNX}")
    if any(k.startswith("unet.contracting_path.") for k in state):
        parts = _knegt(state)
    elif any(k.startswith("unet.encoder_blocks.") for k in state):
        parts = _weisberg(state)
    else:
        names = ", ".join(list(state)[:2]) or "no tensors"
        raise UnknownLayout(
            f"it is of another network: no unet.contracting_path and no unet.encoder_blocks, but {names}; {ONNX}"
        )
    return _converted(parts)


def _converted(parts):
    found, depth = {}, len(parts["down"])
    (prior, prior_head), (posterior, posterior_head) = parts["encoders"]
    for block in (*parts["down"], *parts["up"], *prior, *posterior):
        if len(block) != 3:
            raise UnknownLayout(f"a block has {len(block)} convolutions, wanted 3; {ONNX}")
    inputs = [blocks[0][0][0].shape[1] for blocks in (parts["down"], prior, posterior)]
    if inputs[0] != 1 or inputs[1] != 1:
        raise UnknownLayout("the network takes more than one input channel; a CT slice has one")
    if inputs[2] != 2:
        raise UnknownLayout(f"the posterior takes {inputs[2] - 1} masks at once; here it takes one")
    channels = [len(block[0][0]) for block in parts["down"]]
    for k in range(depth):
        _put(found, f"unet.down.{k}", parts["down"][k])
    for k in range(depth - 1):  # theirs count from the innermost
        (weight, bias), *rest = parts["up"][depth - 2 - k]
        up = channels[k + 1]
        _put(found, f"unet.up.{k}", [(torch.cat([weight[:, up:], weight[:, :up]], 1), bias), *rest])
    latent = parts["comb"][0][0].shape[1] - channels[0]
    for net, blocks, (weight, bias) in (("prior", prior, prior_head), ("posterior", posterior, posterior_head)):
        if len(weight) != 2 * latent:
            raise UnknownLayout(
                f"the {net} has {len(weight)} numbers for a z of {latent}; a mean and a sigma of each axis can be read"
            )
        for k in range(depth):
            _put(found, f"{net}.down.{k}", blocks[k])
        found[f"{net}.head.weight"], found[f"{net}.head.bias"] = weight, bias
    _comb(parts["comb"], found, channels[0], latent)
    head = {"comb": True, "factor": 0, "fields": [], "fieldScale": 1.5, "envelope": False}
    architecture = {
        "channels": channels, "convsPerBlock": 3, "latent": latent, "head": head, "prior": "net", "posterior": "net",
        "combHidden": 3, "upsample": parts["upsample"], "pooling": "average", "outputChannels": 1, "maskOffset": 0,
    }  # fmt: skip
    return {k: v.float() for k, v in found.items()}, architecture


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("--name", required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--align-corners", action="store_true", help="of the second layout: its way up aligns corners")
    args = ask.parse_args()
    try:
        state = read_checkpoint(args.checkpoint)
        state.aligned = state.aligned or args.align_corners
        weights, architecture = convert(state)
    except (UnknownLayout, OSError) as error:
        print(f"{args.checkpoint.name}: {error}.", file=sys.stderr)
        sys.exit(2)
    config = {"name": args.name, "title": args.name, "family": "prob-unet", "architecture": architecture}
    export.write(weights, config, args.out, {"note": f"converted from {args.checkpoint.name}"})


if __name__ == "__main__":
    main()
