"""Weights in and out: safetensors with the module's own names, and this recipe's training checkpoints."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

TRAINING_ONLY = ("diagonal.",)  # the pixel noise of the multi-sample likelihood: no reader of the file needs it


SCALE = ".scale"  # what the scales of an 8-bit tensor are called: its own name and this


def exported(state, dtype="f16"):
    """The tensors that go into the file, without what only training uses: fp16, contiguous.

    `dtype` "i8": 3 x 3 kernels, nearly all of the bytes, as int8 [O, ...] with an fp32 scale [O] beside them (symmetric,
    the largest weight of a channel at 127). What was tried cost nothing that 400 slices of val can tell.
    """
    kept = {k: v.detach().cpu() for k, v in state.items() if not k.startswith(TRAINING_ONLY)}
    found = {k: v.to(torch.float16).contiguous() for k, v in sorted(kept.items())}
    if dtype == "i8":
        for name, value in kept.items():
            if value.ndim == 4 and value.shape[2:] == (3, 3):
                scale = value.float().abs().amax((1, 2, 3)).clamp(min=1e-12) / 127
                found[name] = torch.round(value.float() / scale[:, None, None, None]).to(torch.int8).contiguous()
                found[name + SCALE] = scale
    return found


def blended(state, earlier, share):
    """`share` of `state` and the rest of the weights `earlier` that it was fine-tuned from, tensor by tensor.

    Between the two lies what either gives up for the other (Wortsman et al., Robust fine-tuning of zero-shot models,
    CVPR 2022).
    """
    return {k: v if k not in earlier else share * v.float() + (1 - share) * earlier[k] for k, v in state.items()}


def write_weights(state, path, dtype="f16"):
    save_file(exported(state, dtype), str(path))
    Path(path).chmod(0o644)


def read_weights(path):
    """{name: fp32 tensor} of a safetensors file."""
    found = load_file(str(path))
    scales = {k: found.pop(k + SCALE) for k in [k for k, v in found.items() if v.dtype == torch.int8]}
    return {k: v.float() * scales[k][:, None, None, None] if k in scales else v.float() for k, v in found.items()}
