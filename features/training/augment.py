"""Pairs of crops with known correspondences and strong changes of light, seeded by the number of the training step."""

import math

import cv2
import numpy as np

MEAN = np.float32([0.485, 0.456, 0.406])
STD = np.float32([0.229, 0.224, 0.225])


def view(rng, centre, size, strength, wide=0.0, tilt=0.5):
    """A random homography from pixels of a crop to pixels of its photo; wide is how often a plane is seen aslant by tilt."""
    scale = math.exp(rng.uniform(-0.55, 0.45) * strength)
    angle = np.clip(rng.normal(0, 14), -40, 40) * strength * math.pi / 180
    if rng.random() < 0.1 * strength:
        angle = rng.uniform(-math.pi, math.pi)
    stretch = math.exp(rng.normal(0, tilt if wide > 0 and rng.random() < wide else 0.22) * strength)
    along = rng.uniform(0, math.pi)
    turn = lambda a: np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    affine = scale * turn(angle) @ turn(along) @ np.diag([stretch, 1 / stretch]) @ turn(-along)
    tilt = rng.normal(0, 0.22, 2).clip(-0.5, 0.5) * strength / size
    m = np.eye(3)
    m[:2, :2] = affine
    m[:2, 2] = centre
    p = np.eye(3)
    p[2, :2] = tilt
    back = np.array([[1, 0, -size / 2], [0, 1, -size / 2], [0, 0, 1.0]])
    return m @ p @ back


def apply(matrix, points):
    """Points [n, 2] through a homography."""
    q = points @ matrix[:, :2].T + matrix[:, 2]
    return q[:, :2] / q[:, 2:]


