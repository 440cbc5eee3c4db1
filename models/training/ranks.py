"""One training in several processes (torchrun): every rank has its share of each batch, and the weights are those of one process.

Random numbers are drawn for the whole batch on every rank, and each takes its rows; gradients and what is a mean over the
batch before it is bent (free bits) are averaged over ranks. Ranks differ in nothing else.
"""

import os
from dataclasses import dataclass

import torch
import torch.distributed as dist


@dataclass
class Share:
    """A generator of which one rank takes its rows of every batch."""

    generator: torch.Generator
    rank: int
    count: int


def drawn(make, shape, generator):
    """`make(shape, generator)` for the rank's rows: of the whole batch's numbers, those of its share of the first axis."""
    if not isinstance(generator, Share) or not shape:
        return make(shape, generator.generator if isinstance(generator, Share) else generator)
    whole = make((shape[0] * generator.count, *shape[1:]), generator.generator)
    return whole.chunk(generator.count)[generator.rank]


def rand(*shape, generator=None):
    return drawn(lambda size, g: torch.rand(size, generator=g), shape, generator)


def randn(*shape, generator=None):
    return drawn(lambda size, g: torch.randn(size, generator=g), shape, generator)


def randint(high, count, generator=None):
    return drawn(lambda size, g: torch.randint(high, size, generator=g), (count,), generator)


def join(device):
    """Joins the ranks that torchrun started: gloo on CPUs, nccl on CUDA devices. Nothing in a process of its own."""
    if "RANK" not in os.environ or dist.is_initialized():
        return
    rank, count = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    backend = "nccl" if device.type == "cuda" else "gloo"
    # after a restart the store may still hold the addresses of the ranks that are gone: each try has names of its own
    store, *_ = next(dist.rendezvous("env://", rank, count))
    tried = dist.PrefixStore(f"try {os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", store)
    dist.init_process_group(backend, store=tried, rank=rank, world_size=count)


def leave():
    if dist.is_initialized():
        dist.destroy_process_group()


def rank():
    return dist.get_rank() if dist.is_initialized() else 0


def count():
    return dist.get_world_size() if dist.is_initialized() else 1


def was_restarted():
    """Whether torchrun started these ranks again after one of them was lost."""
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")) > 0


def own_rows(tensor):
    """The rank's rows of a whole batch. Raises ValueError where it cannot be cut into equal shares."""
    if len(tensor) % count():
        raise ValueError(f"a batch of {len(tensor)} cannot be cut into {count()} equal shares: change batch or ranks")
    return tensor.chunk(count())[rank()]


def over_ranks(mean):
    """A mean over the rank's rows as the mean over the whole batch; its gradient is that of the rank's rows."""
    if count() == 1:
        return mean
    whole = mean.detach().clone()
    dist.all_reduce(whole)
    return mean + (whole / count() - mean.detach())


def average_gradients(parameters):
    """Each gradient becomes its mean over ranks, in one message; ranks have gradients of the same parameters."""
    if count() == 1:
        return
    gradients = [p.grad for p in parameters if p.grad is not None]
    joined = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(joined)
    joined /= count()
    for gradient, part in zip(gradients, joined.split([g.numel() for g in gradients])):
        gradient.copy_(part.view_as(gradient))


def agreed(seconds, device):
    """What the first rank's clock says: schedules by time are the same on all."""
    if count() == 1:
        return seconds
    told = torch.tensor([seconds], dtype=torch.float64 if device.type == "cpu" else torch.float32, device=device)
    dist.broadcast(told, 0)
    return float(told)
