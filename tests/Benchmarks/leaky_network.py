"""The peer of the benchmark `vanilla`: a leaky-ReLU network of width d on many points, layer by layer in NumPy.

Usage: leaky_network.py FILE DEPTH WIDTH POINTS
FILE holds float64 numbers: for every layer W (row by row), b and the slopes, then the last W and b, then the points (d rows of POINTS).
Prints one JSON object: the seconds of the fastest of three runs, and the sum of all coordinates at the end.
"""

import json
import sys
import time

import numpy as np

name, depth, d, points = sys.argv[1], *map(int, sys.argv[2:])
numbers = np.fromfile(name)
per_layer = d * d + 2 * d
body = numbers[: depth * per_layer].reshape(depth, per_layer)
weights = np.ascontiguousarray(body[:, : d * d]).reshape(depth, d, d)
biases = np.ascontiguousarray(body[:, d * d : d * d + d]).reshape(depth, d, 1)
slopes = np.ascontiguousarray(body[:, d * d + d :]).reshape(depth, d, 1)
rest = numbers[depth * per_layer :]
last, offset = rest[: d * d].reshape(d, d), rest[d * d : d * d + d].reshape(d, 1)
start = rest[d * d + d :].reshape(d, points)


def run():
    x = start.copy()
    z, low = np.empty_like(x), np.empty_like(x)
    for w, b, a in zip(weights, biases, slopes):
        # In place, without a temporary array for any step: x ← max(0, z) + a·min(0, z), z = W x + b.
        np.matmul(w, x, out=z)
        z += b
        np.minimum(z, 0.0, out=low)
        low *= a
        np.maximum(z, 0.0, out=x)
        x += low
    return last @ x + offset


best, total = float("inf"), 0.0
for _ in range(3 if depth <= 20000 else 1):
    begin = time.perf_counter()
    total = float(run().sum())
    best = min(best, time.perf_counter() - begin)

print(json.dumps({"peer": "NumPy, layer by layer", "seconds": best, "sum": total, "throughput": depth * points / best}))
