"""The network dinosplat-small: the ConvNeXt form of the DINOv3 family, read out at stride 16."""

import math

import torch
import torch.nn.functional as F
from torch import nn

WIDTHS = (48, 96, 192)
DEPTHS = (2, 3, 4)
STEM = 32
PATCH = 16


class Conv(nn.Conv2d):
    """A convolution in float even inside of autocast: its backward pass is several times slower in bfloat16 on a CPU."""

    def forward(self, x):
        with torch.autocast(x.device.type, enabled=x.device.type != "cpu"):
            return super().forward(x if x.device.type != "cpu" else x.float())


class ChannelNorm(nn.Module):
    """LayerNorm over the channels of [batch, channels, height, width]."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Block(nn.Module):
    """ConvNeXt's block: depthwise 7 x 7, LayerNorm, an MLP four times as wide, LayerScale, residual (arXiv 2201.03545)."""

    def __init__(self, channels):
        super().__init__()
        self.depthwise = Conv(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.expand = nn.Linear(channels, 4 * channels)
        self.contract = nn.Linear(4 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.3))

    def forward(self, x):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.contract(F.gelu(self.expand(y))) * self.scale
        return x + y.permute(0, 3, 1, 2)


class LocalContrast(nn.Module):
    """Grey values less their local mean, over their local deviation, both over about 40 pixels.

    Takes out of the picture what differs between day and night and costs next to nothing: the statistics are taken on
    means over 8 x 8 pixels. Needs height and width divisible by 8.
    """

    def forward(self, x):
        grey = x.mean(1, keepdim=True)
        around = self._spread(F.avg_pool2d(grey, 8))
        difference = grey - around
        power = self._spread(F.avg_pool2d(difference * difference, 8))
        return difference / torch.sqrt(power + 2e-3)

    @staticmethod
    def _spread(cells):
        mean = F.avg_pool2d(cells, 5, 1, 2, count_include_pad=False)
        return F.interpolate(mean, scale_factor=8.0, mode="bilinear", align_corners=False)


def _oriented(weight):
    """Starts the stem as derivatives of a Gaussian in 16 directions on the contrast channel and as means of colours."""
    with torch.no_grad():
        weight.normal_(0, 0.02)
        axis = torch.arange(5.0) - 2
        y, x = torch.meshgrid(axis, axis, indexing="ij")
        bell = torch.exp(-(x * x + y * y) / (2 * 1.1**2))
        for k in range(16):
            angle = 2 * math.pi * k / 16
            step = (x * math.cos(angle) + y * math.sin(angle)) * bell
            weight[k, 3] += 2 * step / step.abs().sum()
        mean = bell / bell.sum()
        for k in range(3):
            weight[16 + 2 * k, k] += 0.5 * mean
            weight[17 + 2 * k, k] -= 0.5 * mean
        blob = mean - torch.exp(-(x * x + y * y) / 2 / 2.5**2) / torch.exp(-(x * x + y * y) / 2 / 2.5**2).sum()
        weight[22, 3] += 2 * blob / blob.abs().sum()
        weight[23, 3] -= 2 * blob / blob.abs().sum()


class DinosplatSmall(nn.Module):
    """pixel_values [batch, 3, height, width] to tokens: one class token, then the patches row by row, 192 channels.

    Height and width are multiples of 16. The class token is the norm of the mean of the patches, as in DINOv3's ConvNeXts.
    """

    def __init__(self):
        super().__init__()
        self.contrast = LocalContrast()
        self.stem1 = nn.Conv2d(4, STEM, 5, 2, 2)
        self.stem_norm = ChannelNorm(STEM)
        self.stem2 = nn.Conv2d(STEM, WIDTHS[0], 3, 2, 1)
        self.norms = nn.ModuleList(ChannelNorm(w) for w in WIDTHS)
        self.downs = nn.ModuleList(Conv(a, b, 3, 2, 1) for a, b in zip(WIDTHS, WIDTHS[1:]))
        self.stages = nn.ModuleList(nn.Sequential(*(Block(w) for _ in range(d))) for w, d in zip(WIDTHS, DEPTHS))
        self.skip = nn.Conv2d(WIDTHS[1], WIDTHS[2], 1)
        self.norm = nn.LayerNorm(WIDTHS[2], eps=1e-5)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.trunc_normal_(m.weight, std=min(0.05, 1 / math.sqrt(m.weight[0].numel())))
                nn.init.zeros_(m.bias)
        _oriented(self.stem1.weight)

    def maps(self, pixel_values):
        """The second stage's map at stride 8 and the patches' map at stride 16 before the last norm."""
        x = torch.cat([pixel_values, self.contrast(pixel_values)], 1)
        x = self.stem2(self.stem_norm(F.gelu(self.stem1(x))))
        x = self.stages[0](self.norms[0](x))
        x = self.stages[1](self.norms[1](self.downs[0](x)))
        fine = x
        x = self.stages[2](self.norms[2](self.downs[1](x)))
        return fine, x + self.skip(F.avg_pool2d(fine, 2))

    def forward(self, pixel_values):
        _, x = self.maps(pixel_values)
        tokens = x.flatten(2).transpose(1, 2)
        return self.norm(torch.cat([tokens.mean(1, keepdim=True), tokens], 1))
