#!/usr/bin/env python3
"""CPU time of the embedded model beside ViT-S/16's (random weights; 12 blocks of 384 channels, 5 prefix tokens), one thread of ONNX Runtime, alternately.

USAGE  speed.py --model FILE.onnx
"""

import argparse
import io
import time

import numpy as np
import onnxruntime as ort
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width=384, heads=6):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        n, tokens, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = torch.softmax(q @ k.transpose(-1, -2) / (width // self.heads) ** 0.5, -1) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(n, tokens, width))
        return x + self.contract(nn.functional.gelu(self.expand(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(3, 384, 16, 16)
        self.prefix = nn.Parameter(torch.zeros(1, 5, 384))
        self.blocks = nn.Sequential(*(Block() for _ in range(12)))
        self.norm = nn.LayerNorm(384)

    def forward(self, x):
        return self.norm(self.blocks(torch.cat([self.prefix, self.embed(x).flatten(2).transpose(1, 2)], 1)))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--model", required=True)
    a = ap.parse_args()
    large = io.BytesIO()
    torch.onnx.export(Transformer().eval(), (torch.zeros(1, 3, 336, 512),), large, input_names=["pixel_values"], opset_version=17, dynamo=False)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    sessions = [ort.InferenceSession(m, options, providers=["CPUExecutionProvider"]) for m in (large.getvalue(), a.model)]
    picture = np.random.default_rng(1).random((1, 3, 336, 512), np.float32)
    used = [[], []]
    for n in range(9):
        for seconds, session in zip(used, sessions):
            began = time.process_time()
            session.run(None, {"pixel_values": picture})
            seconds.append(time.process_time() - began)
    large, small = (np.median(s[2:]) for s in used)
    print(f"ViT-S/16 {large:.3f} CPU s, the model {small:.3f}, ratio {small / large:.3f}")


if __name__ == "__main__":
    main()
