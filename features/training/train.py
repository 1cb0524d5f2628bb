#!/usr/bin/env python3
"""Trains dinosplat-small; may be stopped and continued at any time.

USAGE  train.py --cache DIR --run DIR [--steps 6000] [--decay-from 4500] [--threads 2] [--device cpu]
Writes DIR/checkpoint.pt (weights, averaged weights, optimiser states, step) and DIR/log.jsonl below --run. A second call with the same --run goes on
where the checkpoint stands. Batches depend on the seed and the step alone. The learning rate stands still after the warm-up and falls to zero
between --decay-from and --steps, so the end may be chosen while the run is under way.
"""

import argparse
import json
import os
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader

from augment import Steps
from model import PATCH, DinosplatSmall
from photos import Cache

TEACHER = 64
PROTOTYPES = 48
"""Groups that surfaces fall into: few, so that they cannot tell places apart."""


class Trained(nn.Module):
    """The network with the heads that only training needs."""

    def __init__(self):
        super().__init__()
        self.net = DinosplatSmall()
        self.coarse_head = nn.Linear(192, TEACHER)
        self.fine_head = nn.Conv2d(96, TEACHER, 1)
        self.prototypes = nn.Linear(192, PROTOTYPES, bias=False)

    def forward(self, pixel_values):
        """Normed patches [n, 192, rows, columns] and the guesses of the teacher's descriptors at stride 8 and 16."""
        fine, x = self.net.maps(pixel_values)
        x = self.net.norm(x.permute(0, 2, 3, 1))
        return x.permute(0, 3, 1, 2), self.fine_head(fine), self.coarse_head(x)


def sample(maps, points):
    """Bilinear values [n, k, channels] of maps at pixel positions [n, k, 2] of the crops."""
    size = torch.tensor([maps.shape[3] * PATCH, maps.shape[2] * PATCH], dtype=maps.dtype, device=maps.device)
    grid = points / size * 2 - 1
    return F.grid_sample(maps, grid[:, :, None], mode="bilinear", padding_mode="border", align_corners=False)[..., 0].transpose(1, 2)


def contrastive(maps, pa, pb, valid, temperature):
    """InfoNCE of true correspondences among all patches of the batch.

    :param maps: [2 n, channels, rows, columns], the first n are the first views
    :return: loss, share of points whose true match wins
    """
    n, k = valid.shape
    rows, columns = maps.shape[2:]
    unit = F.normalize(maps, dim=1)
    tokens = unit.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])
    ys, xs = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    centres = torch.stack([xs, ys], -1).reshape(-1, 2).to(pa) * PATCH + PATCH / 2
    total, right = 0.0, 0.0
    for mine, theirs, p, q in ((unit[:n], unit[n:], pa, pb), (unit[n:], unit[:n], pb, pa)):
        a = F.normalize(sample(mine, p), dim=2)
        b = F.normalize(sample(theirs, q), dim=2)
        with torch.autocast(maps.device.type, torch.bfloat16):
            logits = (a.reshape(n * k, -1) @ tokens.t()).float().view(n, k, 2 * n, -1)
        near = torch.zeros(n, k, 2 * n, rows * columns, dtype=torch.bool, device=maps.device)
        index = torch.arange(n, device=maps.device)
        first = index if p is pa else index + n
        second = index + n if p is pa else index
        near[index, :, first] = torch.cdist(p, centres.expand(n, -1, -1)) < 24
        near[index, :, second] = torch.cdist(q, centres.expand(n, -1, -1)) < 24
        logits = logits.masked_fill(near, -2.0).view(n, k, -1) / temperature
        positive = (a * b).sum(2, keepdim=True) / temperature
        loss = torch.logsumexp(torch.cat([positive, logits], 2), 2) - positive[..., 0]
        total = total + (loss * valid).sum() / valid.sum()
        right = right + ((positive[..., 0] > logits.amax(2)) * valid).sum() / valid.sum()
    return total / 2, right / 2


def distilled(guess, told, inside):
    """One less the cosine to the teacher's centred descriptors, over the cells inside of the photo. Channels last."""
    return ((1 - F.cosine_similarity(guess.float(), told, dim=-1)) * inside).sum() / inside.sum().clamp(min=1)