def _field(rng, size, cells, deviation):
    """A smooth random field over the crop."""
    return cv2.resize(rng.normal(0, deviation, (cells, cells)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)


def light(rng, x, strength):
    """Changes light, colour, sharpness and noise of a crop [size, size, 3] in 0..1."""
    size = x.shape[0]
    if rng.random() < 0.6 * strength:  # light that differs from place to place, as lamps and shadows make it
        field = _field(rng, size, int(rng.integers(2, 7)), rng.uniform(0.2, 0.8))
        x = x * cv2.exp(field - max(0.0, float(field.max()) - 0.5))[:, :, None]
    if rng.random() < 0.25 * strength:  # the hard edge of a shadow
        a = rng.uniform(0, 2 * math.pi)
        g = (np.arange(size, dtype=np.float32) - size / 2) / size
        side = g[None, :] * math.cos(a) + g[:, None] * math.sin(a) > rng.uniform(-0.3, 0.3)
        x = x * np.where(side, np.float32(rng.uniform(0.3, 0.8)), np.float32(1))[:, :, None]
    x = cv2.pow(np.clip(x, 1e-4, 1).astype(np.float32), math.exp(rng.normal(0, 0.4) * strength))
    gain = math.exp(rng.normal(0, 0.3) * strength)
    x = x * np.float32(gain) + np.float32(0.5 - 0.5 * gain + rng.normal(0, 0.12) * strength)
    x = x * np.exp(rng.normal(0, 0.15 * strength, 3)).astype(np.float32)
    grey = cv2.transform(x, np.full((1, 3), 1 / 3))[:, :, None]
    if rng.random() < 0.2:
        x = np.repeat(grey, 3, 2)
    else:
        x = grey + (x - grey) * np.float32(rng.uniform(1 - 0.9 * strength, 1 + 0.5 * strength))
        if rng.random() < 0.3 * strength:  # seasons: leaves and grass change their colours
            x = cv2.transform(x, np.eye(3) + rng.normal(0, 0.25, (3, 3)))
    if rng.random() < 0.2 * strength:  # night: dark with noise
        x = x * np.float32(rng.uniform(0.2, 0.6))
    if rng.random() < 0.05 * strength:
        x = 1 - x
    if rng.random() < 0.35 * strength:
        x = cv2.GaussianBlur(np.ascontiguousarray(x, np.float32), (0, 0), rng.uniform(0.4, 1.8))
    x = np.clip(x, 0, 1)
    if rng.random() < 0.4 * strength:
        x = x + np.float32(rng.uniform(0.005, 0.05)) * rng.standard_normal(x.shape, np.float32)
    x = np.clip(x, 0, 1).astype(np.float32)
    if rng.random() < 0.25 * strength:
        ok, code = cv2.imencode(".jpg", (x * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
        if ok:
            x = cv2.imdecode(code, cv2.IMREAD_COLOR).astype(np.float32) / 255
    return x


def season(rng, x, other):
    """Gives a crop the look of another hour or season but keeps its edges: each change with its own odds.

    :param x: crop [size, size, 3] in 0..1
    :param other: a crop of another photo, of the same size, that lends its light, colours and surfaces
    """
    size = x.shape[0]
    if rng.random() < 0.4:  # other lamps: the coarse part of the light is the other photo's
        width = size * rng.uniform(0.06, 0.2)
        mine, theirs = (cv2.GaussianBlur(z.mean(2), (0, 0), width) + 0.02 for z in (x, other))
        x = x * np.clip(theirs / mine, 0.1, 6)[:, :, None] ** np.float32(rng.uniform(0.5, 1))
    if rng.random() < 0.35:  # other surfaces: a random convolution keeps shapes and changes all else (RandConv, arXiv 2007.13003)
        side = int(rng.choice([1, 3, 5]))
        kernels = rng.normal(0, 1 / math.sqrt(3 * side * side), (3, 3, side, side)).astype(np.float32)
        y = np.stack([sum(cv2.filter2D(x[:, :, i], -1, kernels[o, i]) for i in range(3)) for o in range(3)], 2)
        y = (y - y.mean((0, 1))) / (y.std((0, 1)) + 1e-3) * x.std((0, 1)) + x.mean((0, 1))
        x = x + np.float32(rng.uniform(0.3, 0.9)) * (y - x)
    if rng.random() < 0.4:  # the other photo's colours
        y = (x - x.mean((0, 1))) / (x.std((0, 1)) + 0.02) * other.std((0, 1)) + other.mean((0, 1))
        x = x + np.float32(rng.uniform(0.4, 1)) * (y - x)
    if rng.random() < 0.25:  # a curve of tones that need not rise: snow, wet ground, infrared
        knots = np.linspace(0, 1, 6) + rng.normal(0, 0.22, 6)
        curve = np.interp(np.linspace(0, 1, 256), np.linspace(0, 1, 6), knots)
        curve = cv2.GaussianBlur(curve.astype(np.float32)[None], (0, 0), 12)[0]
        x = np.interp(np.clip(x, 0, 1), np.linspace(0, 1, 256), curve)
    if rng.random() < 0.25:  # night: dark, a few warm lamps
        x = cv2.pow(np.clip(x, 1e-4, 1).astype(np.float32), rng.uniform(1, 2)) * np.float32(rng.uniform(0.15, 0.5))
        ys, xs = np.mgrid[:size, :size].astype(np.float32)
        for _ in range(rng.integers(0, 5)):
            radius = size * rng.uniform(0.03, 0.25)
            far = ((xs - rng.uniform(0, size)) ** 2 + (ys - rng.uniform(0, size)) ** 2) / radius**2
            glow = np.exp(-far)[:, :, None].astype(np.float32) * np.float32([1, rng.uniform(0.6, 1), rng.uniform(0.3, 1)])
            x = x * (1 + np.float32(rng.uniform(0.5, 3)) * glow) + np.float32(rng.uniform(0, 0.3)) * glow
    if rng.random() < 0.2:  # branches, wires, snow
        x = np.ascontiguousarray(x, np.float32)
        tone = float(rng.uniform(0, 1))
        for _ in range(rng.integers(3, 25)):
            a = rng.uniform(0, size, 2)
            b = a + rng.normal(0, size * 0.2, 2)
            cv2.line(x, tuple(int(v) for v in a), tuple(int(v) for v in b), (tone, tone, tone), int(rng.integers(1, 5)), cv2.LINE_AA)
    return np.clip(x, 0, 1).astype(np.float32)


def carried(points, at, near=8, reach=40.0, off=1.5):
    """Where true matches take other places of the first picture: by the affine map of the nearest eight matches.

    :param points: matches [n, 4] in pixels of two pictures
    :param at: places [k, 2] in the first picture
    :return: which of the places [k] have eight matches around them that lie within reach and agree with one map to off pixels, and where each comes to [k, 2]
    """
    if len(points) < near or not len(at):
        return np.zeros(len(at), bool), np.zeros((len(at), 2))
    far = ((at[:, None] - points[None, :, :2]) ** 2).sum(2)
    nearest = np.argpartition(far, near - 1, 1)[:, :near]
    around = points[nearest]
    x = np.concatenate([around[:, :, :2] - at[:, None], np.ones((len(at), near, 1))], 2)
    steady = np.einsum("nki,nkj->nij", x, x) + np.diag([1.0, 1.0, 1e-3])
    fit = np.linalg.solve(steady, np.einsum("nki,nkj->nij", x, around[:, :, 2:]))
    wrong = np.abs(np.einsum("nki,nij->nkj", x, fit) - around[:, :, 2:]).max((1, 2))
    reached = np.take_along_axis(far, nearest, 1).max(1) < reach**2
    beside = np.linalg.norm(x[:, :, :2].mean(1), axis=1) < reach / 2
    return reached & beside & (wrong < off), fit[:, 2]


def crop(photo, matrix, size):
    """The crop that a homography from crop to photo sees, in 0..1; reflected beyond the photo's edge."""
    seen = cv2.warpPerspective(photo, matrix, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
    return seen.astype(np.float32) / 255


def told(teacher, matrix, size, photo_shape):
    """The teacher's descriptors at the centres of a crop's 8 x 8 cells, and which of them lie inside the photo."""
    n = size // 8
    g = np.arange(n) * 8 + 4.0
    points = apply(matrix, np.stack(np.meshgrid(g, g), -1).reshape(-1, 2))
    inside = (points >= 0).all(1) & (points[:, 0] < photo_shape[1]) & (points[:, 1] < photo_shape[0])
    rows, columns = teacher.shape[:2]
    at = points / 8 - 0.5
    x = np.clip(at[:, 0], 0, columns - 1.001)
    y = np.clip(at[:, 1], 0, rows - 1.001)
    i, j = y.astype(int), x.astype(int)
    fy, fx = (y - i)[:, None].astype(np.float32), (x - j)[:, None].astype(np.float32)
    i2, j2 = np.minimum(i + 1, rows - 1), np.minimum(j + 1, columns - 1)
    t = (teacher[i, j] * (1 - fx) + teacher[i, j2] * fx) * (1 - fy) + (teacher[i2, j] * (1 - fx) + teacher[i2, j2] * fx) * fy
    return t.reshape(n, n, -1), inside.reshape(n, n)


class Steps:
    """Training batches by the number of their step: the same seed and step give the same batch."""

    def __init__(self, cache, seed, pairs, size, correspondences, ramp, strength=1.0, wide=0.0, multi_view=0.35, season=0.0, tilt=0.5):
        self.cache, self.seed, self.count, self.size = cache, seed, pairs, size
        self.correspondences, self.ramp, self.wide, self.multi_view = correspondences, ramp, wide, multi_view
        self.strength, self.season, self.tilt = strength, season, tilt
        self.photos = [n for n in range(len(cache.items)) if not cache.is_validation(n)]
        scenes = {}
        for n, (a, _, _) in enumerate(cache.pairs):
            if not cache.is_validation(a):
                scenes.setdefault(cache.items[a]["folder"], []).append(n)
        self.scenes = [scenes[k] for k in sorted(scenes)]
        weights = np.array([math.sqrt(len(s)) for s in self.scenes])
        self.scene_odds = weights / max(1.0, weights.sum())
        if not self.scenes:
            self.multi_view = 0.0

    def batch(self, step):
        rng = np.random.default_rng((self.seed, step))
        strength = min(self.strength, 0.3 + 0.7 * step / max(1, self.ramp))
        made = []
        while len(made) < self.count:
            pair = self._real(rng, strength) if rng.random() < self.multi_view else self._warped(rng, strength)
            if pair is not None:
                made.append(pair)
        return tuple(np.stack(z) for z in zip(*made))

    def _finish(self, rng, photos, matrices, points, strength):
        s, k = self.size, self.correspondences
        ok = ((points >= 4) & (points < s - 4)).all(1)
        points = points[ok]
        if len(points) < 16:
            return None
        pick = rng.permutation(len(points))[:k]
        valid = np.arange(k) < len(pick)
        points = np.concatenate([points[pick], np.zeros((k - len(pick), 4))]).astype(np.float32)
        views, targets, inside = [], [], []
        for n, (photo, m) in enumerate(zip(photos, matrices)):
            pixels = self.cache.pixels(photo)
            x = crop(pixels, m, s)
            if n == 1 and self.season > 0 and rng.random() < self.season:
                x = season(rng, x, self._other(rng))
            x = light(rng, x, strength * (0.5 if n == 0 else 1.0))
            views.append(((x - MEAN) / STD).transpose(2, 0, 1))
            t, i = told(self.cache.teacher(photo), m, s, pixels.shape)
            targets.append(t.astype(np.float16))
            inside.append(i)
        if rng.random() < 0.5:  # either view may be the hard one
            order = [1, 0]
            points = points[:, [2, 3, 0, 1]]
        else:
            order = [0, 1]
        take = lambda z: np.stack([z[o] for o in order])
        return take(views).astype(np.float32), take(targets), take(inside), points, valid

    def _other(self, rng):
        """A crop of any training photo."""
        pixels = self.cache.pixels(int(self.photos[rng.integers(len(self.photos))]))
        height, width = pixels.shape[:2]
        return crop(pixels, view(rng, rng.uniform([0.3 * width, 0.3 * height], [0.7 * width, 0.7 * height]), self.size, 0.3), self.size)

    def _warped(self, rng, strength):
        photo = int(self.photos[rng.integers(len(self.photos))])
        height, width = self.cache.pixels(photo).shape[:2]
        s = self.size
        low = np.minimum([width / 2, height / 2], s * 0.4)
        centre = rng.uniform(low, [width - low[0], height - low[1]])
        a = view(rng, centre, s, 0.5 * strength)
        b = view(rng, centre + rng.uniform(-0.25, 0.25, 2) * s * strength, s, strength, self.wide, self.tilt)
        g = np.arange(s // 16) * 16 + 8.0
        pa = np.stack(np.meshgrid(g, g), -1).reshape(-1, 2)
        world = apply(a, pa)
        inside = (world >= 0).all(1) & (world[:, 0] < width) & (world[:, 1] < height)
        pb = apply(np.linalg.inv(b), world[inside])
        return self._finish(rng, (photo, photo), (a, b), np.c_[pa[inside], pb], strength)

    def _real(self, rng, strength):
        scene = self.scenes[rng.choice(len(self.scenes), p=self.scene_odds)]
        a, b, points = self.cache.pairs[scene[rng.integers(len(scene))]]
        anchor = points[rng.integers(len(points))]
        s = self.size
        ma = view(rng, anchor[:2] + rng.uniform(-0.2, 0.2, 2) * s, s, 0.5 * strength)
        mb = view(rng, anchor[2:] + rng.uniform(-0.2, 0.2, 2) * s, s, 0.6 * strength)
        moved = np.c_[apply(np.linalg.inv(ma), points[:, :2]), apply(np.linalg.inv(mb), points[:, 2:])]
        return self._finish(rng, (a, b), (ma, mb), moved, strength)


def relit(rng, picture):
    """The photo in another light, at full strength."""
    side = max(picture.shape[:2])
    square = cv2.copyMakeBorder(np.ascontiguousarray(picture), 0, side - picture.shape[0], 0, side - picture.shape[1], cv2.BORDER_REFLECT_101)
    x = light(rng, square.astype(np.float32) / 255, 1.0)
    return (x[: picture.shape[0], : picture.shape[1]] * 255).astype(np.uint8)
