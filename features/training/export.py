#!/usr/bin/env python3
"""Writes the averaged weights of a checkpoint, rounded to half precision, as ONNX and checks the file against PyTorch.

USAGE  export.py --checkpoint FILE... --out FILE.onnx [--golden DIR]
Of several checkpoints along one training the mean of their weights is taken (model soups, arXiv 2203.05482).
Input pixel_values [1, 3, height, width] (sides multiples of 16, normalised as for DINOv3); outputs last_hidden_state [1, 1 + patches, 192] (class
token first) and pooler_output [1, 192]. The same checkpoint gives the same bytes. --golden also writes a small picture and PyTorch's tokens for it.
"""

import argparse
import hashlib
import io
import json
import os
import warnings

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import nn

from model import DinosplatSmall

OPSET = 17


class Exported(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, pixel_values):
        tokens = self.net(pixel_values)
        return tokens, tokens[:, 0]


def network(checkpoints):
    """The network with the mean of the weights rounded to half precision, as they are kept in the file, and the last step."""
    kept = [torch.load(c, map_location="cpu", weights_only=True) for c in checkpoints]
    mean = {k: torch.stack([c["averaged"][k].float() for c in kept]).mean(0) for k in kept[0]["averaged"] if k.startswith("net.")}
    net = DinosplatSmall()
    net.load_state_dict({k[4:]: v.half().float() for k, v in mean.items()})
    return net.eval(), max(c["step"] for c in kept)


def halve(model):
    """Keeps the large weights in half precision with a cast, which a runtime undoes once when it loads the file."""
    casts = []
    for w in model.graph.initializer:
        values = onnx.numpy_helper.to_array(w)
        if values.dtype == np.float32 and values.size >= 256:
            name = w.name
            w.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), name + "_half"))
            casts.append(onnx.helper.make_node("Cast", [name + "_half"], [name], name + "_cast", to=onnx.TensorProto.FLOAT))
    nodes = casts + list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def golden_picture():
    """A small picture with edges, slopes and colours, made from whole numbers so that every language makes the same: RGB bytes [48, 80, 3]."""
    y, x = np.mgrid[:48, :80]
    return np.stack([(x * 3 + y) % 256, (x * y // 4) % 256, ((x // 8 + y // 8) % 2) * 160 + (y * 2) % 64], -1).astype(np.uint8)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--checkpoint", required=True, nargs="+")
    ap.add_argument("--out", required=True)
    ap.add_argument("--golden", help="folder for the check of other languages")
    a = ap.parse_args()
    net, step = network(a.checkpoint)
    exported = Exported(net)
    axes = {"pixel_values": {2: "height", 3: "width"}, "last_hidden_state": {1: "tokens"}}
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            exported,
            (torch.zeros(1, 3, 64, 96),),
            buffer,
            input_names=["pixel_values"],
            output_names=["last_hidden_state", "pooler_output"],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    model.producer_name, model.producer_version, model.doc_string = "dinosplat", "", ""
    for node in model.graph.node:
        node.doc_string = ""
    model.graph.name = "dinosplat-small"
    halve(model)
    for key, value in (("name", "dinosplat-small"), ("licence", "Apache-2.0"), ("training_steps", str(step))):
        model.metadata_props.add(key=key, value=value)
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString(deterministic=True)
    os.makedirs(os.path.dirname(os.path.abspath(a.out)), exist_ok=True)
    with open(a.out, "wb") as f:
        f.write(data)
    session = ort.InferenceSession(data, providers=["CPUExecutionProvider"])
    worst = 0.0
    for height, width in ((64, 96), (224, 224), (336, 512)):
        x = torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(height))
        with torch.no_grad():
            want = exported(x)
        got = session.run(None, {"pixel_values": x.numpy()})
        worst = max(worst, *(float(np.abs(w.numpy() - g).max()) for w, g in zip(want, got)))
    if worst > 1e-3:
        raise SystemExit(f"ONNX Runtime and PyTorch differ by {worst}")
    if a.golden:
        from describe import planes

        os.makedirs(a.golden, exist_ok=True)
        with torch.no_grad():
            tokens = net(torch.from_numpy(planes(golden_picture())))[0].numpy()
        tokens.astype("<f4").tofile(os.path.join(a.golden, "dinosplat-small-tokens.f32"))
    print(json.dumps({"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "step": step, "largest difference": worst}))


if __name__ == "__main__":
    main()
