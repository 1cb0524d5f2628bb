#!/usr/bin/env python3
"""The table of the model card: the embedded model beside what it has to beat, on photos that it never saw.

USAGE  evaluate.py --shared DIR --model FILE.onnx [--results DIR] [--only NAME]...
All methods see the same pictures (512 px, whole patches of 16) and are compared by the cosine of single patches.
  WxBS/EVD: share of true points whose nearest patch lies within 1.5 patches, both directions; and recall: correct mutual nearest patches as a share of
    the points, counted the same way. (tools/eval_features.py repeats the first figure from the files below --results.)
  Strecha, TUM: mutual nearest patches within one patch of the true epipolar line as a share of all patches, neighbours up to two photos apart; beside
    it the same with the first photo's patches shuffled, which is chance.
  tracks: the first figure at the points of COLMAP models, every pair of photos that shares 50 points.
  counterparts: of the patches whose true place in a photo one or two further is known (from the points of a COLMAP model around them), the share whose
    mutual nearest patch lies within 1.5 patches of it; "perfect" is a matcher that knows the true places and picks the nearest patch, both ways.
  retrieval: mean average precision of the photos' visual words; each photo of six sets asks for the others of its set, as it is and with its light
    changed as in training at full strength, and each photo of the 18 pairs asks for its partner.
  overlap: the same inside of the fox and the temple, where a photo asks for those whose axis is within 30 degrees of its own; as they are, with photos
    taken either way up (five of the temple's were taken upside down), and so with the light of the asking photo changed.
  depth: ridge regression from patches to log depth at sparse points, R2 on photos that were not fitted.
"""

import argparse
import json
import os
import struct

import cv2
import numpy as np
import torch

import augment
import describe
from model import DinosplatSmall


MODELS = {"fountain": ("fountain-colmap", "sparse/0"), "sceaux": ("sceaux-castle", "reference-models/colmap-bin")}


def full(file):
    picture = cv2.imread(file, cv2.IMREAD_COLOR)
    if picture is None:
        raise IOError(f"{file} cannot be read as a photo")
    return np.ascontiguousarray(picture[:, :, ::-1])


def truth(folder, a, b):
    """True points of a WxBS or EVD pair in pixels of the two photos."""
    listed = os.path.join(folder, "corrs.txt")
    if os.path.isfile(listed):
        c = np.loadtxt(listed).reshape(-1, 4)
        return c[:, :2], c[:, 2:]
    h = np.loadtxt(os.path.join(folder, "H.txt"))
    height, width = a.shape[:2]
    h = h * np.sign(h[2] @ [width / 2, height / 2, 1])
    g = np.stack(np.meshgrid(np.linspace(0, width, 34)[1:-1], np.linspace(0, height, 34)[1:-1]), -1).reshape(-1, 2)
    q = np.c_[g, np.ones(len(g))] @ h.T
    z = q[:, :2] / q[:, 2:]
    ok = (q[:, 2] > 0) & (z >= 0).all(1) & (z[:, 0] < b.shape[1]) & (z[:, 1] < b.shape[0])
    return g[ok], z[ok]


def cells(points, photo, grid):
    """Points of a photo in units of patches."""
    return points * [grid[1] / photo.shape[1], grid[0] / photo.shape[0]]


