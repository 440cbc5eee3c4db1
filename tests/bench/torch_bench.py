"""PyTorch on the CPU, one thread, the same graphs as the rest of the bench: prints one JSON object of medians."""

import json
import statistics
import sys
import time
from pathlib import Path

import torch

training = Path(__file__).parents[2] / "models" / "training"
sys.path.insert(0, str(training))
from network import GraderNet  # noqa: E402


def median(run, rounds):
    times = []
    for k in range(rounds + 2):
        begun = time.perf_counter()
        run()
        if k >= 2:  # two rounds warm up
            times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


config, rounds = json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2])
torch.set_num_threads(1)
net = GraderNet(config["architecture"]).eval()
image = torch.rand(1, 1, 128, 128)
with torch.no_grad():
    features = net.unet(image)

    def naive(count):
        z = torch.randn(count, net.latent)
        tiled = z[:, :, None, None].expand(-1, -1, 128, 128)
        return torch.sigmoid(net.comb(torch.cat([features.expand(count, -1, -1, -1), tiled], 1)))

    print(
        json.dumps(
            {
                "encode": median(lambda: (net.unet(image), net.prior_of(image)), rounds),
                "decode16": median(lambda: naive(16), rounds),
            }
        )
    )
