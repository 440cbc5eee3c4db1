"""Two ranks on half batches against one process: the same weights; a rank that is killed costs the steps since the checkpoint."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import data
import ranks
from test_training import ELBO, SAMPLED, config, crops  # noqa: F401 (a fixture)
from tiny import SHARED
from tiny_rivals import HEAD, OWN
from train import Run, train

TRAINING = Path(__file__).resolve().parents[1]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--max-restarts", "3"]
HALVES = [stage | {"batch": 4} for stage in SAMPLED]  # 2 slices a rank
FLOORED = [stage | {"batch": 4, "free_bits": 0.5} for stage in ELBO]  # KL under its floor: bent after the batch's mean
RIVAL = [{"objective": "its own", "size": 32, "batch": 4, "steps": 4, "lr": [1e-3, 1e-4]}]

CASES = {"tiny-prob-unet": config("tiny-prob-unet", FLOORED), "tiny-linear": config("tiny-linear", HALVES)}
for family, own in OWN.items():
    architecture = {**SHARED, "head": HEAD, "prior": "standard", **own}
    CASES[f"tiny-{family}"] = CASES["tiny-linear"] | {
        "name": f"tiny-{family}", "family": family, "architecture": architecture, "stages": RIVAL}  # fmt: skip
CASES = {name: described | {"precision": "fp32"} for name, described in CASES.items()}

#: Each rank trains every config of a file. Where a rank is to be killed it dies of SIGKILL before step 3, once, as rank 1.
RANK = f"""
import json, os, signal, sys
from pathlib import Path
sys.path.insert(0, {str(TRAINING)!r})
import torch
import ranks, train
cases, crops, folder, kills = json.loads(Path(sys.argv[1]).read_text()), *sys.argv[2:]
step = train.Run.train_step
def dying(self, crops, stage):
    if kills == "kills" and self.step == 3 and ranks.rank() == 1 and not ranks.was_restarted():
        os.kill(os.getpid(), signal.SIGKILL)
    if self.step == 3 and ranks.rank() == 0:
        print("at step 3 of", self.config["name"], flush=True)
    return step(self, crops, stage)
train.Run.train_step = dying
leave, ranks.leave = ranks.leave, lambda: None  # they stay together from one config to the next
for name, described in cases.items():
    described_at = Path(folder, name + ".json")
    described_at.write_text(json.dumps(described))
    words = ["--config", described_at, "--crops", crops, "--runs", folder, "--threads", "1", "--validate", "1"]
    sys.argv = ["train.py", *map(str, words), "--minutes", "0", "--measure-every", "1000"]
    train.main()
leave()
"""


def shared(cases, crops, folder, kills="lives"):  # noqa: F811
    """What two ranks of torchrun printed, and their checkpoints by name: {net, average}."""
    folder.mkdir()
    (folder / "rank.py").write_text(RANK)
    (folder / "cases.json").write_text(json.dumps(cases))
    words = [*TORCHRUN, folder / "rank.py", folder / "cases.json", crops, folder, kills]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, {name: torch.load(folder / name / "checkpoint.pt") for name in cases}


def furthest(one, other):
    return max(float((one[k] - other[k]).abs().max()) for k in one)


def test_two_ranks_on_half_batches_give_the_weights_of_one_process(crops, tmp_path):  # noqa: F811
    _, kept = shared(CASES, crops, tmp_path / "two")
    slices = data.read_training([crops])
    for name, described in CASES.items():
        (tmp_path / name).mkdir()
        run = Run(described, tmp_path / name, torch.device("cpu"))
        start = {k: v.clone() for k, v in run.net.state_dict().items()}
        train(run, slices, None, quiet=True)
        assert kept[name]["step"] == run.step
        assert furthest(run.net.state_dict(), start) > 1e-4, name  # it has learnt
        assert furthest(run.net.state_dict(), kept[name]["net"]) <= 1e-5, name
        assert furthest(run.average.state_dict(), kept[name]["average"]) <= 1e-5, name


def test_a_killed_rank_is_started_again_from_the_checkpoint(crops, tmp_path):  # noqa: F811
    cases = {"tiny-linear": CASES["tiny-linear"]}
    said, kept = shared(cases, crops, tmp_path / "killed", "kills")
    assert said.count("at step 3") == 2  # before the kill and after it
    (tmp_path / "one").mkdir()
    run = Run(cases["tiny-linear"], tmp_path / "one", torch.device("cpu"))
    train(run, data.read_training([crops]), None, quiet=True)
    assert kept["tiny-linear"]["step"] == run.step
    assert furthest(run.net.state_dict(), kept["tiny-linear"]["net"]) <= 1e-5


def test_a_rank_draws_its_rows_of_the_whole_batch():
    generator = torch.Generator()
    whole = ranks.randn(4, 5, generator=generator.manual_seed(3))
    halves = [ranks.randn(2, 5, generator=ranks.Share(generator.manual_seed(3), r, 2)) for r in (0, 1)]
    assert torch.equal(torch.cat(halves), whole)
    scalar = [ranks.rand(generator=ranks.Share(generator.manual_seed(3), r, 2)) for r in (0, 1)]
    assert scalar[0] == scalar[1]  # one number for all


def test_a_batch_that_cannot_be_halved_is_refused(monkeypatch):
    monkeypatch.setattr(ranks, "count", lambda: 2)
    with pytest.raises(ValueError, match="a batch of 3 cannot be cut into 2 equal shares"):
        ranks.own_rows(torch.zeros(3, 1))