def pair_figures(fa, fb, p, q):
    """Share of points whose nearest patch is right, and of those whose patches are also mutual; p and q in patches."""
    hits, mutual = [], []
    for f1, f2, a, b in ((fa, fb, p, q), (fb, fa, q, p)):
        columns, other = f1.shape[1], f2.shape[1]
        i = np.minimum(a.astype(int), [columns - 1, f1.shape[0] - 1])
        i = i[:, 1] * columns + i[:, 0]
        s = describe.unit(f1) @ describe.unit(f2).T
        best, back = s.argmax(1), s.argmax(0)
        right = np.linalg.norm(np.c_[best[i] % other, best[i] // other] + 0.5 - b, axis=1) <= 1.5
        hits.append(right.mean())
        mutual.append((right & (back[best[i]] == i)).mean())
    return np.mean(hits), np.mean(mutual)


def wide_baseline(shared, methods, results):
    base = os.path.join(shared, "data", "wxbs-pairs")
    out = {}
    for name in sorted(os.listdir(base)):
        folder = os.path.join(base, name)
        if not os.path.isfile(os.path.join(folder, "01.jpg")):
            continue
        a, b = (full(os.path.join(folder, k + ".jpg")) for k in ("01", "02"))
        p, q = truth(folder, a, b)
        ga, gb = describe.grid_picture(a), describe.grid_picture(b)
        for method, run in methods.items():
            fa, fb = run(ga), run(gb)
            if results and method == "model":
                os.makedirs(os.path.join(results, name, "features"), exist_ok=True)
                np.save(os.path.join(results, name, "features", "01.npy"), fa)
                np.save(os.path.join(results, name, "features", "02.npy"), fb)
            out.setdefault(method, []).append((name, *pair_figures(fa, fb, cells(p, a, fa.shape), cells(q, b, fb.shape))))
    table = {}
    for method, rows in out.items():
        for group, keep in (("WxBS", lambda n: n[0] == "W"), ("EVD", lambda n: n[0] == "E"), ("all", lambda n: True)):
            v = np.array([r[1:] for r in rows if keep(r[0])])
            table.setdefault(method, {})[group] = {"pck": 100 * v[:, 0].mean(), "recall": 100 * v[:, 1].mean()}
    return table


def strecha(folder):
    """(file, K, R camera from world, centre) of each photo."""
    out = []
    for f in sorted(os.listdir(os.path.join(folder, "gt_cameras"))):
        v = np.array(open(os.path.join(folder, "gt_cameras", f), encoding="ascii").read().split(), float)
        out.append((os.path.join(folder, "images", f[:-7]), v[:9].reshape(3, 3), v[12:21].reshape(3, 3).T, v[21:24]))
    return out


def tum(folder):
    """The same for the TUM frames, with the frame's lens coefficients in the fifth place."""
    v = [float(x) for line in open(os.path.join(folder, "intrinsics.txt"), encoding="ascii") if line[0] != "#" for x in line.split()]
    k = np.array([[v[0], 0, v[2]], [0, v[1], v[3]], [0, 0, 1]])
    files = [line.split() for line in open(os.path.join(folder, "rgb.txt"), encoding="ascii") if line[0] != "#"]
    poses = [[float(x) for x in line.split()] for line in open(os.path.join(folder, "groundtruth.txt"), encoding="ascii") if line[0] != "#"]
    out = []
    for (_, file), pose in zip(files, poses):
        x, y, z, w = np.array(pose[4:]) / np.linalg.norm(pose[4:])
        r = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        out.append((os.path.join(folder, file), k, r.T, np.array(pose[1:4]), np.array(v[4:])))
    return out


def epipolar(cameras, methods, seed=5):
    """Correct mutual patches as a share of all, chance, and the share of mutual ones that is correct."""
    pictures = []
    for camera in cameras:
        photo = full(camera[0])
        k = camera[1]
        if len(camera) > 4:
            photo = cv2.undistort(photo, k, camera[4])
        grid = describe.grid_picture(photo)
        pictures.append((grid, np.diag([grid.shape[1] / photo.shape[1], grid.shape[0] / photo.shape[0], 1]) @ k, camera[2], camera[3]))
    table = {}
    for method, run in methods.items():
        maps = [run(p[0]) for p in pictures]
        rng, rows = np.random.default_rng(seed), []
        for gap in (1, 2):
            for (ga, ka, ra, ca), (gb, kb, rb, cb), fa, fb in zip(pictures, pictures[gap:], maps, maps[gap:]):
                t = rb @ (ca - cb)
                cross = np.array([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]])
                f = np.linalg.inv(kb).T @ cross @ rb @ ra.T @ np.linalg.inv(ka)
                rows.append((*_on_line(describe.unit(fa), describe.unit(fb), fa, fb, f), _on_line(describe.unit(fa)[rng.permutation(fa.shape[0] * fa.shape[1])], describe.unit(fb), fa, fb, f)[0]))
        v = np.array(rows).mean(0)
        table[method] = {"correct of all": 100 * v[0], "correct of mutual": 100 * v[1], "chance": 100 * v[2]}
    return table


def _on_line(a, b, fa, fb, f):
    s = a @ b.T
    best = s.argmax(1)
    i = np.flatnonzero(s.argmax(0)[best] == np.arange(len(a)))
    j = best[i]
    p = np.c_[i % fa.shape[1] * 16 + 8, i // fa.shape[1] * 16 + 8, np.ones(len(i))]
    q = np.c_[j % fb.shape[1] * 16 + 8, j // fb.shape[1] * 16 + 8, np.ones(len(j))]
    line = p @ f.T
    right = np.abs((line * q).sum(1)) / np.linalg.norm(line[:, :2], axis=1) <= 16
    return right.sum() / len(a), right.mean() if len(right) else 0.0


def retrieval(shared, methods):
    """Mean average precision of retrieval by visual words: each photo asks for its set, as it is and in another light, or for its partner."""
    data = os.path.join(shared, "data")
    sets = {
        "strecha-fountain-p11": "images",
        "strecha-herz-jesu-p8": "images",
        "sceaux-castle": "images",
        "tum-fr2-desk": "rgb",
        "middlebury-temple-sparse-ring": "",
        "ngp-fox": "images",
    }
    files = []
    for name, sub in sets.items():
        folder = os.path.join(data, name, sub)
        files += [("sets", name, os.path.join(folder, f)) for f in sorted(os.listdir(folder)) if f.lower().endswith((".jpg", ".png"))][:16]
    pairs = os.path.join(data, "wxbs-pairs")
    for name in sorted(os.listdir(pairs)):
        if os.path.isdir(os.path.join(pairs, name)):
            files += [("pairs", name, os.path.join(pairs, name, f)) for f in ("01.jpg", "02.jpg")]
    table = {}
    for group in ("sets", "pairs"):
        chosen = [f for f in files if f[0] == group]
        labels = np.array([f[1] for f in chosen])
        photos = [describe.grid_picture(full(f[2])) for f in chosen]
        rng = np.random.default_rng(7)
        relit = [augment.relit(rng, p) for p in photos] if group == "sets" else []
        for method, run in methods.items():
            maps = [run(p) for p in photos + relit]
            v = describe.words(maps)
            known, asked = v[: len(photos)], v[len(photos) :]
            row = table.setdefault(method, {})
            row[group] = precision(known @ known.T, labels)
            means = np.array([describe.unit(m).mean(0) for m in maps[: len(photos)]])
            means = describe.unit(means - means.mean(0))
            row[group + ", mean of the patches"] = precision(means @ means.T, labels)
            if group == "sets":
                row["sets, other light"] = precision(asked @ known.T, labels)
    return table


def overlap(shared, methods):
    """Within one scene: mean average precision of asking for the photos whose axis is within 30 degrees, beside it the order of chance."""
    table = {}
    for scene, axes in {"fox": fox_axes(shared), "temple": temple_axes(shared)}.items():
        directions = np.array([a[1] for a in axes])
        near = directions @ directions.T > np.cos(np.pi / 6)
        np.fill_diagonal(near, False)
        photos = [describe.grid_picture(full(a[0])) for a in axes]
        rng, n = np.random.default_rng(7), len(axes)
        relit = [augment.relit(rng, p) for p in photos]
        for method, run in {**methods, "chance": None}.items():
            found = {"as it is": np.random.default_rng(3).random((n, n))}
            if run:
                v = describe.words([run(p) for p in photos])
                found["as it is"] = v @ v.T
                found["either way up"] = _either_way(describe.words([run(p) for p in photos + upside_down(photos)]), n)[:n]
                both = describe.words([run(p) for p in photos + relit + upside_down(photos + relit)])
                found["either way up, other light"] = _either_way(both, 2 * n)[n : 2 * n, :n]
            for way, s in found.items():
                precise = [_average_precision(s[k], near[k], k) for k in range(n) if near[k].any()]
                table.setdefault(method, {})[scene + ", " + way] = 100 * np.mean(precise)
    return table


def upside_down(photos):
    return [np.ascontiguousarray(p[::-1, ::-1]) for p in photos]


def _either_way(v, n):
    """Similarity of n photos from their vectors and those of the photos upside down: the greater of both."""
    return np.maximum(v[:n] @ v[:n].T, v[:n] @ v[n:].T)


def fox_axes(shared):
    """(file, direction of view) of each photo of the fox."""
    folder = os.path.join(shared, "data", "ngp-fox")
    with open(os.path.join(folder, "transforms.json"), encoding="utf-8") as f:
        frames = [(os.path.join(folder, x["file_path"]), -np.array(x["transform_matrix"])[:3, 2]) for x in json.load(f)["frames"]]
    return [(f, d / np.linalg.norm(d)) for f, d in sorted(frames, key=lambda x: x[0]) if os.path.isfile(f)]


def temple_axes(shared):
    folder = os.path.join(shared, "data", "middlebury-temple-sparse-ring")
    with open(os.path.join(folder, "templeSR_par.txt"), encoding="ascii") as f:
        rows = [line.split() for line in f.read().splitlines()[1:]]
    return [(os.path.join(folder, r[0]), np.array(r[16:19], float)) for r in rows]


def _average_precision(scores, right, asking):
    order = np.argsort(-scores, kind="stable")
    right = right[order[order != asking]]
    return (np.cumsum(right)[right] / (np.flatnonzero(right) + 1)).mean()


def precision(similarity, labels):
    """Mean average precision in percent: each photo asks for the others of its label, itself left out; also by label."""
    by = {}
    for n, row in enumerate(similarity):
        by.setdefault(labels[n], []).append(_average_precision(row, labels == labels[n], n))
    return {"all": 100 * np.mean(np.concatenate(list(by.values()))), **({k: 100 * np.mean(v) for k, v in by.items()} if len(by) < 10 else {})}


def tracks(shared, methods):
    """Share of the points that two photos of a COLMAP model share whose nearest patch is right, at every distance in the series."""
    table = {}
    for scene, (name, model) in MODELS.items():
        folder = os.path.join(shared, "data", name)
        seen = colmap(os.path.join(folder, model))
        names = sorted(seen)
        photos = [describe.grid_picture(full(os.path.join(folder, "images", k))) for k in names]
        for method, run in methods.items():
            maps, figures = [run(p) for p in photos], []
            for i in range(len(names)):
                for j in range(i + 1, len(names)):
                    (pa, _, (wa, ha), na), (pb, _, (wb, hb), nb) = seen[names[i]], seen[names[j]]
                    _, ia, ib = np.intersect1d(na, nb, return_indices=True)
                    if len(ia) >= 50:
                        fa, fb = maps[i], maps[j]
                        p, q = pa[ia] * [fa.shape[1] / wa, fa.shape[0] / ha], pb[ib] * [fb.shape[1] / wb, fb.shape[0] / hb]
                        figures.append(pair_figures(fa, fb, p, q))
            v = np.array(figures)
            table.setdefault(method, {})[scene] = {"pck": 100 * v[:, 0].mean(), "recall": 100 * v[:, 1].mean(), "pairs": len(v)}
    return table


def counterparts(shared, methods):
    """Right mutual nearest patches as a share of the patches that have a true counterpart, which a place on the epipolar line need not be."""
    table = {}
    for scene, (name, model) in MODELS.items():
        folder = os.path.join(shared, "data", name)
        seen = colmap(os.path.join(folder, model))
        names = sorted(seen)
        photos = [describe.grid_picture(full(os.path.join(folder, "images", k))) for k in names]
        scaled = lambda n, points: points * [photos[n].shape[1] / seen[names[n]][2][0], photos[n].shape[0] / seen[names[n]][2][1]]
        maps = {method: [run(p) for p in photos] for method, run in methods.items()}
        for a, b in [(n, n + gap) for gap in (1, 2) for n in range(len(names) - gap)]:
            (pa, _, _, na), (pb, _, _, nb) = seen[names[a]], seen[names[b]]
            _, ia, ib = np.intersect1d(na, nb, return_indices=True)
            shared_points = np.c_[scaled(a, pa[ia]), scaled(b, pb[ib])]
            known, there, nearest = _moved(shared_points, photos[a], photos[b])
            back_known, _, back = _moved(shared_points[:, [2, 3, 0, 1]], photos[b], photos[a])
            asked = np.flatnonzero(known)
            both = asked[back_known[nearest[asked]]]
            if not len(both):
                continue
            table.setdefault("perfect", {}).setdefault(scene, []).append((back[nearest[both]] == both).mean())
            columns = photos[b].shape[1] // 16
            for method, m in maps.items():
                s = describe.unit(m[a]) @ describe.unit(m[b]).T
                best = s.argmax(1)[asked]
                right = np.linalg.norm(np.c_[best % columns, best // columns] * 16 + 8 - there[asked], axis=1) <= 24
                table.setdefault(method, {}).setdefault(scene, []).append((right & (s.argmax(0)[best] == asked)).mean())
    return {method: {scene: 100 * np.mean(v) for scene, v in row.items()} for method, row in table.items()}


def _moved(matches, photo, other):
    """Of each patch of a photo: whether its true place in the other photo is known and inside of it, that place, and the patch nearest to it."""
    rows, columns = (x // 16 for x in photo.shape[:2])
    centres = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).reshape(-1, 2) * 16 + 8.0
    ok, there = augment.carried(matches, centres, reach=48.0, off=4.0)
    ok &= (there >= 0).all(1) & (there[:, 0] < other.shape[1]) & (there[:, 1] < other.shape[0])
    i = np.clip(there // 16, 0, [other.shape[1] // 16 - 1, other.shape[0] // 16 - 1]).astype(int)
    return ok, there, i[:, 1] * (other.shape[1] // 16) + i[:, 0]


def colmap(folder):
    """{image name: (points [n, 2], depths [n], size of the photo, points' ids [n])} of a COLMAP binary model."""

    def read(f, form):
        return struct.unpack("<" + form, f.read(struct.calcsize("<" + form)))

    sizes, world, out = {}, {}, {}
    with open(os.path.join(folder, "cameras.bin"), "rb") as f:
        for _ in range(read(f, "Q")[0]):
            n, kind, width, height = read(f, "iiQQ")
            read(f, "d" * {0: 3, 1: 4, 2: 4, 3: 5, 4: 8}[kind])
            sizes[n] = (width, height)
    with open(os.path.join(folder, "points3D.bin"), "rb") as f:
        for _ in range(read(f, "Q")[0]):
            n, x, y, z, _, _, _, _, track = read(f, "QdddBBBdQ")
            f.read(8 * track)
            world[n] = (x, y, z)
    with open(os.path.join(folder, "images.bin"), "rb") as f:
        for _ in range(read(f, "Q")[0]):
            _, w, x, y, z, tx, ty, tz, camera = read(f, "idddddddi")
            name = b""
            while (c := f.read(1)) != b"\0":
                name += c
            rows = np.frombuffer(f.read(24 * read(f, "Q")[0]), np.dtype([("p", "<f8", 2), ("n", "<i8")]))
            rows = rows[rows["n"] >= 0]
            third = np.array([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)])
            depth = np.array([world[n] for n in rows["n"]]) @ third + tz
            ok = depth > 0
            out[name.decode()] = (rows["p"][ok], depth[ok], sizes[camera], rows["n"][ok])
    return out


def depth(shared, methods):
    """R2 of log depth on the photos that were not fitted: every second photo of a scene is fitted and the others asked, both ways."""
    table = {}
    for scene, (name, model) in MODELS.items():
        folder = os.path.join(shared, "data", name)
        seen = colmap(os.path.join(folder, model))
        pictures = [(describe.grid_picture(full(os.path.join(folder, "images", k))), *seen[k]) for k in sorted(seen)]
        for method, run in methods.items():
            per = []
            for picture, points, d, (width, height), _ in pictures:
                f = run(picture)
                i = np.minimum((points * [f.shape[1] / width, f.shape[0] / height]).astype(int), [f.shape[1] - 1, f.shape[0] - 1])
                per.append((describe.unit(f)[i[:, 1] * f.shape[1] + i[:, 0]], np.log(d)))
            r2 = []
            for fit, ask in ((per[::2], per[1::2]), (per[1::2], per[::2])):
                x, y = np.concatenate([p[0] for p in fit]), np.concatenate([p[1] for p in fit])
                mx, my = x.mean(0), y.mean()
                w = np.linalg.solve((x - mx).T @ (x - mx) + 1e-3 * len(x) / x.shape[1] * np.eye(x.shape[1]), (x - mx).T @ (y - my))
                asked = np.concatenate([p[1] for p in ask])
                r2.append(1 - np.mean((asked - my - (np.concatenate([p[0] for p in ask]) - mx) @ w) ** 2) / asked.var())
            table.setdefault(method, {})[scene] = float(np.mean(r2))
    return table


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", required=True)
    ap.add_argument("--model", required=True)
    ap.add_argument("--results", help="folder for the model's features of the WxBS and EVD pairs")
    ap.add_argument("--only", action="append", help="judge these methods only: model, random, raw, position, rootsift, xfeat, surf")
    ap.add_argument("--surf", help="class path of BoofCV (mvn dependency:build-classpath -pl matching), to judge its SURF too")
    ap.add_argument("--tests", default="wxbs,fountain,herz-jesu,tum,tracks,counterparts,retrieval,overlap,depth")
    ap.add_argument("--threads", type=int, default=2)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    cv2.setNumThreads(a.threads)
    torch.manual_seed(1)
    methods = {
        "model": describe.network(a.model, a.threads),
        "random": describe.module(DinosplatSmall().eval()),
        "raw": describe.raw,
        "position": describe.position,
        "rootsift": describe.rootsift,
        "xfeat": describe.xfeat(a.shared, a.threads),
    }
    if a.surf:
        methods["surf"] = describe.surf(a.surf)
    if a.only:
        methods = {k: v for k, v in methods.items() if k in a.only}
    data = os.path.join(a.shared, "data")
    tests = {
        "wxbs": lambda: wide_baseline(a.shared, methods, a.results),
        "fountain": lambda: epipolar(strecha(os.path.join(data, "strecha-fountain-p11")), methods),
        "herz-jesu": lambda: epipolar(strecha(os.path.join(data, "strecha-herz-jesu-p8")), methods),
        "tum": lambda: epipolar(tum(os.path.join(data, "tum-fr2-desk")), methods),
        "tracks": lambda: tracks(a.shared, methods),
        "counterparts": lambda: counterparts(a.shared, methods),
        "retrieval": lambda: retrieval(a.shared, methods),
        "overlap": lambda: overlap(a.shared, methods),
        "depth": lambda: depth(a.shared, methods),
    }
    for name in a.tests.split(","):
        print(json.dumps({name: json.loads(json.dumps(tests[name](), default=float), parse_float=lambda x: round(float(x), 3))}), flush=True)


if __name__ == "__main__":
    main()
