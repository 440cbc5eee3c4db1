"""Networks of the other layouts, built here by their description, give the same output before and after."""

import json

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

import convert
import export
from network import GraderNet

WIDTHS, LATENT = (4, 6, 8), 3


def layers(inputs, outputs, pool):
    found = [nn.AvgPool2d(2, ceil_mode=True)] if pool else []
    for i in (inputs, outputs, outputs):
        found += [nn.Conv2d(i, outputs, 3, padding=1), nn.ReLU()]
    return found


class Block(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.layers = nn.Sequential(*layers(*shape))


class Up(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv_block = Block(inputs, outputs, False)


class Paths(nn.Module):
    def __init__(self):
        super().__init__()
        steps = list(zip((1, *WIDTHS), WIDTHS))
        self.contracting_path = nn.ModuleList(Block(i, o, k > 0) for k, (i, o) in enumerate(steps))
        self.upsampling_path = nn.ModuleList(
            Up(WIDTHS[k + 1] + WIDTHS[k], WIDTHS[k]) for k in reversed(range(len(WIDTHS) - 1))
        )

    def forward(self, x):
        skips = []
        for block in self.contracting_path:
            x = block.layers(x)
            skips.append(x)
        for k, up in enumerate(self.upsampling_path):
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
            x = up.conv_block.layers(torch.cat([x, skips[-k - 2]], 1))
        return x


class Gaussian(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        steps = enumerate(zip((inputs, *WIDTHS), WIDTHS))
        self.encoder = nn.Module()
        self.encoder.layers = nn.Sequential(*[m for k, (i, o) in steps for m in layers(i, o, k > 0)])
        self.conv_layer = nn.Conv2d(WIDTHS[-1], 2 * LATENT, 1)

    def forward(self, x):
        return self.conv_layer(self.encoder.layers(x).mean((2, 3), keepdim=True))[:, :, 0, 0].chunk(2, 1)


class OtherLayout(nn.Module):
    def __init__(self, classes=1, hidden=3):
        super().__init__()
        self.unet, self.prior, self.posterior = Paths(), Gaussian(1), Gaussian(2)
        self.fcomb = nn.Module()
        widths = [WIDTHS[0] + LATENT] + [WIDTHS[0]] * (hidden - 1)
        stack = [m for i in widths for m in (nn.Conv2d(i, WIDTHS[0], 1), nn.ReLU())]
        self.fcomb.layers = nn.Sequential(*stack)
        self.fcomb.last_layer = nn.Conv2d(WIDTHS[0], classes, 1)

    def logits(self, x, z):
        tiled = z[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return self.fcomb.last_layer(self.fcomb.layers(torch.cat([self.unet(x), tiled], 1)))


class SecondBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.block = nn.Sequential(*layers(inputs, outputs, False))


class SecondGaussian(nn.Module):
    def __init__(self, inputs, outputs=2 * LATENT):
        super().__init__()
        self.blocks = nn.ModuleList(SecondBlock(i, o) for i, o in zip((inputs, *WIDTHS), WIDTHS))
        self.head = nn.Conv2d(WIDTHS[-1], outputs, 1)

    def forward(self, x):
        """(mean, log sigma), of the log of the variance."""
        for k, one in enumerate(self.blocks):
            x = one.block(F.avg_pool2d(x, 2) if k else x)
        mean, log_variance = self.head(x.mean((2, 3), keepdim=True))[:, :, 0, 0].chunk(2, 1)
        return mean, log_variance / 2


class SecondPaths(nn.Module):
    def __init__(self, aligned):
        super().__init__()
        self.aligned = aligned
        self.encoder_blocks = nn.ModuleList(SecondBlock(i, o) for i, o in zip((1, *WIDTHS), WIDTHS))
        pairs = [(WIDTHS[k + 1] + WIDTHS[k], WIDTHS[k]) for k in reversed(range(len(WIDTHS) - 1))]
        self.decoder_blocks = nn.ModuleList(SecondBlock(*pair) for pair in pairs)

    def forward(self, x):
        skips = []
        for k, one in enumerate(self.encoder_blocks):
            x = one.block(F.avg_pool2d(x, 2) if k else x)
            skips.append(x)
        for k, one in enumerate(self.decoder_blocks):
            x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=self.aligned)
            x = one.block(torch.cat([x, skips[-k - 2]], 1))
        return x


class SecondLayout(nn.Module):
    def __init__(self, classes=2, aligned=False, covariance=0):
        super().__init__()
        self.unet = SecondPaths(aligned)
        self.prior_net = SecondGaussian(1, 2 * LATENT + covariance)
        self.posterior_net = SecondGaussian(2, 2 * LATENT + covariance)
        self.fcomb = nn.Module()
        widths = [WIDTHS[0] + LATENT, WIDTHS[0]]
        stack = [m for i in widths for m in (nn.Conv2d(i, WIDTHS[0], 1), nn.ReLU())]
        self.fcomb.layers = nn.Sequential(*stack, nn.Conv2d(WIDTHS[0], classes, 1))

    def logits(self, x, z):
        tiled = z[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return self.fcomb.layers(torch.cat([self.unet(x), tiled], 1))


def says_the_same(theirs, prior, posterior, weights, architecture, classes):
    """Logits of a z, and both Gaussians, are the converted network's."""
    ours = GraderNet(architecture)
    ours.load_state_dict(weights)
    image, mask, z = torch.rand(1, 1, 32, 32), (torch.rand(1, 1, 32, 32) > 0.5).float(), torch.randn(1, LATENT)
    wanted = theirs.logits(image, z)[0]
    wanted = wanted[0] if classes == 1 else wanted[1] - wanted[0]
    assert torch.allclose(ours(image, z[:, None])[0, 0], wanted, atol=1e-5)
    for got, expected in (
        (ours.prior_of(image), prior(image)),
        (ours.posterior_of(image, mask), posterior(torch.cat([image, mask], 1))),
    ):
        assert torch.allclose(got[0], expected[0], atol=1e-5) and torch.allclose(got[1], expected[1], atol=1e-5)


@pytest.mark.parametrize("classes, aligned", [(2, False), (1, False), (2, True)])
def test_the_second_layout_gives_the_same_output_too(classes, aligned, tmp_path):
    theirs = SecondLayout(classes, aligned)
    said = {"model": {"align_corners": aligned, "num_classes": classes}}
    state = convert.read_checkpoint(saved({"model": theirs.state_dict(), "config_json": json.dumps(said)}, tmp_path))
    weights, architecture = convert.convert(state)
    assert architecture["upsample"] == ("bilinear-align-corners" if aligned else "bilinear-half-pixel")
    says_the_same(theirs, theirs.prior_net, theirs.posterior_net, weights, architecture, classes)


@pytest.mark.parametrize("classes, hidden", [(1, 3), (2, 3), (1, 2)])
def test_the_converted_network_gives_the_same_output(classes, hidden):
    theirs = OtherLayout(classes, hidden)
    weights, architecture = convert.convert(theirs.state_dict())
    says_the_same(theirs, theirs.prior, theirs.posterior, weights, architecture, classes)


def test_one_command_writes_a_model_folder(tmp_path, monkeypatch):
    torch.save(OtherLayout().state_dict(), tmp_path / "theirs.pth")
    arguments = ["convert.py", str(tmp_path / "theirs.pth"), "--name", "mine", "--out", str(tmp_path / "mine")]
    monkeypatch.setattr("sys.argv", arguments)
    convert.main()
    net, config = export.load(tmp_path / "mine")
    assert config["name"] == "mine" and config["architecture"]["channels"] == [4, 6, 8]
    assert (tmp_path / "mine" / "golden.bin").exists()


def test_another_layout_is_refused_with_the_reason():
    with pytest.raises(convert.UnknownLayout, match="contracting_path"):
        convert.convert({"conv.weight": torch.zeros(1)})
    state = OtherLayout(classes=3).state_dict()
    with pytest.raises(convert.UnknownLayout, match="3 classes"):
        convert.convert(state)


def saved(state, folder):
    file = folder / "checkpoint.pth"
    torch.save(state, file)
    return file


@pytest.mark.parametrize(
    "wrap",
    [
        lambda s: {f"module.{k}": v for k, v in s.items()},
        lambda s: {"state_dict": {f"net.{k}": v for k, v in s.items()}, "pytorch-lightning_version": "2"},
        lambda s: {"model_state_dict": {f"_orig_mod.module.{k}": v for k, v in s.items()}, "epoch": 3},
        lambda s: {"epoch": 1, "state_dict": s, "optimizer": {"state": {}, "param_groups": []}},
        lambda s: {k: v.half().float() for k, v in s.items()},
    ],
    ids=["module", "lightning", "compiled", "optimizer", "half"],
)
def test_checkpoints_are_unwrapped_whatever_they_were_saved_by(wrap, tmp_path):
    state = OtherLayout().state_dict()
    found = convert.read_checkpoint(saved(wrap(state), tmp_path))
    assert list(found) == list(state)
    assert torch.allclose(found["unet.contracting_path.0.layers.0.weight"], state["unet.contracting_path.0.layers.0.weight"], atol=1e-3)
    convert.convert(found)


def test_safetensors_are_read_too(tmp_path):
    from safetensors.torch import save_file

    save_file(OtherLayout().state_dict(), tmp_path / "plain.safetensors")
    convert.convert(convert.read_checkpoint(tmp_path / "plain.safetensors"))


class Whole(nn.Module):
    pass


def broken(change):
    state = OtherLayout().state_dict()
    change(state)
    return state


@pytest.mark.parametrize(
    "content, sentence",
    [
        (lambda: Whole(), "it holds pickled classes, which are not run; save its state_dict() instead."),
        (lambda: broken(lambda s: s.pop("fcomb.last_layer.bias")), "it has no fcomb.last_layer.bias."),
        (lambda: broken(lambda s: s["prior.conv_layer.bias"].fill_(float("nan"))), "prior.conv_layer.bias holds values that are not finite."),
        (lambda: OtherLayout(classes=3).state_dict(), "the last layer has 3 classes; 1 or 2 can be read."),
        (
            lambda: {"inc.double_conv.0.weight": torch.zeros(1)},
            "it is of another network: no unet.contracting_path and no unet.encoder_blocks, but inc.double_conv.0.weight; "
            "any network can be opened as ONNX, see docs/onnx.md.",
        ),
        (
            lambda: broken(lambda s: s.update({"unet.contracting_path.0.layers.6.running_mean": torch.zeros(4)})),
            "it normalises batches (unet.contracting_path.0.layers.6.running_mean), which no block here does; "
            "any network can be opened as ONNX, see docs/onnx.md.",
        ),
        (
            lambda: broken(lambda s: s.update({"posterior.encoder.layers.0.weight": torch.zeros(4, 5, 3, 3)})),
            "the posterior takes 4 masks at once; here it takes one.",
        ),
        (
            lambda: SecondLayout(covariance=3).state_dict(),
            "the prior has 9 numbers for a z of 3; a mean and a sigma of each axis can be read.",
        ),
        (
            lambda: broken(lambda s: s.update({"unet.contracting_path.0.layers.0.weight": torch.zeros(4, 3, 3, 3)})),
            "the network takes more than one input channel; a CT slice has one.",
        ),
        (lambda: [1, 2], "it holds a list and no state dict."),
        (lambda: b"PK\x03\x04 and no more", "it is cut short or no checkpoint; copy it again."),
    ],
    ids=["whole model", "missing", "nan", "three classes", "another network", "batch norm", "masks", "covariance", "channels", "list", "cut"],
)
def test_what_cannot_be_converted_is_one_sentence(content, sentence, tmp_path, monkeypatch, capsys):
    found = content()
    file = tmp_path / "theirs.pth"
    file.write_bytes(found) if isinstance(found, bytes) else torch.save(found, file)
    monkeypatch.setattr("sys.argv", ["convert.py", str(file), "--name", "mine", "--out", str(tmp_path / "mine")])
    with pytest.raises(SystemExit) as ended:
        convert.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"theirs.pth: {sentence}\n"
    assert not (tmp_path / "mine").exists()
