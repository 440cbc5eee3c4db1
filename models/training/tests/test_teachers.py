"""Five teachers' labels are out of fold, and a student learns from them beside its graders."""

import numpy as np
import pytest
import torch

import data
import teachers
from network import GraderNet
from objectives import loss_of
from tiny import TINY
from train import Run, train


def crops(n=6):
    """`n` patients of two slices each, 32 x 32, graders who drew a square."""
    masks = np.zeros((2 * n, 4, 32, 32), np.uint8)
    masks[:, :, 12:20, 12:20] = 1
    who = np.repeat(np.arange(n), 2)
    images = np.random.default_rng(0).integers(0, 256, (2 * n, 32, 32), np.uint8)
    return data.Crops(images, np.packbits(masks, axis=-1), who, np.arange(2 * n), who)


def config(**more):
    step = {"objective": "energy", "size": 32, "batch": 2, "draws": 4, "steps": 1, "lr": [1e-3, 1e-3], "augment": False}
    return {"name": "s", "title": "s", "family": "prob-unet", "architecture": TINY["tiny-linear"], "seed": 3,
            "teachers": {"folds": 3, "draws": 2, "stages": [step]},
            "stages": [step | {"labels": {"share": 0.5}}], **more}  # fmt: skip


def test_a_patient_is_in_one_fold_and_folds_are_of_one_size():
    fold = crops(7).folds(3, seed=1)
    assert (fold[::2] == fold[1::2]).all() and sorted(np.bincount(fold)) == [4, 4, 6]
    assert np.array_equal(fold, crops(7).folds(3, seed=1)) and not np.array_equal(fold, crops(7).folds(3, seed=2))


def test_every_slice_is_labelled_by_the_teacher_who_has_not_seen_its_patient(tmp_path, monkeypatch):
    slices, seen = crops(), []

    def learn(run, chosen, *_):
        seen.append(set(chosen.patients.tolist()))
        for p in run.average.parameters():
            torch.nn.init.constant_(p, 0.0)
        torch.nn.init.constant_(run.average.envelope.bias, 60.0)
        torch.nn.init.constant_(run.average.mean.bias, 30.0 if len(seen) == 2 else -30.0)  # the second marks everything

    monkeypatch.setattr("teachers.train", learn)
    labels = teachers.out_of_fold(config(), slices, tmp_path, torch.device("cpu"))
    assert labels.shape == (12, 4, 32, 4)
    marked = np.unpackbits(labels, axis=-1).reshape(12, -1).mean(1)
    unseen = ~np.isin(slices.patients, list(seen[1]))
    assert len(seen) == 3 and unseen.sum() == 4 and np.array_equal(marked, unseen.astype(float))
    assert np.array_equal(teachers.out_of_fold(config(), slices, tmp_path, torch.device("cpu")), labels) and len(seen) == 3


def test_a_teacher_that_was_stopped_goes_on_and_each_has_a_seed_of_its_own(tmp_path):
    told = teachers.teacher_config(config(), 0), teachers.teacher_config(config(), 1)
    assert told[0]["seed"] != told[1]["seed"] != config()["seed"] and told[0]["stages"] == config()["teachers"]["stages"]
    train(teachers.begun(told[0], tmp_path / "t", torch.device("cpu")), crops(), None, quiet=True)
    assert teachers.begun(told[0], tmp_path / "t", torch.device("cpu")).step == 1


def test_labels_are_warped_with_the_graders_masks_and_weigh_by_their_share(tmp_path, monkeypatch):
    slices = crops()
    slices.labels = slices.masks[:, :2]
    run, seen = Run(config(), tmp_path, torch.device("cpu")), {}

    def loss(net, images, masks, stage, generator, teacher, labels):
        seen.update(masks=masks, labels=labels)
        return loss_of(net, images, masks, stage, generator, teacher, labels)

    monkeypatch.setattr("train.loss_of", loss)
    run.train_step(slices, config()["stages"][0] | {"augment": True})
    assert seen["masks"].shape == (2, 4, 32, 32) and torch.equal(seen["labels"], seen["masks"][:, :2])


def test_labels_that_agree_with_the_graders_change_nothing_and_others_do():
    net, images = GraderNet(TINY["tiny-linear"]), torch.rand(1, 1, 32, 32)
    masks = torch.zeros(1, 4, 32, 32)
    masks[..., 12:20, 12:20] = 1
    stage = {"objective": "energy", "draws": 4, "labels": {"share": 0.5}}

    def energy(labels):
        return float(loss_of(net, images, masks, stage, torch.Generator().manual_seed(0), labels=labels)[1]["energy"])

    assert energy(masks[:, :3]) == pytest.approx(energy(None), abs=1e-6)
    assert energy(0 * masks[:, :3]) != pytest.approx(energy(None), abs=1e-3)
