"""Which photos train the embedded model, and their cache in memory-mapped files.

Only sets whose licence allows it are listed. The sets that judge the model (WxBS, EVD, Strecha, TUM, Middlebury) must never be added here.
"""

import json
import os

import cv2
import numpy as np

LONG_SIDE = 512
"""Photos are held with this long side at most, the size at which features are judged."""

VALIDATION = (
    "mv-boofcv-stone-sign",
    "mv-boofcv-apartment-building",
    "mv-boofcv-log-building-02",
    "mv-boofcv-stereo-garden01",
    "mv-boofcv-stereo-sundial01",
    "mv-boofcv-skull",
    "mv-boofcv-ditch-02",
    "mv-odm-garfield",
    "mv-conch",
    "one-berlin",
    "one-malta",
    "one-hampstead",
)
"""Folders that no training step sees: they choose between settings."""

EXTRA_SETS = {
    "odm-caliterra": "CC0 1.0",
    "odm-copr": "CC BY-SA 4.0",
    "opensfm-lund": "BSD 2-Clause",
    "opensfm-berlin": "BSD 2-Clause",
}
"""Sets of shared/data that may be trained on, with their licence; each is one folder of views of one scene."""


def listing(root):
    """All training photos below the shared folder.

    :param root: the folder that holds train-photos and data
    :return: sorted list of (folder, file); a folder that starts with "mv-" holds views of one scene in order of capture
    """
    found = []
    base = os.path.join(root, "train-photos")
    for folder in sorted(os.listdir(base)):
        path = os.path.join(base, folder)
        if os.path.isdir(path) and folder[:3] in ("mv-", "one"):
            found += [(folder, os.path.join(path, f)) for f in sorted(os.listdir(path)) if f.lower().endswith((".jpg", ".jpeg", ".png"))]
    for name in sorted(EXTRA_SETS):
        path = os.path.join(root, "data", name, "images")
        found += [("mv-" + name, os.path.join(path, f)) for f in sorted(os.listdir(path)) if f.lower().endswith((".jpg", ".jpeg"))]
    return found


def load(file, long_side=LONG_SIDE):
    """Reads a photo as RGB bytes [height, width, 3], shrunk to the long side if it is larger."""
    picture = cv2.imread(file, cv2.IMREAD_COLOR)
    if picture is None:
        raise IOError(f"{file} cannot be read as a photo: is the file whole?")
    height, width = picture.shape[:2]
    scale = min(1.0, long_side / max(height, width))
    if scale < 1:
        picture = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture[:, :, ::-1])


class Cache:
    """Decoded photos and the teacher's descriptors, memory-mapped so that any number of loaders share them."""

    def __init__(self, folder):
        with open(os.path.join(folder, "photos.json"), encoding="utf-8") as f:
            self.items = json.load(f)
        self._pixels = np.memmap(os.path.join(folder, "pixels.u8"), np.uint8, "r")
        self._teacher = np.memmap(os.path.join(folder, "teacher.f16"), np.float16, "r")
        pairs = os.path.join(folder, "pairs.npz")
        self.pairs = []
        if os.path.isfile(pairs):
            data = np.load(pairs)
            starts, points = data["starts"], data["points"]
            for n, (a, b) in enumerate(data["photos"]):
                self.pairs.append((int(a), int(b), points[starts[n] : starts[n + 1]]))

    def pixels(self, index):
        """RGB bytes [height, width, 3] of a photo."""
        item = self.items[index]
        size = item["height"] * item["width"] * 3
        return self._pixels[item["pixels"] : item["pixels"] + size].reshape(item["height"], item["width"], 3)

    def teacher(self, index):
        """The teacher's descriptors [rows, columns, channels] of a photo, one for each cell of 8 x 8 pixels."""
        item = self.items[index]
        rows, columns, channels = item["teacher_shape"]
        return self._teacher[item["teacher"] : item["teacher"] + rows * columns * channels].reshape(rows, columns, channels)

    def is_validation(self, index):
        return self.items[index]["folder"] in VALIDATION
