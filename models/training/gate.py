"""Fits the gate of a model folder on patients that its trunk has never seen, and writes a model folder.

  python models/training/gate.py runs/exports/seed-* --crops ../shared/lidc/more.npz --out models/lidc-energy-gate \
      --sharper 1.2 --field-scale 2.3 --shift 0.5 --dtype i8

With `--nets`, encoders of the gate's own (presence_net.py) look at the image and its mirror images too. They were trained
on the very slices that the regression is fitted on, so it does not weigh them: it would trust them too much. What trunk
and encoders say of the share of readers is averaged (`--share`), made surer where it is above one half (`--sharper`), and
divided by what the head's own samples are expected to leave of it (`aim`); the branch learns that function by heart.

Of several folders, runs of one config from one start with other seeds, the weights are averaged first: heads that are
linear in what they were trained on stay so.

A gate that is trained beside the trunk learns from features that know their patients, and is too sure of itself on
others. Here everything but the gate is fixed, so that few numbers are left to learn and the optimum is found outright:
a ridge logistic regression of the share k/G of readers who drew, where a sample is drawn with probability
sigmoid(w . numbers + b) times the share of the head's own samples that are not empty.
"""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

import data
import export
import sampling
from network import GraderNet, centre


@torch.no_grad()
def numbers_and_shares(net, crops, draws=16, batch=8, size=64):
    """(numbers f32 [N,C + 2c] that the branch is told, share [N] of the head's own `draws` that are not empty, k/G [N]).

    The draws are of the centre `size` x `size`, without the gate and unshifted.
    """
    numbers, shares, readers = [], [], []
    for first in range(0, len(crops), batch):
        images, masks = crops.take(np.arange(first, min(first + batch, len(crops))))
        features, deepest = net.unet.both(images)
        numbers.append(net.presence.numbers(images, deepest, features))
        parts = {name: centre(part, size) for name, part in net.parts(features).items()}
        height = parts["base"].shape[-1]
        normals = sampling.draw_normals(net, len(images), draws, height, torch.Generator().manual_seed(first))
        mean, log_sigma = net.prior_of(images)
        z = mean[:, None] + torch.exp(log_sigma)[:, None] * normals.epsilon
        shares.append((net.decode(parts, z, normals.fields) >= 0).flatten(2).any(2).float().mean(1))
        readers.append(masks.flatten(2).any(2).float().mean(1))
    return torch.cat(numbers), torch.cat(shares), torch.cat(readers)


def standardised(numbers):
    """(numbers of mean 0 and spread 1, a function that takes weights and bias of those back to the numbers as they are)."""
    mean, spread = numbers.mean(0), numbers.std(0) + 1e-3

    def back(w, b):
        return w / spread, float(b - (w / spread) @ mean)

    return (numbers - mean) / spread, back


def minimised(parameters, loss_of, rounds):
    """Brings `loss_of()` to its minimum over these tensors."""
    solver = torch.optim.LBFGS(parameters, max_iter=rounds, line_search_fn="strong_wolfe")

    def loss():
        solver.zero_grad()
        found = loss_of()
        found.backward()
        return found

    solver.step(loss)


def fit(numbers, shares, readers, ridge=0.05, draws=16, rounds=100):
    """(w [C + 2c], b): minimises the cross entropy of `readers` under sigmoid(w . numbers + b) * shares.

    `ridge` times the squares of the weights of standardised numbers is added. A share is known from `draws` samples
    alone: two more at .8 keep it off 0 and 1.
    """
    (x, back), known = standardised(numbers), (shares * draws + 1.6) / (draws + 2)
    solved = torch.zeros(x.shape[1] + 1, requires_grad=True)

    def loss():
        p = (torch.sigmoid(x @ solved[1:] + solved[0]) * known).clamp(1e-4, 1 - 1e-4)
        return F.binary_cross_entropy(p, readers) + ridge * (solved[1:] ** 2).sum()

    minimised([solved], loss, rounds)
    return back(solved.detach()[1:], solved.detach()[0])


