#!/usr/bin/env python3
"""Decodes the training photos, runs the teacher (XFeat) on them and finds true matches between views of one scene.

USAGE  prepare.py --shared DIR --cache DIR [--threads 2]
Writes photos.json, pixels.u8, teacher.f16 and pairs.npz below --cache. Runs once; the same input gives the same files.
"""

import argparse
import json
import os

import cv2
import numpy as np
import onnx
import onnxruntime as ort

from photos import LONG_SIDE, Cache, listing, load

CELL = 8
GAPS = (1, 2, 3, 5)
"""Distances in order of capture at which two views of one scene are tried as a pair."""
FEWEST = 40
"""Pairs with fewer verified matches are dropped: their views may not overlap."""


def teacher_session(shared, threads):
    """XFeat's descriptor branch for pictures of any size (multiples of 32), without its input norm."""
    model = onnx.load(os.path.join(shared, "models", "xfeat", "xfeat_640x640.onnx"))
    for axis, name in ((2, "height"), (3, "width")):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = name
    descriptors = next(n.output[0] for n in model.graph.node if n.output[0].startswith("/block_fusion/block_fusion.2/Conv"))
    part = _cut(model, descriptors)
    for factor, node in zip((2.0, 4.0), [n for n in part.graph.node if n.op_type == "Resize"]):
        # The published graph enlarges to 80 x 80 cells; a factor serves every size.
        name = node.output[0] + "_factor"
        part.graph.initializer.append(onnx.numpy_helper.from_array(np.float32([1, 1, factor, factor]), name))
        kept = [node.input[0], node.input[1], name]
        del node.input[:]
        node.input.extend(kept)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(part.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _cut(model, output):
    """Keeps the nodes that the output needs."""
    made = {name: node for node in model.graph.node for name in node.output}
    wanted, stack = [], [output]
    while stack:
        node = made.get(stack.pop())
        if node is not None and node not in wanted:
            wanted.append(node)
            stack += list(node.input)
    nodes = [n for n in model.graph.node if n in wanted]
    used = {name for n in nodes for name in n.input}
    graph = onnx.helper.make_graph(
        nodes,
        "teacher",
        [model.graph.input[0]],
        [onnx.helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, None)],
        [w for w in model.graph.initializer if w.name in used],
    )
    return onnx.helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def describe(session, picture):
    """XFeat's descriptors [rows, columns, 64], L2-normalised, one for each 8 x 8 pixels of an RGB picture.

    The instance norm on the input belongs to XFeat but is not in the published graph. The picture is padded at its
    right and lower edge to whole multiples of 32 by repetition, and the norm is taken before that.
    """
    grey = picture.astype(np.float32).mean(2) / 255
    grey = (grey - grey.mean()) / np.sqrt(grey.var() + 1e-5)
    height, width = grey.shape
    padded = np.pad(grey, ((0, -height % 32), (0, -width % 32)), mode="edge")
    out = session.run(None, {session.get_inputs()[0].name: padded[None, None]})[0][0]
    out = out[:, : -(-height // CELL), : -(-width // CELL)].transpose(1, 2, 0)
    return out / np.maximum(np.linalg.norm(out, axis=2, keepdims=True), 1e-9)


def sift_matches(a, b):
    """Mutual RootSIFT matches with ratio 0.9 between two sets of (points, descriptors)."""
    if len(a[0]) < 8 or len(b[0]) < 8:
        return np.zeros((0, 4), np.float32)
    product = a[1] @ b[1].T
    best = product.argmax(1)
    rows = np.arange(len(product))
    top = product[rows, best]
    mutual = product.argmax(0)[best] == rows
    product[rows, best] = -1
    second = product.max(1)
    keep = mutual & (np.sqrt(np.maximum(0, 2 - 2 * top)) < 0.9 * np.sqrt(np.maximum(1e-9, 2 - 2 * second)))
    return np.c_[a[0][keep], b[0][best[keep]]].astype(np.float32)


def sift(picture):
    keys, found = cv2.SIFT_create(1500).detectAndCompute(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), None)
    if found is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    root = np.sqrt(found / np.maximum(found.sum(1, keepdims=True), 1e-9))
    return np.float32([k.pt for k in keys]), root / np.linalg.norm(root, axis=1, keepdims=True)


def teacher_matches(fa, fb):
    """Mutual nearest cells of two descriptor grids, as pixel positions of the cell centres."""
    a, b = (np.float32(f).reshape(-1, f.shape[-1]) for f in (fa, fb))
    product = a @ b.T
    best = product.argmax(1)
    keep = (product.argmax(0)[best] == np.arange(len(a))) & (product[np.arange(len(a)), best] > 0.8)
    i, j = np.flatnonzero(keep), best[keep]
    ca, cb = fa.shape[1], fb.shape[1]
    return (np.c_[i % ca, i // ca, j % cb, j // cb] * CELL + CELL / 2).astype(np.float32)


def verified(matches):
    """The matches that one fundamental matrix explains to 2 px, none if they are too few to trust it."""
    if len(matches) < FEWEST:
        return matches[:0]
    cv2.setRNGSeed(1)
    _, mask = cv2.findFundamentalMat(matches[:, :2], matches[:, 2:], cv2.USAC_MAGSAC, 2.0, 0.9999, 5000)
    if mask is None or mask.sum() < max(FEWEST, 0.3 * len(matches)):
        return matches[:0]
    return matches[mask.ravel() > 0]


def mine_pairs(cache):
    folders = {}
    for n, item in enumerate(cache.items):
        if item["folder"].startswith("mv-"):
            folders.setdefault(item["folder"], []).append(n)
    photos, points, starts = [], [], [0]
    for members in folders.values():
        keys = {n: sift(cache.pixels(n)) for n in members}
        for gap in GAPS:
            for a, b in zip(members, members[gap:]):
                found = verified(np.r_[sift_matches(keys[a], keys[b]), teacher_matches(cache.teacher(a), cache.teacher(b))])
                if len(found):
                    photos.append((a, b))
                    points.append(found)
                    starts.append(starts[-1] + len(found))
    return np.array(photos), np.concatenate(points), np.array(starts)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True, help="folder that holds train-photos, data and models")
    ap.add_argument("--cache", required=True)
    ap.add_argument("--threads", type=int, default=2)
    a = ap.parse_args()
    cv2.setNumThreads(a.threads)
    os.makedirs(a.cache, exist_ok=True)
    session = teacher_session(a.shared, a.threads)
    items, pixels, cells = [], 0, 0
    with open(os.path.join(a.cache, "pixels.u8"), "wb") as fp, open(os.path.join(a.cache, "teacher.f16"), "wb") as ft:
        for folder, file in listing(a.shared):
            picture = load(file, LONG_SIDE)
            told = describe(session, picture).astype(np.float16)
            items.append(
                {
                    "folder": folder,
                    "file": os.path.relpath(file, a.shared),
                    "height": picture.shape[0],
                    "width": picture.shape[1],
                    "pixels": pixels,
                    "teacher": cells,
                    "teacher_shape": told.shape,
                }
            )
            fp.write(picture.tobytes())
            ft.write(told.tobytes())
            pixels += picture.size
            cells += told.size
    with open(os.path.join(a.cache, "photos.json"), "w", encoding="utf-8") as f:
        json.dump(items, f)
    print(len(items), "photos", flush=True)
    photos, points, starts = mine_pairs(Cache(a.cache))
    np.savez(os.path.join(a.cache, "pairs.npz"), photos=photos, points=points, starts=starts)
    print(len(photos), "pairs,", len(points), "matches")


if __name__ == "__main__":
    main()