def balanced(scores):
    """Soft assignments [samples, groups] that use every group alike (three rounds of Sinkhorn and Knopp, as in SwAV, arXiv 2006.09882)."""
    with torch.no_grad():
        q = torch.exp((scores - scores.max()) / 0.05)
        for _ in range(3):
            q = q / q.sum(0, keepdim=True).clamp(min=1e-9)
            q = q / q.sum(1, keepdim=True).clamp(min=1e-9)
        return q


def grouped(maps, pa, pb, valid, prototypes):
    """Self-distillation: a patch tells the group of the neighbourhood (5 x 5 patches) of its true match in the other view."""
    n = len(valid)
    unit = F.normalize(maps, dim=1)
    around = F.avg_pool2d(unit.detach(), 5, 1, 2, count_include_pad=False)
    weight = F.normalize(prototypes, dim=1)
    ok = valid.flatten()
    mine = torch.cat([sample(unit[:n], pa).flatten(0, 1)[ok], sample(unit[n:], pb).flatten(0, 1)[ok]])
    told = torch.cat([sample(around[n:], pb).flatten(0, 1)[ok], sample(around[:n], pa).flatten(0, 1)[ok]])
    target = balanced(F.normalize(told, dim=1) @ weight.detach().t())
    guess = F.log_softmax(F.normalize(mine, dim=1) @ weight.t() / 0.1, 1)
    return -(target * guess).sum(1).mean()


def gram(maps, told, inside):
    """Squared difference of the cosines between a crop's patches and those between the teacher's (Gram anchoring)."""
    x = F.normalize(maps.flatten(2).transpose(1, 2), dim=2)
    t = F.normalize(told.flatten(1, 2), dim=2)
    w = inside.flatten(1).to(x.dtype)
    w = w[:, :, None] * w[:, None]
    return ((x @ x.transpose(1, 2) - t @ t.transpose(1, 2)).square() * w).sum() / w.sum().clamp(min=1)


def optimisers(model, rate):
    """Muon for the matrices of the blocks, AdamW for the rest."""
    matrices = [p for n, p in model.net.named_parameters() if n.endswith(("expand.weight", "contract.weight"))]
    known = {id(p) for p in matrices}
    known.add(id(model.prototypes.weight))
    rest = [p for p in model.parameters() if id(p) not in known]
    many, few = [p for p in rest if p.ndim > 1], [p for p in rest if p.ndim <= 1]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.02, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(
            [{"params": many, "weight_decay": 0.02}, {"params": few, "weight_decay": 0.0}, {"params": [model.prototypes.weight], "weight_decay": 0.0}],
            lr=rate,
            betas=(0.9, 0.98),
        ),
    ]


def rate_at(step, warm, decay_from, steps):
    if step < warm:
        return (step + 1) / warm
    if step < decay_from:
        return 1.0
    return max(0.0, 1 - ((step - decay_from) / max(1, steps - decay_from)) ** 0.5)


class Batches(torch.utils.data.Dataset):
    """The steps from a given one on."""

    def __init__(self, steps, first, last):
        self.steps, self.first, self.last = steps, first, last

    def __len__(self):
        return self.last - self.first

    def __getitem__(self, n):
        import cv2

        cv2.setNumThreads(1)
        return [torch.from_numpy(x) for x in self.steps.batch(self.first + n)]


