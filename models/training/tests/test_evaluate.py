"""The report of an exported model, and the repetition of somebody else's draws."""

import numpy as np
import pytest
import torch

import data
import evaluate
import export
from card import table
from network import GraderNet
from sampling import draw_normals, from_normals
from tiny import TINY, seeded


@pytest.fixture
def model(tmp_path):
    described = {"name": "m", "title": "m", "family": "prob-unet", "architecture": TINY["tiny-linear"]}
    export.write(seeded(TINY["tiny-linear"], 12), described, tmp_path / "m", {})
    return export.open_system(tmp_path / "m")


@pytest.fixture
def crops(tmp_path):
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (4, 32, 32), np.uint8)
    masks = np.zeros((4, 4, 32, 32), bool)
    masks[:3, 0, 8:16, 8:16] = masks[:2, 1, 8:20, 8:16] = masks[0, 2:, 4:16, 8:16] = True
    path = tmp_path / "crops.npz"
    np.savez(path, images=images, masks=np.packbits(masks, axis=-1), patient=np.array([1, 1, 2, 3]))
    return path


def test_the_report_has_every_figure_with_intervals_over_patients(model, crops):
    slices = data.read(crops)
    values, calibration, share = evaluate.by_slice(model, slices, [2, 6, 4], 0, 3)
    content = evaluate.report(values, calibration, slices.patients, [2, 6, 4])
    assert share is None and content["cases"] == 4 and content["count"] == 4
    assert set(content["ged2_by_graders"]) == {"0", "1", "2", "4"}
    assert len(content["kl_per_axis"]) == 4 and all(k >= 0 for k in content["kl_per_axis"])
    low, high = content["ged2_interval"]
    assert low <= content["ged2"] <= high
    # the biased measure: d(S,S)/n of itself, so more samples cannot come out the same by chance
    assert content["at_2"]["ged2"] != content["at_6"]["ged2"]
    config = {"axes": [{"kl": 0.2, "effect": 0.1}, {"kl": 0.2, "effect": 0.01}], "modes": [{"effect": 0.1}]}
    text = table(content, config)
    assert "| 4 | " in text and "| z1 | 0.200 | 0.100 | yes |" in text and "| z2 | 0.200 | 0.010 | no |" in text


def test_a_dump_is_repeated_with_its_own_draws(model, crops, tmp_path):
    rows, generator = np.array([2, 0], np.int32), torch.Generator().manual_seed(9)
    epsilon = torch.randn(2, 5, 4, generator=generator)
    fields = [torch.randn(2, 5, 4, 4, generator=generator), torch.randn(2, 5, 8, 8, generator=generator)]
    images, _ = data.read(crops).take(rows)
    samples = (from_normals(model.net, images, epsilon, fields) >= 0.5).numpy()
    dump = {"rows": rows, "epsilon": epsilon.numpy(), "field_8": fields[0].numpy(), "field_4": fields[1].numpy()}
    np.savez(tmp_path / "dump.npz", samples=np.packbits(samples, axis=-1), **dump)
    given = evaluate.read_dump(tmp_path / "dump.npz", data.read(crops))
    assert given[0].rows.tolist() == [2, 0]
    _, _, share = evaluate.by_slice(model, given[0], [5], 0, 1, given)
    assert share == 0


@pytest.fixture
def gated(tmp_path):
    """A model with shift, gate and a smallest part; its gate says .8 whatever it sees."""
    head = TINY["tiny-linear"]["head"] | {"presence": "gate", "shift": 0.6}
    described = {"name": "g", "title": "g", "family": "prob-unet", "architecture": TINY["tiny-linear"] | {"head": head}}
    torch.manual_seed(0)
    state = GraderNet(described["architecture"]).state_dict() | seeded(TINY["tiny-linear"], 12)
    state["presence.2.weight"].zero_()
    state["presence.2.bias"].fill_(float(torch.tensor(0.8).logit()))
    export.write(state, described | {"smallestPart": 6}, tmp_path / "g", {})
    return export.open_system(tmp_path / "g")


def test_a_dump_with_gate_and_shift_is_repeated_specks_dropped(gated, crops, tmp_path):
    images, _ = data.read(crops).take(np.array([1]))
    normals = draw_normals(gated.net, 1, 6, 32, torch.Generator().manual_seed(4))
    samples = gated.masks(gated.prepare(images).repeat(normals)).numpy()
    dump = {"epsilon": normals.epsilon, "field_8": normals.fields[0], "field_4": normals.fields[1],
            "epsilon_shift": normals.shift, "epsilon_u": normals.u}  # fmt: skip
    np.savez(tmp_path / "dump.npz", rows=np.array([1], np.int32), samples=np.packbits(samples, axis=-1),
             **{k: v.numpy() for k, v in dump.items()})  # fmt: skip
    given = evaluate.read_dump(tmp_path / "dump.npz", data.read(crops))
    assert evaluate.by_slice(gated, given[0], [6], 0, 1, given)[2] == 0
    given[1].shift = None
    assert evaluate.by_slice(gated, given[0], [6], 0, 1, given)[2] > 0


def test_a_closed_gate_leaves_nothing_and_an_open_one_what_there_was(gated, crops):
    images, _ = data.read(crops).take(np.array([0]))
    normals = draw_normals(gated.net, 1, 2, 32, torch.Generator().manual_seed(1))
    normals.u[:] = torch.tensor([[-0.85, -0.84]])  # the quantile of .8 is .8416
    found, free = gated.prepare(images).repeat(normals), gated.net
    free.presence = None
    assert found[0, 0].max() == 0 and torch.equal(found[0, 1], gated.prepare(images).repeat(normals)[0, 1])


def test_the_gates_own_probability_is_what_brier_is_of(gated, model, crops):
    slices = data.read(crops)
    values, _, _ = evaluate.by_slice(gated, slices, [4], 0, 3, kl=False)
    # k of 4 who drew: 4, 2, 1, 0
    assert values["presence_brier"] == pytest.approx([0.04, 0.09, 0.3025, 0.64], rel=1e-3)  # fp16
    assert "presence_brier" not in evaluate.by_slice(model, slices, [4], 0, 3, kl=False)[0]
    assert set(evaluate.by_slice(model, slices, [4], 0, 3, kl=False, pool=8)[0]["presence_brier"]) <= {
        (i / 8 - k / 4) ** 2 for i in range(9) for k in range(5)
    }


def test_the_report_names_presence_floor_sizes_and_representative_samples_beside_the_others(model, crops):
    slices = data.read(crops)
    plain = evaluate.report(*evaluate.by_slice(model, slices, [4], 0, 3, kl=False)[:2], slices.patients, [4])
    values, calibration, _ = evaluate.by_slice(model, slices, [4], 0, 3, kl=False, stand_for=32)
    content = evaluate.report(values, calibration, slices.patients, [4])
    assert content["ged2"] == plain["ged2"]  # i.i.d. draws are the same, whatever is drawn beside them
    assert content["representative_ged2"] != content["ged2"]
    assert content["ged2_floor"] == pytest.approx((1 / 4 + 1 / 4) * values["disagreement"].mean(), abs=1e-5)
    assert set(content["size_ratio"]) == {"20-50", "50-100", "100-300", "300-"}
    # in the first case alone all four drew 40 px and more
    assert content["empty_where_all_drew_large"] == pytest.approx(values["empty"][0], abs=1e-5)