def aim(trunk, left, own, share, sharper):
    """The logit that a gate is to have, [N], of three: the trunk's regression, that of the share of the head's samples which
    are not empty by themselves, and the encoders' own of the share of readers.

    q = sigmoid(trunk) * sigmoid(left) is what the trunk says of the readers. l = share * own + (1 - share) * logit q, times
    `sharper` where it is above 0; a sample that is let through is empty with 1 - sigmoid(left), so p = sigmoid(l) /
    sigmoid(left), at most .998.
    """
    q = (torch.sigmoid(trunk) * torch.sigmoid(left)).clamp(0.01, 0.99)
    mixed = share * own + (1 - share) * torch.logit(q)
    return torch.logit((torch.sigmoid(torch.where(mixed > 0, sharper * mixed, mixed)) / torch.sigmoid(left)).clamp(0.002, 0.998))


def by_heart(scores, wanted, hidden=32, rounds=600, seed=0):
    """(weights [hidden,K], bias [hidden], weights [hidden], bias []) of a ReLU layer and a last one that say `wanted` [N] of
    `scores` [N,K]: the squared error of the probabilities is brought down."""
    x, _ = standardised(scores)
    mean, spread = scores.mean(0), scores.std(0) + 1e-3
    generator = torch.Generator().manual_seed(seed)
    first, turn = torch.randn(hidden, x.shape[1], generator=generator), torch.randn(hidden, generator=generator)
    last, level = torch.randn(hidden, generator=generator) / hidden, wanted.mean()
    solved = [value.clone().requires_grad_() for value in (first, turn, last, level)]

    def said():
        return F.relu(x @ solved[0].T + solved[1]) @ solved[2] + solved[3]

    def loss():
        return 100 * ((torch.sigmoid(said()) - torch.sigmoid(wanted)) ** 2).mean() + 0.01 * ((said() - wanted) ** 2).mean()

    minimised(solved, loss, rounds)
    first, turn, last, level = (value.detach() for value in solved)
    return first / spread, turn - (first / spread) @ mean, last, level


@torch.no_grad()
def make_of_scores(gate, directions, offsets, branch):
    """Makes the branch say of its numbers what `branch` (of `by_heart`) says of the scores directions @ numbers + offsets."""
    first, turn, last, level = branch
    gate[0].weight[:, :, 0, 0], gate[0].bias[:] = first @ directions, turn + first @ offsets
    gate[2].weight[0, :, 0, 0], gate[2].bias[:] = last, level


@torch.no_grad()
def make_linear(gate, w, b):
    """Makes the branch say w . numbers + b: relu(v) - relu(-v) = v, two hidden units of its own, the others at rest."""
    for parameter in (*gate[0].parameters(), *gate[2].parameters()):
        parameter.zero_()
    gate[0].weight[0, :, 0, 0], gate[0].weight[1, :, 0, 0] = w, -w
    gate[2].weight[0, 0], gate[2].weight[0, 1] = 1.0, -1.0
    gate[2].bias.fill_(b)


def encoder(path):
    """(tensors, {channels, convs}, (weights [3E], bias) of its own logit) of a file of presence_net.py."""
    stored = load_file(str(path))
    out = stored.pop("out.weight"), stored.pop("out.bias")
    last = max(int(name.split(".")[0]) for name in stored)
    convs = [sum(name.startswith(f"{k}.") and name.endswith("weight") for name in stored) for k in range(last + 1)]
    channels = [len(stored[f"{k}.0.bias"]) if count else 1 for k, count in enumerate(convs)]
    return stored, {"channels": channels, "convs": convs}, out


def with_nets(net, config, paths):
    """(the network, its config) with the encoders of these files in its gate, and (weights, bias) of their mean logit."""
    found = [encoder(path) for path in paths]
    config = copy.deepcopy(config)
    config["architecture"]["head"]["presenceNets"] = [told for _, told, _ in found]
    grown = GraderNet(config["architecture"])
    kept = {name: value for name, value in net.state_dict().items() if not name.startswith("presence.")}
    own = {f"presence.own.{n}.{name}": value for n, (stored, _, _) in enumerate(found) for name, value in stored.items()}
    grown.load_state_dict(kept | own, strict=False)
    weights = torch.cat([w for _, _, (w, _) in found]) / len(found)
    return grown.eval(), config, (weights, float(sum(b for _, _, (_, b) in found)) / len(found))


