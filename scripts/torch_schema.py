"""The optimizers and learning-rate schedules of the installed PyTorch as JSON Schemas of their arguments."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from typed_schema import signature_schema

Schema = dict[str, Any]


def _of(base: type, module: Any) -> dict[str, Schema]:
    """The public classes below `base` in a module, by name."""
    found = {name: one for name, one in vars(module).items() if inspect.isclass(one) and issubclass(one, base)}
    public = {name: one for name, one in found.items() if one is not base and not name.startswith("_")}
    return {name: signature_schema(one, lambda _: None) for name, one in sorted(public.items())}


def optimizers() -> dict[str, Schema]:
    """The optimizers of torch.optim by the names of their classes; a tensor, which no config holds, is left out."""
    optim = import_module("torch.optim")
    return _of(optim.Optimizer, optim)


def schedules() -> dict[str, Schema]:
    """The schedules of torch.optim.lr_scheduler by the names of their classes."""
    scheduler = import_module("torch.optim.lr_scheduler")
    return _of(scheduler.LRScheduler, scheduler)
