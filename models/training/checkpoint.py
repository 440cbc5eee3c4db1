"""Weights in and out: safetensors with the module's own names, and this recipe's training checkpoints."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

TRAINING_ONLY = ("diagonal.",)  # the pixel noise of the multi-sample likelihood: no reader of the file needs it


def exported(state):
    """The tensors that go into the file: fp16, contiguous, without what only training uses."""
    kept = {k: v for k, v in state.items() if not k.startswith(TRAINING_ONLY)}
    return {k: v.detach().cpu().to(torch.float16).contiguous() for k, v in sorted(kept.items())}


def blended(state, earlier, share):
    """`share` of `state` and the rest of the weights `earlier` that it was fine-tuned from, tensor by tensor.

    Between the two lies what either gives up for the other (Wortsman et al., Robust fine-tuning of zero-shot models,
    CVPR 2022).
    """
    return {k: v if k not in earlier else share * v.float() + (1 - share) * earlier[k] for k, v in state.items()}


def write_weights(state, path):
    save_file(exported(state), str(path))
    Path(path).chmod(0o644)


def read_weights(path):
    """{name: fp32 tensor} of a safetensors file."""
    return {k: v.float() for k, v in load_file(str(path)).items()}
