"""Every exported system behind one interface: `sample` draws anew, `repeat` takes the draws of somebody else."""

import torch

import export
import sampling


class ProbUNet:
    """Probabilistic U-Net, or the general head: z and fields from the prior."""

    def __init__(self, net):
        self.net = net

    def sample(self, images, count, generator):
        return sampling.sample(self.net, images, count, generator)

    def repeat(self, images, epsilon, fields):
        return sampling.from_normals(self.net, images, epsilon, fields)


@torch.no_grad()
def open_system(folder):
    """The system of an exported model folder, in fp32, on the CPU."""
    net, _ = export.load(folder)
    return ProbUNet(net)
