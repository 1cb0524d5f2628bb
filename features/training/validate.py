#!/usr/bin/env python3
"""Judges a checkpoint on held-out folders of the training photos: choose settings by this, never by the sets that judge the model.

USAGE  validate.py --cache DIR --shared DIR [--checkpoint FILE]... [--baselines]
Three figures, share of points whose nearest patch lies within 1.5 patches of the truth: other views of the same scenes, the same with strong
changes of light on the second view, and warped photos with strong changes of light.
"""

import argparse

import cv2
import numpy as np
import torch

import augment
import describe
from model import DinosplatSmall
from photos import Cache

SEED = 99


def score(fa, fb, p, q):
    rows, columns = fb.shape[:2]
    i = np.minimum((p / 16).astype(int), [fa.shape[1] - 1, fa.shape[0] - 1])
    best = (describe.unit(fa)[i[:, 1] * fa.shape[1] + i[:, 0]] @ describe.unit(fb).T).argmax(1)
    centre = np.c_[best % columns, best // columns] + 0.5
    return float((np.linalg.norm(centre - q / 16, axis=1) <= 1.5).mean())


def cases(cache):
    """(set, picture, picture, points, points) with pictures whose sides are multiples of 16."""
    rng = np.random.default_rng(SEED)
    crop = lambda x: x[: x.shape[0] // 16 * 16, : x.shape[1] // 16 * 16]
    by = {}
    for n, (a, b, points) in enumerate(cache.pairs):
        if cache.is_validation(a):
            by.setdefault(cache.items[a]["folder"], []).append((b - a, n))
    for folder in sorted(by):
        widest = sorted(by[folder], reverse=True)[:12]
        for pick in rng.permutation(len(widest))[:5]:
            a, b, points = cache.pairs[widest[pick][1]]
            x, y = crop(cache.pixels(a)), crop(cache.pixels(b))
            lit = augment.relit(rng, y)
            ok = (points[:, 0] < x.shape[1]) & (points[:, 1] < x.shape[0]) & (points[:, 2] < y.shape[1]) & (points[:, 3] < y.shape[0])
            yield "views", x, y, points[ok, :2], points[ok, 2:]
            yield "light", x, lit, points[ok, :2], points[ok, 2:]
    photos = [n for n in range(len(cache.items)) if cache.is_validation(n)]
    for n in rng.permutation(photos)[:36]:
        x = crop(cache.pixels(int(n)))
        height, width = x.shape[:2]
        size = min(height, width)
        m = augment.view(rng, np.array([width / 2, height / 2]), size, 1.0)
        s = size // 16 * 16
        y = augment.relit(rng, (augment.crop(x, m, s) * 255).astype(np.uint8))
        q = np.stack(np.meshgrid(np.arange(8, s, 16.0), np.arange(8, s, 16.0)), -1).reshape(-1, 2)
        p = augment.apply(m, q)
        ok = (p >= 0).all(1) & (p[:, 0] < width) & (p[:, 1] < height)
        yield "warped", y, x, q[ok], p[ok]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--cache", required=True)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--checkpoint", action="append", default=[])
    ap.add_argument("--baselines", action="store_true")
    ap.add_argument("--threads", type=int, default=1)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    cv2.setNumThreads(1)
    methods = {}
    if a.baselines:
        methods = {"raw": describe.raw, "rootsift": describe.rootsift, "xfeat": describe.xfeat(a.shared, a.threads)}
    for file in a.checkpoint:
        kept = torch.load(file, map_location="cpu", weights_only=True)
        for kind in ("averaged", "weights"):
            net = DinosplatSmall()
            net.load_state_dict({k[4:]: v for k, v in kept[kind].items() if k.startswith("net.")})
            methods[f"step {kept['step']} {kind}"] = describe.module(net.eval())
    found = {}
    for group, x, y, p, q in cases(Cache(a.cache)):
        for name, run in methods.items():
            fa, fb = run(x), run(y)
            found.setdefault(name, {}).setdefault(group, []).append((score(fa, fb, p, q) + score(fb, fa, q, p)) / 2)
    for name, groups in found.items():
        print(f"{name:24s}", *(f"{g} {100 * np.mean(v):.1f} ({len(v)})" for g, v in groups.items()), flush=True)


if __name__ == "__main__":
    main()
