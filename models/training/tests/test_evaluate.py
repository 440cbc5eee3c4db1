"""The report of an exported model, and the repetition of somebody else's draws."""

import numpy as np
import pytest
import torch

import data
import evaluate
import export
from card import table
from sampling import from_normals
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