def grow(gate, numbers, shares, readers, own, told):
    """Fits a branch with encoders: `own` (weights, bias) of their mean logit; `told.ridge`, `told.share`, `told.sharper`."""
    weights, bias = own
    trunk = numbers.shape[1] - len(weights)
    ones = torch.ones_like(shares)
    pairs = [fit(numbers[:, :trunk], shares, readers, told.ridge), fit(numbers[:, :trunk], ones, shares, 0.01, draws=1e6, rounds=200)]
    directions = torch.stack([torch.cat([w, torch.zeros_like(weights)]) for w, _ in pairs] + [torch.cat([torch.zeros(trunk), weights])])
    offsets = torch.tensor([b for _, b in pairs] + [bias])
    scores = numbers @ directions.T + offsets
    make_of_scores(gate, directions, offsets, by_heart(scores, aim(*scores.T, told.share, told.sharper)))


def mean_of(states):
    """The mean of state dicts of one architecture, in fp32."""
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("models", type=Path, nargs="+", help="folders with config.json, of one model with a gate")
    ask.add_argument("--crops", type=Path, required=True, help="of patients that the trunk has not seen; its train slices")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--nets", type=Path, nargs="*", help="encoders of the gate's own, as presence_net.py writes them")
    ask.add_argument("--share", type=float, default=0.5, help="of the mean of the encoders' own logits in the gate's")
    ask.add_argument("--ridge", type=float, default=0.05)
    ask.add_argument("--sharper", type=float, default=1.0, help="what the logit is multiplied with; with --nets where it is above 0")
    ask.add_argument("--field-scale", type=float, help="of the folder that is written; the fit is with the first one's")
    ask.add_argument("--shift", type=float, help="of the folder that is written")
    ask.add_argument("--dtype", choices=("f16", "i8"), help="how its weights are stored; as the first one's by default")
    ask.add_argument("--limit", type=int)
    ask.add_argument("--threads", type=int, default=2)
    args = ask.parse_args()
    torch.set_num_threads(args.threads)
    loaded = [export.load(model) for model in args.models]
    net, config = loaded[0]
    net.load_state_dict(mean_of([one.state_dict() for one, _ in loaded]))
    slices = data.read(args.crops, "train")[0].limit(args.limit)
    if args.nets:
        net, config, own = with_nets(net, config, args.nets)
    numbers, shares, readers = numbers_and_shares(net, slices)
    if args.nets:
        grow(net.presence, numbers, shares, readers, own, args)
    else:
        w, b = fit(numbers, shares, readers, args.ridge)
        make_linear(net.presence, args.sharper * w, args.sharper * b)
    head = config["architecture"]["head"]
    head["fieldScale"] = args.field_scale or head["fieldScale"]
    head["shift"] = head["shift"] if args.shift is None else args.shift
    sharper = f", its logit times {args.sharper:g}" if args.sharper != 1 else ""
    said = config["training"] | {
        "gate": f"fitted by gate.py on {len(slices)} slices of {args.crops.name}, ridge {args.ridge}{sharper}"
        + (f"; {args.share:g} of the logit of encoders of its own (presence_net.py)" if args.nets else "")
    }
    if len(loaded) > 1:
        said["average"] = f"mean of the weights of {len(loaded)} runs that differ in their seed"
    stored = config | ({"dtype": args.dtype} if args.dtype else {})
    export.write(net.state_dict(), stored, args.out, said, config["axes"], config["modes"], config.get("fieldsKl"))
    print(json.dumps({"folder": args.out.name, "slices": len(slices), "non_empty": round(float(shares.mean()), 4)}))


if __name__ == "__main__":
    main()
