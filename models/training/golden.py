"""Golden values: what PyTorch computes in fp32 from the fp16-rounded weights, for readers in other languages.

golden.json names tensors in golden.bin: little-endian float32, spatial ones as [H,W], [H,W,C] or [N,H,W].
"""

import json

import numpy as np
import torch

from posterior import newton_posterior

SIZE, DRAWS = 64, 3


def synthetic(size=SIZE):
    """A fixed input in [0,1] and a fixed mask, [size,size] each; no CT: a bright blob, a bar and a ripple."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float64)
    blob = np.exp(-(((x - 29) / 9) ** 2 + ((y - 34) / 7) ** 2))
    ripple = 0.08 * np.sin(x / 3.1) * np.cos(y / 4.3)
    bar = 0.5 / (1 + np.exp(-(x + 0.4 * y - 70) / 2))
    image = np.clip(0.12 + 0.7 * blob + ripple + bar, 0, 1).astype(np.float32)
    mask = (((x - 28) / 8) ** 2 + ((y - 33) / 6) ** 2 <= 1).astype(np.float32)
    return image, mask


def spatial(tensor):
    """[1,C,H,W] -> [H,W,C]."""
    return tensor[0].permute(1, 2, 0)


@torch.no_grad()
def values(net, seed=11):
    """{name: fp32 array} of every value that a reader is held against; the net on the CPU, in fp32."""
    image, mask = synthetic()
    x, y = torch.from_numpy(image)[None, None], torch.from_numpy(mask)[None, None]
    found = {"input": image, "mask": mask}
    found |= of_latent(net, x, y, seed) if hasattr(net, "parts") else of_baseline(net, x, y, seed)
    return {k: np.ascontiguousarray(torch.as_tensor(v).numpy(), dtype="<f4") for k, v in found.items()}


def of_baseline(net, x, y, seed):
    """Logits [N,H,W]: heads, one per z, or the one answer; with dropout also those under the given `keep` masks."""
    generator = torch.Generator().manual_seed(seed)
    if hasattr(net, "posterior"):
        z = torch.randn(DRAWS, net.latent, generator=generator)
        mean, log_sigma = net.posterior_of(x, y)
        logits = torch.cat([net(x, z[n : n + 1])[0] for n in range(DRAWS)])
        return {"z": z, "posterior_mean": mean[0], "posterior_log_sigma": log_sigma[0], "logits": logits}
    if not hasattr(net, "keep"):
        return {"logits": net(x)[0]}
    found, apply = {"logits": net(x, dropout=False)[0]}, net.keep(generator)

    def watched(block, value):
        dropped = apply(block, value)
        if dropped is not value:
            name = f"down_{block}" if block >= 0 else f"up_{-1 - block}"
            found[f"keep_{name}"] = spatial(((dropped != 0) | (value == 0)).float())
        return dropped

    found["logits_dropped"] = net.mean(net.unet(x, watched))[0]
    if sum(v.numel() for v in found.values()) > 200_000:  # masks of the wide network: megabytes, the tiny one has them
        found = {"logits": found["logits"]}
    return found


def of_latent(net, x, y, seed):
    """Prior, posterior, what the head makes once per image, and the logits of three draws."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    z = normal(1, DRAWS, net.latent) * 1.5
    fields = net.draw_fields(normal, 1, DRAWS, SIZE)
    parts = net.encode(x)
    found = {"z": z[0]}
    for spacing, field in zip(net.spacings, fields or []):
        found[f"field_{spacing}"] = field[0]
    mean, log_sigma = net.prior_of(x)
    found |= {"prior_mean": mean[0], "prior_log_sigma": log_sigma[0]}
    if net.posterior is not None:
        mean, log_sigma = net.posterior_of(x, y)
        found |= {"posterior_mean": mean[0], "posterior_log_sigma": log_sigma[0]}
    elif net.comb is None:
        q = newton_posterior(parts, y, net.spacings, net.field_scale)
        found |= {"posterior_mean": q.mean[0], "posterior_log_sigma": q.log_sigma[0]}
        found |= {f"posterior_field_{spacing}": field[0] for spacing, field in zip(net.spacings, q.fields)}
        found |= {"posterior_fields_nats": q.nats} if net.spacings else {}
    found["base"] = spatial(parts["base"])
    for name in ("factor", "amplitude"):
        if name in parts:
            found[name] = spatial(parts[name])
    if "top" in parts:
        found["top"] = parts["top"][0, 0]
    found["logits"] = net.decode(parts, z, fields)[0]
    if net.shift:  # standard normals of x and y for each draw; `logits` stay as they were
        shift = normal(1, DRAWS, 2)
        found |= {"shift": shift[0], "logits_shifted": net.decode(parts, z, fields, shift=shift)[0]}
    if "presence" in parts:
        found["presence"] = parts["presence"]  # the gate's logit, [1]
    return found


def write(found, folder, made_by):
    """golden.json and golden.bin in `folder`."""
    offset, tensors, chunks = 0, {}, []
    for name, value in found.items():
        tensors[name] = {"shape": list(value.shape), "offset": offset, "dtype": "f32"}
        chunks.append(value.tobytes())
        offset += value.nbytes
    (folder / "golden.bin").write_bytes(b"".join(chunks))
    content = {"version": 1, "madeBy": made_by, "file": "golden.bin", "tensors": tensors}
    (folder / "golden.json").write_text(json.dumps(content, indent=1) + "\n")


def read(folder):
    """{name: fp32 array} of a golden.json and its golden.bin."""
    content = json.loads((folder / "golden.json").read_text())
    raw, found = (folder / content["file"]).read_bytes(), {}
    for name, t in content["tensors"].items():
        count = int(np.prod(t["shape"]))
        found[name] = np.frombuffer(raw, "<f4", count, t["offset"]).reshape(t["shape"])
    return found
