#!/usr/bin/env python3
"""Shows photos beside the three principal components of their patches, one basis for all photos.

USAGE  pictures.py --model FILE.onnx --out FILE.png PHOTO...
"""

import argparse

import cv2
import numpy as np

import describe
from photos import load


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--model", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--long-side", type=int, default=768)
    ap.add_argument("photos", nargs="+")
    a = ap.parse_args()
    run = describe.network(a.model, 1)
    pictures = [describe.grid_picture(load(f, 2 * a.long_side), a.long_side) for f in a.photos]
    maps = [run(p) for p in pictures]
    units = [describe.unit(m) for m in maps]
    every = np.concatenate(units)
    mean = every.mean(0)
    _, vectors = np.linalg.eigh(np.cov((every - mean).T))
    basis = vectors[:, ::-1][:, :3]
    low, high = np.percentile((every - mean) @ basis, (2, 98), axis=0)
    rows = []
    for picture, m, u in zip(pictures, maps, units):
        colours = np.clip(((u - mean) @ basis - low) / (high - low), 0, 1).reshape(*m.shape[:2], 3)
        shown = cv2.resize((colours * 255).astype(np.uint8), picture.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        rows.append(np.hstack([picture, shown]))
    width = max(r.shape[1] for r in rows)
    rows = [np.pad(r, ((0, 0), (0, width - r.shape[1]), (0, 0))) for r in rows]
    cv2.imwrite(a.out, np.vstack(rows)[:, :, ::-1])


if __name__ == "__main__":
    main()
