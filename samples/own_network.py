"""A small network trained in PyTorch, as net.onnx, and some of its inputs, as points.csv: what `layertime examine` reads."""
import torch

torch.manual_seed(3)
x = 4 * torch.rand(512, 2) - 2
y = torch.sin(2 * x[:, :1]) * torch.cos(x[:, 1:])
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
optimiser = torch.optim.LBFGS(net.parameters(), max_iter=300)


def loss():
    optimiser.zero_grad()
    value = torch.nn.functional.mse_loss(net(x), y)
    value.backward()
    return value


optimiser.step(loss)
torch.onnx.export(net, x[:1], "net.onnx")
with open("points.csv", "w") as points:
    points.writelines(",".join(map(str, row)) + "\n" for row in x.tolist())
