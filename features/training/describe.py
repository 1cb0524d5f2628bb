"""Ways to describe a photo by one vector for each 16 x 16 pixels: the network, and what it has to beat."""

import os
import struct
import subprocess

import cv2
import numpy as np

from augment import MEAN, STD
from photos import LONG_SIDE

PATCH = 16


def grid_picture(photo, long_side=LONG_SIDE):
    """The photo at the long side, each side a whole number of patches."""
    height, width = photo.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    size = [max(1, round(x * scale / PATCH)) * PATCH for x in (width, height)]
    return cv2.resize(photo, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def planes(picture):
    """[1, 3, height, width], normalised as for DINOv3."""
    return ((picture.astype(np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)[None]


def network(onnx, threads=2):
    """The patches of an ONNX file with pixel_values and last_hidden_state; prefix tokens are left out."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])

    def run(picture):
        rows, columns = picture.shape[0] // PATCH, picture.shape[1] // PATCH
        tokens = session.run(["last_hidden_state"], {"pixel_values": planes(picture)})[0][0]
        return tokens[-rows * columns :].reshape(rows, columns, -1)

    return run


def module(net):
    """The same for a PyTorch module."""
    import torch

    def run(picture):
        rows, columns = picture.shape[0] // PATCH, picture.shape[1] // PATCH
        with torch.no_grad():
            tokens = net(torch.from_numpy(planes(picture)))[0].float().numpy()
        return tokens[-rows * columns :].reshape(rows, columns, -1)

    return run


def raw(picture):
    """Grey values of the patch, less their mean."""
    grey = picture.astype(np.float32).mean(2)
    rows, columns = grey.shape[0] // PATCH, grey.shape[1] // PATCH
    p = grey.reshape(rows, PATCH, columns, PATCH).swapaxes(1, 2).reshape(rows, columns, -1)
    return p - p.mean(2, keepdims=True)


def position(picture):
    rows, columns = picture.shape[0] // PATCH, picture.shape[1] // PATCH
    y, x = np.mgrid[:rows, :columns]
    x, y = (x + 0.5) / columns * np.pi, (y + 0.5) / rows * np.pi
    return np.stack([np.cos(x), np.cos(2 * x), np.cos(y), np.cos(2 * y), np.sin(x), np.sin(y)], -1)


def rootsift(picture):
    """RootSIFT at the patch centres, keypoint size two patches, upright."""
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
    rows, columns = grey.shape[0] // PATCH, grey.shape[1] // PATCH
    keys = [cv2.KeyPoint(float(x * PATCH + 8), float(y * PATCH + 8), 2.0 * PATCH, 0) for y in range(rows) for x in range(columns)]
    d = cv2.SIFT_create().compute(grey, keys)[1]
    return np.sqrt(d / np.maximum(d.sum(1, keepdims=True), 1e-9)).reshape(rows, columns, -1)


def xfeat(shared, threads=2):
    """XFeat's dense descriptors, the mean of the 2 x 2 of a patch."""
    from prepare import describe, teacher_session

    session = teacher_session(shared, threads)

    def run(picture):
        d = describe(session, picture)
        return d.reshape(d.shape[0] // 2, 2, d.shape[1] // 2, 2, -1).mean((1, 3))

    return run


def surf(class_path):
    """BoofCV's SURF at the patch centres; class_path holds the jars of boofcv-feature and what it needs."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Surf.java")
    process = subprocess.Popen(["java", "-Xmx512m", "-cp", class_path, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(picture):
        grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
        process.stdin.write(struct.pack(">ii", grey.shape[1], grey.shape[0]) + grey.tobytes())
        process.stdin.flush()
        rows, columns = grey.shape[0] // PATCH, grey.shape[1] // PATCH
        return np.frombuffer(process.stdout.read(4 * 64 * rows * columns), ">f4").astype(np.float32).reshape(rows, columns, 64)

    return run


def unit(f):
    f = f.reshape(-1, f.shape[-1]).astype(np.float32)
    return f / np.maximum(np.linalg.norm(f, axis=1, keepdims=True), 1e-9)


WORDS = 1024
"""Visual words of a photo set at most; chosen on the held-out folders."""


def words(maps, seed=1, learn_from=30000):
    """One vector for each photo of a set: how often each visual word of the set occurs in it, as VisualWords of the library does.

    Patches less the set's mean, at length 1, go to the nearest of up to 1024 words, one for each 16 patches (spherical k-means over a sample of the set); a photo's counts go under the
    square root, lose their mean over the set and get length 1.
    """
    rng = np.random.default_rng(seed)
    patches = [unit(m) for m in maps]
    pool = np.concatenate(patches)
    pool = pool[rng.permutation(len(pool))[:learn_from]]
    mean = pool.mean(0)
    pool = unit(pool - mean)
    count = max(1, min(WORDS, len(pool) // 16))
    centres = pool[rng.permutation(len(pool))[:count]].copy()
    for _ in range(8):
        nearest, sums = (pool @ centres.T).argmax(1), np.zeros_like(centres)
        np.add.at(sums, nearest, pool)
        used = np.linalg.norm(sums, axis=1) > 0
        centres[used] = unit(sums[used])
    counts = [np.bincount((unit(p - mean) @ centres.T).argmax(1), minlength=count) / len(p) for p in patches]
    v = np.sqrt(np.array(counts, np.float32))
    return unit(v - v.mean(0))
