"""A run of a few steps on synthetic crops: resumed equals unbroken, exported equals trained."""

import json

import numpy as np
import pytest
import torch

import axes
import data
import export
import golden
from checkpoint import blended, exported, read_weights, write_weights
from network import GraderNet
from tiny import TINY
from objectives import loss_of
from sampling import sample
from train import Run, train


@pytest.fixture
def crops(tmp_path):
    """Twelve slices with a blob each, and four graders who draw it larger or smaller, or not at all."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:128, 0:128]
    images, masks = [], []
    for k in range(12):
        r = np.hypot(x - rng.integers(54, 74), y - rng.integers(54, 74))
        images.append((255 * np.exp(-((r / 9) ** 2))).astype(np.uint8))
        masks.append([np.packbits(r < size, axis=-1) for size in (6, 8, 10, 0)])
    split = np.array(["train"] * 8 + ["val"] * 4)
    path, who = tmp_path / "crops.npz", {"patient": np.arange(12), "nodule": np.zeros(12, np.int16)}
    np.savez(path, images=np.array(images), masks=np.array(masks), split=split, **who)
    return path


def config(name, stages, **more):
    return {"name": name, "title": name, "family": "prob-unet", "architecture": TINY[name], "seed": 5,
            "log_every": 2, "stages": stages, **more}  # fmt: skip


ELBO = [
    {"objective": "elbo", "size": 32, "batch": 2, "steps": 3, "lr": [1e-3, 5e-4], "warmup": 2},
    {"objective": "elbo", "size": 64, "batch": 2, "steps": 3, "lr": [5e-4, 1e-5], "graders": 4, "free_bits": 0.1},
]
SAMPLED = [
    {"objective": "nll", "size": 32, "batch": 2, "draws": 4, "steps": 2, "lr": [1e-3, 1e-3], "pixel_noise": True},
    {"objective": "energy", "size": 64, "decode": 32, "batch": 2, "draws": 4, "steps": 2, "lr": [1e-3, 1e-4]},
]


def fresh(name, stages, folder):
    folder.mkdir(exist_ok=True)
    return Run(config(name, stages), folder, torch.device("cpu"))


@pytest.mark.parametrize("name, stages", [("tiny-prob-unet", ELBO), ("tiny-linear", SAMPLED)])
def test_a_saved_and_resumed_run_equals_an_unbroken_one(name, stages, crops, tmp_path):
    slices = data.read(crops, "train")[0]
    unbroken = fresh(name, stages, tmp_path / "a")
    train(unbroken, slices, None, quiet=True)
    train(fresh(name, stages, tmp_path / "b"), slices, None, quiet=True, stop_at=3)
    resumed = fresh(name, stages, tmp_path / "b")
    resumed.load()
    assert resumed.step == 3
    train(resumed, slices, None, quiet=True)
    assert resumed.step == unbroken.step == sum(s["steps"] for s in stages)
    for part in ("net", "average"):
        theirs = getattr(unbroken, part).state_dict()
        for key, value in getattr(resumed, part).state_dict().items():
            assert torch.equal(value, theirs[key]), key


def test_training_logs_kl_per_axis_and_the_measures(crops, tmp_path):
    run = fresh("tiny-prob-unet", ELBO, tmp_path / "a")
    train(run, *data.read(crops, "train", "val"), quiet=True)
    rows = (tmp_path / "a" / "elbo.csv").read_text().splitlines()
    assert len(rows) == 1 + 6 // 2
    assert {"cross_entropy", "kl_1", "kl_6"} <= set(rows[0].split(","))
    head, row = (tmp_path / "a" / "val.csv").read_text().splitlines()
    assert {"ged2", "hm_iou", "diversity", "nestedness"} <= set(head.split(","))
    assert float(row.split(",")[head.split(",").index("ged2")]) < 2


def test_a_fixed_batch_is_learnt():
    net = GraderNet(TINY["tiny-prob-unet"] | {"channels": [8, 8, 8, 8]})
    images = torch.zeros(2, 1, 16, 16)
    images[:, :, 4:12, 4:12] = 1
    adam, losses = torch.optim.Adam(net.parameters(), 3e-3), []
    for _ in range(60):
        loss, _ = loss_of(net, images, images.expand(-1, 4, -1, -1), {"objective": "elbo"})
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss))
    assert losses[-1] < losses[0] / 4


def test_a_stage_ends_by_its_time_limit(crops, tmp_path):
    stages = [{"objective": "elbo", "size": 32, "batch": 2, "steps": 10**6, "seconds": 0.2, "lr": [1e-3, 1e-3]}]
    run = fresh("tiny-prob-unet", stages, tmp_path / "a")
    train(run, data.read(crops, "train")[0], None, quiet=True)
    assert 0 < run.step < 10**6


def test_a_step_without_a_finite_gradient_is_skipped(crops, tmp_path):
    run = fresh("tiny-prob-unet", ELBO, tmp_path / "a")
    before = {k: v.clone() for k, v in run.net.state_dict().items()}
    run.net.comb[-1].bias.register_hook(lambda g: g * float("nan"))
    run.train_step(data.read(crops, "train")[0], ELBO[0])
    assert all(torch.equal(v, before[k]) for k, v in run.net.state_dict().items())


def test_exported_weights_start_a_larger_network(tmp_path, capsys):
    small = TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | {"fields": [], "envelope": False}}
    weights = GraderNet(small, diagonal=True).state_dict()
    write_weights(weights, tmp_path / "w.safetensors")
    run = fresh("tiny-linear", SAMPLED, tmp_path / "a")
    run.start_from(tmp_path / "w.safetensors")
    said = json.loads(capsys.readouterr().out)
    anew = ["amplitude", "diagonal", "envelope"]  # the diagonal is never exported: it starts anew
    assert sorted({k.split(".")[0] for k in said["anew"]}) == anew
    assert torch.equal(run.net.factor.weight, weights["factor.weight"].half().float())


def test_eight_bit_kernels_come_back_within_half_a_step_of_their_channel_and_twice_over_the_same(tmp_path):
    state = GraderNet(TINY["tiny-linear"]).state_dict()
    write_weights(state, tmp_path / "w.safetensors", "i8")
    back = read_weights(tmp_path / "w.safetensors")
    assert back.keys() == state.keys()
    kernels = [k for k, v in state.items() if v.ndim == 4 and v.shape[2:] == (3, 3)]
    for name in kernels:
        step = state[name].abs().amax((1, 2, 3), keepdim=True) / 127
        assert ((back[name] - state[name]).abs() <= 0.5001 * step).all()
    others = [k for k in state if k not in kernels]
    assert all((back[k] - state[k]).abs().max() <= 1e-3 * state[k].abs().max() + 1e-8 for k in others)
    write_weights(back, tmp_path / "again.safetensors", "i8")
    again = read_weights(tmp_path / "again.safetensors")
    assert all(torch.allclose(again[k], back[k], rtol=1e-6) for k in kernels)


def test_weights_of_another_width_are_refused_by_name(tmp_path):
    write_weights(GraderNet(TINY["tiny-linear"] | {"channels": [8, 8, 8, 8]}).state_dict(), tmp_path / "w.safetensors")
    with pytest.raises(ValueError, match="w.safetensors: .* wanted"):
        fresh("tiny-linear", SAMPLED, tmp_path / "a").start_from(tmp_path / "w.safetensors")


def test_the_exported_file_read_back_gives_the_same_output(architecture, tmp_path):
    net = GraderNet(architecture)
    described = {"name": "x", "title": "x", "family": "prob-unet", "architecture": architecture}
    back = export.write(net.state_dict(), described, tmp_path / "x", {})
    net.load_state_dict({k: v.half().float() for k, v in net.state_dict().items()})
    image = torch.rand(1, 1, 64, 64)
    a, b = (sample(n, image, 4, torch.Generator().manual_seed(1)) for n in (net, back))
    assert torch.equal(a, b)
    again, content = export.load(tmp_path / "x")
    assert golden.read(tmp_path / "x")["logits"] == pytest.approx(golden.values(again)["logits"], abs=1e-5)
    assert len(content["axes"]) == content["architecture"]["latent"]


def test_axes_and_modes_of_an_exported_folder_are_measured_in_place(crops, tmp_path, monkeypatch):
    # without local fields: those of weights that never learnt anything take minutes to find
    architecture = TINY["tiny-linear"] | {"head": TINY["tiny-linear"]["head"] | {"fields": []}}
    described = {"name": "x", "title": "x", "family": "prob-unet", "architecture": architecture}
    export.write(GraderNet(architecture).state_dict(), described, tmp_path / "x", {"note": "kept"})
    before = json.loads((tmp_path / "x" / "config.json").read_text())
    monkeypatch.setattr("sys.argv", ["axes.py", str(tmp_path / "x"), "--crops", str(crops)])
    axes.main()
    after = json.loads((tmp_path / "x" / "config.json").read_text())
    net, _ = export.load(tmp_path / "x")
    expected = axes.measure(net, data.read(crops, "val")[0])
    assert (after["axes"], after["modes"], None) == expected
    assert (after["axes"], after["modes"]) != (before["axes"], before["modes"])
    assert after | {k: before[k] for k in ("axes", "modes")} == before


def test_the_file_holds_fp16_without_the_training_only_parts(tmp_path):
    state = GraderNet(TINY["tiny-linear"], diagonal=True).state_dict()
    kept = exported(state)
    assert all(v.dtype == torch.float16 for v in kept.values())
    assert set(state) - set(kept) == {"diagonal.weight", "diagonal.bias"}
    write_weights(state, tmp_path / "w.safetensors")
    assert set(read_weights(tmp_path / "w.safetensors")) == set(kept)


def test_a_blend_lies_between_two_runs_and_keeps_what_only_one_of_them_has():
    found = blended({"a": torch.tensor([1.0, 3.0]), "new": torch.ones(1)}, {"a": torch.tensor([0.0, 1.0])}, 0.75)
    assert found["a"].tolist() == [0.75, 2.5] and found["new"].tolist() == [1.0]


def test_a_stage_may_train_one_module_alone(crops, tmp_path):
    head = TINY["tiny-linear"]["head"] | {"presence": "gate"}
    described = config("tiny-linear", [], architecture=TINY["tiny-linear"] | {"head": head})
    (tmp_path / "a").mkdir()
    run = Run(described, tmp_path / "a", torch.device("cpu"))
    before = {k: v.clone() for k, v in run.net.state_dict().items()}
    stage = {"objective": "energy", "only": ["presence"], "size": 32, "batch": 2, "draws": 4, "steps": 2, "lr": [1e-2, 1e-2]}
    run.train_step(data.read(crops, "train")[0], stage)
    moved = {k.split(".")[0] for k, v in run.net.state_dict().items() if not torch.equal(v, before[k])}
    assert moved == {"presence"}
    run.train_step(data.read(crops, "train")[0], {k: v for k, v in stage.items() if k != "only"})
    assert not torch.equal(run.net.factor.weight, before["factor.weight"])


def test_a_resumed_run_distils_the_same_teacher(crops, tmp_path):
    write_weights(GraderNet(TINY["tiny-linear"]).state_dict(), tmp_path / "t.safetensors")
    stage = {"objective": "energy", "size": 32, "batch": 2, "draws": 4, "steps": 2, "lr": [1e-2, 1e-2], "balance": 1,
             "distil": {"weights": str(tmp_path / "t.safetensors"), "draws": 2, "share": 0.5}}  # fmt: skip
    slices = data.read_training([crops])
    unbroken = fresh("tiny-linear", [stage], tmp_path / "a")
    train(unbroken, slices, None, quiet=True)
    train(fresh("tiny-linear", [stage], tmp_path / "b"), slices, None, quiet=True, stop_at=1)
    resumed = fresh("tiny-linear", [stage], tmp_path / "b")
    resumed.load()
    train(resumed, slices, None, quiet=True)
    assert torch.equal(resumed.net.factor.weight, unbroken.net.factor.weight)


def test_the_best_weights_on_the_way_are_kept(crops, tmp_path, monkeypatch):
    run = fresh("tiny-linear", SAMPLED, tmp_path / "a")
    told = iter([0.5, 0.3, 0.4])
    monkeypatch.setattr("train.figures", lambda *args, **more: {"ged2": next(told)})
    slices, kept = data.read(crops, "train")[0], []
    for step in (1, 2, 3):
        train(run, slices, slices, quiet=True, stop_at=step)
        kept.append(torch.load(tmp_path / "a" / "best.pt")["step"])
    assert kept == [1, 2, 2]
    resumed = fresh("tiny-linear", SAMPLED, tmp_path / "a")
    resumed.load()
    assert resumed.best == 0.3


def test_several_files_are_one_set_whose_patients_and_nodules_are_apart(crops):
    one, both = data.read_training([crops]), data.read_training([crops, crops])
    assert len(both) == 2 * len(one) == 16
    assert both.files.tolist() == [0] * 8 + [1] * 8
    assert len(np.unique(both.patients)) == 16 and len(np.unique(both.nodules)) == 16
    assert np.array_equal(both.take(np.array([9]))[0], one.take(np.array([1]))[0])


def test_slices_are_drawn_by_nodule_and_by_file():
    empty = np.zeros((5, 1, 1))
    slices = data.Crops(empty, empty, np.arange(5), np.arange(5), np.array([0, 0, 0, 1, 2]), np.array([0, 0, 0, 0, 1]))
    # nodules of 3, 1 and 1 slices, the last one in the second file
    assert slices.weights(1.0, {1: 0.5}).tolist() == pytest.approx([1 / 12] * 3 + [1 / 4, 1 / 2])
    assert slices.weights(0.0, {1: 0.2}).tolist() == pytest.approx([0.2] * 5)
    half = slices.weights(0.5)  # 3^-1/2 each of three, 1, 1
    assert half[0] / half[3] == pytest.approx(3**-0.5) and half[3] == half[4]


def test_a_balanced_step_takes_no_slice_twice_and_follows_its_shares(crops, tmp_path):
    run, slices = fresh("tiny-linear", SAMPLED, tmp_path / "a"), data.read_training([crops, crops])
    stage = {"batch": 4, "balance": 1, "shares": {"1": 1.0}}
    picks = [run.pick(slices, stage, torch.Generator().manual_seed(k)) for k in range(5)]
    assert all(len(set(p)) == 4 and min(p) >= 8 for p in picks)


def test_limit_spreads_over_the_split(crops):
    chosen = data.read(crops, "train")[0].limit(3)
    assert chosen.rows.tolist() == [0, 2, 5]  # floor(i * 8 / 3)
    images, masks = chosen.take(np.array([0, 1]))
    assert images.shape == (2, 1, 128, 128) and masks.shape == (2, 4, 128, 128)
    assert masks[:, 3].sum() == 0 and images.max() <= 1
