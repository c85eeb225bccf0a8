"""Networks from PyTorch as ONNX models, and models of LayerTime checked by onnx and run by PyTorch.

    python3 pytorch.py export DIR    writes NAME.onnx, NAME.in, NAME.out and models.json
    python3 pytorch.py check DIR     checks every written.NAME.onnx of DIR and writes written.NAME.torch for written.NAME.in
"""
import json
import pathlib
import sys

import numpy
import onnx
import onnx.numpy_helper
import onnx.shape_inference
import torch
from torch import nn

SAMPLES = 1000


# Slopes and the epsilon of a batch normalisation are floats of 32 bits in ONNX; these are such floats, so that nothing is rounded.
class Residual(nn.Module):
    """x + f(x)/L, the same block in every layer if tied."""

    def __init__(self, width, depth, inner, tied=False):
        super().__init__()
        blocks = [inner(width) for _ in range(1 if tied else depth)]
        self.blocks, self.depth = nn.ModuleList(blocks), depth

    def forward(self, x):
        for layer in range(self.depth):
            x = x + self.blocks[layer % len(self.blocks)](x) / self.depth
        return x


class Momentum(nn.Module):
    """v <- g v + (1 - g) f(x), x <- x + v, from v = 0."""

    def __init__(self, width, depth, g):
        super().__init__()
        self.layers, self.g = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)]), g

    def forward(self, x):
        v = x * 0
        for layer in self.layers:
            v = self.g * v + (1 - self.g) * torch.tanh(layer(x))
            x = x + v
        return x


class SecondOrder(nn.Module):
    """x(l+1) = 2 x(l) - x(l-1) + h^2 f(x(l)), from rest."""

    def __init__(self, width, depth, h):
        super().__init__()
        self.layers, self.h = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)]), h

    def forward(self, x):
        before = x
        for layer in self.layers:
            x, before = 2 * x - before + self.h**2 * torch.sigmoid(layer(x)), x
        return x


class Dense(nn.Module):
    """x(l+1) = f(x(l)) + g(x(l-1)), from x(-1) = x(0)."""

    def __init__(self, width, depth):
        super().__init__()
        self.new = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.old = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])

    def forward(self, x):
        before = x
        for new, old in zip(self.new, self.old):
            x, before = torch.tanh(new(x)) + torch.relu(old(before)), x
        return x


class ReluAfter(nn.Module):
    """relu(x + f(x)), the block of the original ResNet."""

    def __init__(self, width, depth):
        super().__init__()
        self.first = nn.ModuleList([nn.Linear(width, 2 * width) for _ in range(depth)])
        self.second = nn.ModuleList([nn.Linear(2 * width, width) for _ in range(depth)])

    def forward(self, x):
        for first, second in zip(self.first, self.second):
            x = torch.relu(x + second(torch.relu(first(x))))
        return x


class Channels(nn.Module):
    """Convolutions with a kernel of one point on four channels of one point each."""

    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(nn.Conv2d(4, 6, 1), nn.Tanh(), nn.Conv2d(6, 2, 1), nn.Flatten())

    def forward(self, x):
        return self.stack(x.reshape(-1, 4, 1, 1))


def tanh_block(width):
    return nn.Sequential(nn.Linear(width, width), nn.Tanh())


def wide_block(width):
    return nn.Sequential(nn.Linear(width, 3 * width), nn.Softplus(), nn.Linear(3 * width, width))


