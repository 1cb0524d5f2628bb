#!/usr/bin/env python3
"""Relative poses of all pairs of a set by OpenCV: the peer of `dinosplat pairs two-view`, as a row of the same table.

    two_view_opencv.py DATA [fountain] [herz-jesu] [tum]

SIFT with 4,096 features and root descriptors, mutual nearest neighbours with a ratio of 0.8, points without distortion,
essential matrix by USAC_MAGSAC at 1 pixel with known cameras. Needs numpy and cv2 (Debian: python3-opencv).
"""
import itertools
import os
import sys
import time

import cv2
import numpy as np

FEATURES = 4096
RATIO = 0.8
THRESHOLD = 1.0
LIMITS = (1, 3, 5, 10)


def strecha(folder):
    """[(photo, K, distortion, camera-from-world rotation, centre)]; Strecha's files count pixels from the first one's centre."""
    views = []
    for name in sorted(os.listdir(f"{folder}/gt_cameras")):
        if name.endswith(".camera"):
            n = [float(v) for v in open(f"{folder}/gt_cameras/{name}").read().split()]
            k, r, c = np.reshape(n[:9], (3, 3)), np.reshape(n[12:21], (3, 3)), np.array(n[21:24])
            views.append((f"{folder}/images/{name[:-len('.camera')]}", k, np.zeros(5), r.T, c))
    return views


def tum(folder):
    rows = lambda name: [line.split() for line in open(f"{folder}/{name}") if line.strip() and line[0] != "#"]
    fx, fy, cx, cy, *distortion = [float(v) for v in rows("intrinsics.txt")[0]]
    poses = {row[0]: [float(v) for v in row[1:]] for row in rows("groundtruth.txt")}
    views = []
    for when, name in rows("rgb.txt"):
        x, y, z, qx, qy, qz, qw = poses[when]
        v, w = np.array([qx, qy, qz]), qw
        cross = np.array([[0, -qz, qy], [qz, 0, -qx], [-qy, qx, 0]])
        r = (w * w - v @ v) * np.eye(3) + 2 * np.outer(v, v) + 2 * w * cross
        k = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]])
        views.append((f"{folder}/{name}", k, np.array(distortion), r.T, np.array([x, y, z])))
    return views


def detect(photo):
    keypoints, descriptors = cv2.SIFT_create(FEATURES).detectAndCompute(cv2.imread(photo, cv2.IMREAD_GRAYSCALE), None)
    root = np.sqrt(descriptors / np.maximum(descriptors.sum(1, keepdims=True), 1e-9))
    # Some places have several orientations, which come beyond the number asked for.
    return np.array([k.pt for k in keypoints[:FEATURES]]), root[:FEATURES].astype(np.float32)


def match(a, b):
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    best = lambda p, q: {
        m.queryIdx: m.trainIdx for m, second in matcher.knnMatch(p, q, k=2) if m.distance < RATIO * second.distance
    }
    back = best(b, a)
    return np.array([(i, j) for i, j in best(a, b).items() if back.get(j) == i], int).reshape(-1, 2)


def angle(u, v):
    return np.degrees(np.arctan2(np.linalg.norm(np.cross(u, v)), u @ v))


def error(view_a, view_b, points_a, points_b):
    """The greater of the errors of rotation and direction in degrees, and how many matches agree."""
    (_, ka, da, ra, ca), (_, kb, db, rb, cb) = view_a, view_b
    if len(points_a) < 6:
        return 180.0, 0
    straight_a = cv2.undistortPoints(points_a[:, None], ka, da).reshape(-1, 2)
    straight_b = cv2.undistortPoints(points_b[:, None], kb, db).reshape(-1, 2)
    focal = (ka[0, 0] + ka[1, 1] + kb[0, 0] + kb[1, 1]) / 4
    e, mask = cv2.findEssentialMat(straight_a, straight_b, np.eye(3), cv2.USAC_MAGSAC, 0.9999, THRESHOLD / focal)
    if e is None or e.shape != (3, 3):
        return 180.0, 0
    _, r, t, _ = cv2.recoverPose(e, straight_a, straight_b, np.eye(3), mask=mask.copy())
    true_r = rb @ ra.T
    turned = r @ true_r.T
    sine = np.linalg.norm([turned[2, 1] - turned[1, 2], turned[0, 2] - turned[2, 0], turned[1, 0] - turned[0, 1]])
    rotation = np.degrees(np.arctan2(sine, np.trace(turned) - 1))
    return max(rotation, angle(t.ravel(), rb @ (ca - cb))), int(mask.sum())


def measure(name, views):
    start = time.process_time()
    features = [detect(v[0]) for v in views]
    detection = (time.process_time() - start) / len(views)
    start = time.process_time()
    results = []
    for (i, a), (j, b) in itertools.combinations(enumerate(views), 2):
        m = match(features[i][1], features[j][1])
        results.append(error(a, b, features[i][0][m[:, 0]], features[j][0][m[:, 1]]))
    pair = (time.process_time() - start) / len(results)
    errors = np.array([e for e, _ in results])
    areas = " ".join(f"{np.maximum(0, 1 - errors / limit).mean():.3f}" for limit in LIMITS)
    inliers = sorted(n for _, n in results)[len(results) // 2]
    middle = np.sort(errors)[len(errors) // 2]
    print(f"| {name} | {len(results)} | {areas} | {middle:.2f} | {inliers} | {detection:.2f} | {pair:.3f} |", flush=True)


def main():
    data, sets = sys.argv[1], sys.argv[2:] or ["fountain", "herz-jesu", "tum"]
    cv2.setNumThreads(2)
    print("| set | pairs | AUC@1/3/5/10 | median error, degrees | median inliers | CPU s a photo | CPU s a pair |")
    print("|---|---|---|---|---|---|---|")
    for name in sets:
        if name == "tum":
            measure(name, tum(f"{data}/tum-fr2-desk"))
        else:
            measure(name, strecha(f"{data}/strecha-{'fountain-p11' if name == 'fountain' else 'herz-jesu-p8'}"))


if __name__ == "__main__":
    main()
