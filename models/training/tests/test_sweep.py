"""The sweep's rows differ in what they say and in nothing else; its table reads back what was measured."""

import json
from pathlib import Path

import numpy as np
import torch

import augment
import sweep
from data import Crops
from network import GraderNet
from objectives import prior_draws
from test_training import ELBO, fresh
from tiny import TINY

SPEC = json.loads((Path(sweep.__file__).parent / "configs" / "sweep.json").read_text())


def config(name):
    return sweep.config_of(SPEC, next(run for run in SPEC["runs"] if run["name"] == name))


def test_every_row_has_the_same_seed_size_and_budget():
    for run in SPEC["runs"]:
        made = sweep.config_of(SPEC, run)
        assert made["seed"] == 7
        assert {stage["size"] for stage in made["stages"]} == {64}
        assert sum(stage["steps"] for stage in made["stages"]) == SPEC["budget"]


def test_a_row_changes_what_it_names_and_leaves_the_others_alone():
    assert config("a-beta")["stages"][0]["beta"] == 0.3
    assert config("a-elbo")["stages"][0]["beta"] == 1
    assert config("d-wide")["architecture"]["channels"] == [32, 64, 128, 192]
    assert config("c-bounded")["architecture"]["channels"] == [16, 32, 64, 96]
    assert config("c-bounded")["architecture"]["head"]["envelope"]
    assert not config("c-fields")["architecture"]["head"]["envelope"]
    assert config("d-decay")["weight_decay"] == 0.05


def test_every_row_is_a_network_that_can_be_built():
    for run in SPEC["runs"]:
        GraderNet(sweep.config_of(SPEC, run)["architecture"])


def test_beta_rises_from_0_to_its_value_over_the_warm_up(tmp_path):
    run, stage = fresh("tiny-prob-unet", ELBO, tmp_path), {"beta": 0.5, "beta_warmup": 4}
    risen = []
    for step in (0, 1, 4, 9):
        run.stage_step = step
        risen.append(run.warmed(stage)["beta"])
    assert risen == [0, 0.125, 0.5, 0.5]  # 0.5 * 0/4, 1/4, 4/4, at most 1


def test_without_augmentation_the_centre_stays_as_it_is():
    images, masks = torch.arange(64.0).view(1, 1, 8, 8) / 64, torch.zeros(1, 4, 8, 8, dtype=torch.uint8)
    masks[0, 0, 3, 3] = 1
    cut, kept = augment.leave(images, masks, 4)
    assert torch.equal(cut, images[..., 2:6, 2:6])
    assert kept[0, 0].tolist() == [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_the_centre_of_packed_masks_is_the_centre_of_the_masks():
    rng = np.random.default_rng(0)
    masks = rng.integers(0, 2, (2, 4, 32, 32), dtype=np.uint8)
    images = rng.integers(0, 255, (2, 32, 32), dtype=np.uint8)
    whole = Crops(images, np.packbits(masks, axis=-1), None, np.arange(2))
    image, mask = whole.centre(16).take(np.arange(2))
    assert np.array_equal(mask.numpy(), masks[:, :, 8:24, 8:24])
    assert np.array_equal((image * 255).round().numpy()[:, 0], images[:, 8:24, 8:24])


def test_dropout_of_a_stage_changes_the_draws():
    torch.manual_seed(0)
    net, images = GraderNet(TINY["tiny-linear"]), torch.rand(1, 1, 32, 32)
    torch.nn.init.normal_(net.mean.weight)
    draw = lambda p: prior_draws(net, images, 2, torch.Generator().manual_seed(1), dropout=p)[0]  # noqa: E731
    assert torch.equal(draw(0.0), draw(0.0))
    assert not torch.allclose(draw(0.5), draw(0.0))


def test_the_table_shows_figures_with_three_digits_and_a_dash_for_none():
    row = {"name": "a", "says": "b", "ged2": 0.25, "hm_iou": 0.5, "diversity": 0.4, "nestedness": None, "live_axes": 1,
           "live_modes": 2, "dice": 0.75, "ece": 0.0126, "best": 0.25, "raw": 0.3, "minutes": 2.0}  # fmt: skip
    line = sweep.table([row]).splitlines()[-1]
    assert line == "| `a` b | .250 | .500 | .400 | – | 1 | 2 | .750 | .013 | .250 | .300 | 2.0 |"