def teacher_mean(cache):
    """Mean descriptor of the teacher over the training photos."""
    total, count = 0, 0
    for n in range(0, len(cache.items), 3):
        if not cache.is_validation(n):
            t = cache.teacher(n)[::4, ::4].astype("float32").reshape(-1, TEACHER)
            total, count = total + t.sum(0), count + len(t)
    return torch.from_numpy(total / count)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--cache", required=True)
    ap.add_argument("--run", required=True)
    ap.add_argument("--steps", type=int, default=6000)
    ap.add_argument("--decay-from", type=int, default=4500)
    ap.add_argument("--warm", type=int, default=100)
    ap.add_argument("--ramp", type=int, default=1500, help="steps over which the augmentation would grow from 0.3 to 1")
    ap.add_argument("--strength", type=float, default=1.0, help="greatest strength of the augmentation; at 1 most pairs are beyond recognition")
    ap.add_argument("--multi-view", type=float, default=0.35, help="share of true pairs of one scene")
    ap.add_argument("--wide", type=float, default=0.0, help="how often a warped view is stretched up to three times")
    ap.add_argument("--tilt", type=float, default=0.5, help="deviation of the logarithm of that stretch")
    ap.add_argument("--season", type=float, default=0.0, help="how often the second view gets the look of another season or hour")
    ap.add_argument("--rate", type=float, default=2e-3)
    ap.add_argument("--pairs", type=int, default=8)
    ap.add_argument("--size", type=int, default=224)
    ap.add_argument("--correspondences", type=int, default=64)
    ap.add_argument("--temperature", type=float, default=0.06)
    ap.add_argument("--coarse", type=float, default=2.0, help="weight of the teacher's descriptors")
    ap.add_argument("--gram", type=float, default=4.0, help="weight of the teacher's cosines between patches")
    ap.add_argument("--group", type=float, default=0.5, help="weight of the self-distillation to groups")
    ap.add_argument("--average", type=float, default=0.998)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--workers", type=int, default=1)
    ap.add_argument("--device", default="cpu")
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    os.makedirs(a.run, exist_ok=True)
    cache = Cache(a.cache)
    model = Trained().to(a.device, memory_format=torch.channels_last)
    averaged = {k: v.clone() for k, v in model.state_dict().items()}
    opts = optimisers(model, a.rate)
    step = 0
    path = os.path.join(a.run, "checkpoint.pt")
    if os.path.isfile(path):
        kept = torch.load(path, map_location=a.device, weights_only=True)
        model.load_state_dict(kept["weights"])
        averaged = kept["averaged"]
        step = kept["step"]
        for o, s in zip(opts, kept["optimisers"]):
            o.load_state_dict(s)
    mean = teacher_mean(cache).to(a.device)
    steps = Steps(cache, a.seed, a.pairs, a.size, a.correspondences, a.ramp, a.strength, a.wide, a.multi_view, a.season, a.tilt)
    loader = DataLoader(Batches(steps, step, a.steps), batch_size=None, num_workers=a.workers, prefetch_factor=6 if a.workers else None)
    log = open(os.path.join(a.run, "log.jsonl"), "a", encoding="utf-8")
    sums, began, used = {}, time.time(), time.process_time()

    def save():
        state = {"weights": model.state_dict(), "averaged": averaged, "step": step, "optimisers": [o.state_dict() for o in opts], "arguments": vars(a)}
        torch.save(state, path + ".new")
        os.replace(path + ".new", path)

    for views, told, inside, points, valid in loader:
        views, told, inside, points, valid = (x.to(a.device) for x in (views, told, inside, points, valid))
        for o in opts:
            for g in o.param_groups:
                g["lr"] = a.rate * rate_at(step, a.warm, a.decay_from, a.steps)
        views = views.transpose(0, 1).flatten(0, 1).contiguous(memory_format=torch.channels_last)
        told = told.transpose(0, 1).flatten(0, 1).float() - mean
        inside = inside.transpose(0, 1).flatten(0, 1)
        with torch.autocast(a.device, torch.bfloat16):
            maps, fine, coarse = model(views)
        maps = maps.float()
        told16 = F.avg_pool2d(told.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)
        inside16 = inside[:, ::2, ::2] & inside[:, 1::2, 1::2] & inside[:, ::2, 1::2] & inside[:, 1::2, ::2]
        matched, right = contrastive(maps, points[..., :2], points[..., 2:], valid, a.temperature)
        parts = {
            "match": matched,
            "coarse": distilled(coarse, told16, inside16),
            "fine": distilled(fine.permute(0, 2, 3, 1), told, inside),
            "gram": gram(maps, told16, inside16),
            "group": grouped(maps, points[..., :2], points[..., 2:], valid, model.prototypes.weight),
        }
        loss = parts["match"] + a.coarse * parts["coarse"] + parts["fine"] + a.gram * parts["gram"] + a.group * parts["group"]
        loss.backward()
        parts["norm"] = nn.utils.clip_grad_norm_(model.parameters(), 3.0)
        parts["right"] = right
        for o in opts:
            o.step()
            o.zero_grad()
        step += 1
        with torch.no_grad():
            keep = min(a.average, step / (step + 10))
            for k, v in model.state_dict().items():
                averaged[k].lerp_(v, 1 - keep)
        for k, v in parts.items():
            sums[k] = sums.get(k, 0) + float(v.detach()) / 50
        if step % 50 == 0:
            sums.update(step=step, wall=round(time.time() - began, 1), cpu=round(time.process_time() - used, 1))
            log.write(json.dumps({k: round(v, 4) for k, v in sums.items()}) + "\n")
            log.flush()
            sums = {}
        if step % 100 == 0:
            save()
    save()


if __name__ == "__main__":
    main()