MODELS = {
    "mlp": (lambda: nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 2)), 3, "feed-forward"),
    "relu": (lambda: nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 16), nn.LeakyReLU(0.25), nn.Linear(16, 1)), 3, "feed-forward"),
    "normalised": (lambda: nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8, eps=2**-16), nn.Tanh(), nn.Linear(8, 2, bias=False)), 3, "feed-forward"),
    "channels": (Channels, 4, "feed-forward"),
    "residual": (lambda: Residual(4, 10, tanh_block), 4, "residual"),
    "inner": (lambda: nn.Sequential(nn.Linear(2, 4), Residual(4, 5, wide_block), nn.Linear(4, 1)), 2, "residual"),
    "tied": (lambda: Residual(3, 7, tanh_block, tied=True), 3, "residual"),
    "momentum": (lambda: nn.Sequential(Momentum(3, 6, 0.9), nn.Linear(3, 2)), 3, "additive-dense"),
    "second-order": (lambda: nn.Sequential(nn.Linear(2, 3), SecondOrder(3, 6, 0.5), nn.Linear(3, 1)), 2, "smooth"),
    "dense": (lambda: Dense(3, 5), 3, "additive-dense"),
    "relu-after": (lambda: ReluAfter(3, 4), 3, "feed-forward"),
}


def train(model, width, dtype):
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(50):
        x = torch.randn(64, width, dtype=dtype)
        y = model(x)
        loss = ((y - torch.sin(x.sum(dim=1, keepdim=True))) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def export(folder):
    models = []
    for name, (make, width, architecture) in MODELS.items():
        for dtype, precision in ((torch.float32, "single"), (torch.float64, "double")):
            torch.manual_seed(7)
            model = train(make().to(dtype), width, dtype)
            x = torch.randn(SAMPLES, width, dtype=dtype)
            file = f"{name}.{precision}"
            torch.onnx.export(
                model, x[:1], folder / f"{file}.onnx", input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}
            )
            with torch.no_grad():
                y = model(x)
            x.double().numpy().astype("<f8").tofile(folder / f"{file}.in")
            y.double().numpy().astype("<f8").tofile(folder / f"{file}.out")
            models.append({"name": file, "isSingle": dtype == torch.float32, "inputs": width, "outputs": y.shape[1], "architecture": architecture})
    (folder / "models.json").write_text(json.dumps(models))


def run(graph, x):
    values = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in graph.initializer}
    values[graph.input[0].name] = x
    for node in graph.node:
        a = [values[name] for name in node.input]
        attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        result = {
            "Gemm": lambda: nn.functional.linear(a[0], a[1], a[2]),
            "Add": lambda: a[0] + a[1],
            "Sub": lambda: a[0] - a[1],
            "Mul": lambda: a[0] * a[1],
            "Pow": lambda: torch.pow(a[0], a[1]),
            "Concat": lambda: torch.cat(a, dim=attributes["axis"]),
            "Split": lambda: torch.split(a[0], a[1].tolist(), dim=attributes["axis"]),
            "Relu": lambda: torch.relu(a[0]),
            "LeakyRelu": lambda: nn.functional.leaky_relu(a[0], attributes["alpha"]),
            "PRelu": lambda: nn.functional.prelu(a[0], a[1]),
            "Tanh": lambda: torch.tanh(a[0]),
            "Sigmoid": lambda: torch.sigmoid(a[0]),
            "Softplus": lambda: torch.clamp(a[0], min=0) + torch.log1p(torch.exp(-torch.abs(a[0]))),
            "Sin": lambda: torch.sin(a[0]),
        }[node.op_type]()
        for name, value in zip(node.output, result if node.op_type == "Split" else [result]):
            values[name] = value
    return values[graph.output[0].name]


def check(folder):
    for path in sorted(folder.glob("written.*.onnx")):
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True).graph
        lengths = [d.dim_value for d in model.graph.output[0].type.tensor_type.shape.dim]
        known = {value.name for value in inferred.value_info} | {value.name for value in inferred.output}
        missing = [name for node in model.graph.node for name in node.output if name not in known]
        if missing:
            raise SystemExit(f"{path}: no shape of {missing[0]}")
        width = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value
        x = torch.from_numpy(numpy.fromfile(path.with_suffix(".in"), dtype="<f8").reshape(-1, width))
        with torch.no_grad():
            y = run(model.graph, x)
        if y.shape[1] != lengths[1]:
            raise SystemExit(f"{path}: found {y.shape[1]} outputs, expected {lengths[1]}")
        y.numpy().astype("<f8").tofile(path.with_suffix(".torch"))


{"export": export, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
