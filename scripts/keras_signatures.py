"""Read the argument names and defaults of the installed Keras into ``schemas/keras/signatures.json``.

    python scripts/keras_signatures.py

In an environment with Keras 3 it rewrites everything that describes Keras 3; in one with Keras 2
(``tensorflow-cpu==2.15.1``) it rewrites the ``keras2`` part alone, which holds only what differs. Run Keras 3
first: the second part is a difference from the first. Only names, default values and version numbers are taken.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "schemas" / "keras" / "signatures.json"
BASES = {"Layer", "Wrapper", "Loss", "Metric", "Optimizer", "Initializer", "Regularizer", "Constraint"}
OVERLAY = ROOT / "schemas" / "keras" / "overlay.json"
NAMED = ("losses", "metrics", "optimizers", "initializers", "regularizers", "constraints", "activations")
NAMELESS = {"loss", "metric", "initializer", "regularizer", "constraint", "loss_function_wrapper"}
OPERATION_MODULES = ("numpy", "nn", "core", "math", "linalg", "image", "einops")
# Values for arguments without a default, so that a class can be built and asked for the keys of its config.
SAMPLE: dict[str, Any] = {
    "units": 2,
    "filters": 2,
    "kernel_size": 1,
    "pool_size": 2,
    "output_size": 1,
    "rate": 0.5,
    "stddev": 0.5,
    "input_dim": 3,
    "output_dim": 2,
    "target_shape": (2,),
    "dims": (1,),
    "n": 2,
    "axes": 1,
    "activation": "relu",
    "num_heads": 1,
    "key_dim": 1,
    "head_dim": 1,
    "num_query_heads": 1,
    "num_key_value_heads": 1,
    "height": 2,
    "width": 2,
    "factor": 0.1,
    "height_factor": 0.1,
    "width_factor": 0.1,
    "scale": 1.0,
    "equation": "ab,bc->ac",
    "output_shape": 2,
    "num_bins": 3,
    "max_number": 1,
    "num_classes": 2,
    "target_class_ids": [0],
    "precision": 0.5,
    "recall": 0.5,
    "specificity": 0.5,
    "sensitivity": 0.5,
    "initial_learning_rate": 0.1,
    "decay_steps": 10,
    "decay_rate": 0.5,
    "end_learning_rate": 0.01,
    "first_decay_steps": 10,
    "boundaries": [1],
    "values": [0.1, 0.01],
    "block_size": 2,
}


def plain(value: Any) -> Any:
    """Return ``value`` as JSON would hold it; raise TypeError for a value JSON has no form for."""
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(type(value).__name__)


def arguments(cls: Any) -> dict[str, Any]:
    """Return what a constructor (or a function, after its first argument) requires, and its defaults."""
    required: list[str] = []
    defaults: dict[str, Any] = {}
    target = cls.__init__ if inspect.isclass(cls) else cls
    for parameter in list(inspect.signature(target).parameters.values())[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.default is parameter.empty:
            required.append(parameter.name)
            continue
        try:
            defaults[parameter.name] = plain(parameter.default)
        except TypeError:  # a function or a dtype object: it exists, and what it is cannot be written
            defaults[parameter.name] = None
    return {key: value for key, value in (("required", required), ("defaults", defaults)) if value}


def config_of(cls: Any, signature: dict[str, Any], layer: Any) -> dict[str, Any]:
    """Return the config of a default instance of ``cls``: an empty mapping when it cannot be built alone."""
    try:
        asked = signature.get("required", [])
        values = {name: SAMPLE[name] for name in asked if name not in ("layer", "cell", "cells")}
        if "layer" in asked:
            recurrent = "backward_layer" in signature["defaults"]
            values["layer"] = layer.SimpleRNN(2) if recurrent else layer.Dense(2)
        if "cell" in asked:
            values["cell"] = layer.SimpleRNNCell(2)
        if "cells" in asked:
            values["cells"] = [layer.SimpleRNNCell(2)]
        return dict(cls(**values).get_config())
    except Exception:  # any class may refuse its sample; then its signature alone describes it
        return {}


def describe(classes: dict[str, Any], common: set[str], layer: Any) -> dict[str, Any]:
    """Return name -> signature; a name whose class is listed under the class's own name becomes that name (an alias).

    Keys that a config holds and the constructor does not list are added to the defaults where they have a plain value.
    """
    out: dict[str, Any] = {}
    for name, cls in sorted(classes.items()):
        own = cls.__name__
        if own != name and classes.get(own) is cls:
            out[name] = own
            continue
        signature = arguments(cls)
        known = {*signature.get("required", []), *signature.get("defaults", {}), *common}
        for key, value in config_of(cls, signature, layer).items():
            if key in known:
                continue
            try:
                signature.setdefault("defaults", {})[key] = plain(value)
            except TypeError:
                signature.setdefault("defaults", {})[key] = None
        out[name] = signature
    return out


def snake(name: str) -> str:
    """Return ``MeanSquaredError`` as ``mean_squared_error``: the string name Keras gives to a class."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def names(table: dict[str, Any], *, lower: bool = False, preferred: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return every string name of ``table`` with its canonical one.

    Names of one object belong together, and so do a class and a function of the same snake_case name. The canonical
    name is the one in ``preferred`` if there is one, else the object's own in snake_case (``lower``: in lower case,
    as Keras names its optimizers).
    """
    shape = str.lower if lower else snake
    canonical: dict[str, str] = {}
    groups: dict[int, list[str]] = {}
    for name, target in table.items():
        groups.setdefault(id(target), []).append(name)
    for members in groups.values():
        own = shape(table[members[0]].__name__)
        for candidate in members:
            if shape(candidate) in preferred:
                own = shape(candidate)
        canonical.update(dict.fromkeys(members, own))
        canonical.setdefault(own, own)
    return {name: own for name, own in sorted(canonical.items()) if own not in NAMELESS}


def public(module: Any, base: Any) -> dict[str, Any]:
    """Return the classes of ``module`` below ``base`` by name, the abstract bases left out."""
    return {
        name: cls
        for name, cls in vars(module).items()
        if inspect.isclass(cls) and issubclass(cls, base) and name not in BASES and not name.startswith("_")
    }


def kinds_of(keras: Any) -> dict[str, dict[str, Any]]:
    """Return the public classes of the installed ``keras`` by kind and name, the abstract ones left out."""
    schedules = keras.optimizers.schedules
    homes = {
        "layers": (keras.layers, keras.layers.Layer),
        "losses": (keras.losses, keras.losses.Loss),
        "metrics": (keras.metrics, keras.metrics.Metric),
        "optimizers": (keras.optimizers, keras.optimizers.Optimizer),
        "schedules": (schedules, schedules.LearningRateSchedule),
        "initializers": (keras.initializers, keras.initializers.Initializer),
        "regularizers": (keras.regularizers, keras.regularizers.Regularizer),
        "constraints": (keras.constraints, keras.constraints.Constraint),
    }
    return {
        kind: {name: cls for name, cls in public(module, top).items() if cls is not top and name[0].isupper()}
        for kind, (module, top) in homes.items()
    }


def keras3(keras: Any) -> dict[str, Any]:
    """Return the whole description of an installed Keras 3."""
    layer = keras.layers
    base = arguments(keras.layers.Layer)
    common = set(base["defaults"])
    kinds = {
        kind: describe(classes, common if kind == "layers" else set(), layer)
        for kind, classes in kinds_of(keras).items()
    }
    operations: dict[str, Any] = {}
    operation = importlib.import_module("keras.src.ops.operation").Operation
    for part in OPERATION_MODULES:
        module = importlib.import_module(f"keras.src.ops.{part}")
        for name, cls in public(module, operation).items():
            if cls is not operation and cls.__module__ == module.__name__:
                operations[name] = arguments(cls)
    table = {kind: importlib.import_module(f"keras.src.{kind}").ALL_OBJECTS_DICT for kind in NAMED}
    table["optimizers"] = {name.lower(): cls for name, cls in kinds_of(keras)["optimizers"].items()}
    functions = sorted(table["activations"].items())
    return {
        "base": {"layers": base["defaults"]},
        **kinds,
        "operations": dict(sorted(operations.items())),
        "activations": {name: arguments(function).get("defaults", {}) for name, function in functions},
        "names": {kind: names(entries, lower=kind == "optimizers") for kind, entries in table.items()},
    }


def public_names(keras: Any, kind: str) -> set[str]:
    """Return the names of what the public module ``kind`` of ``keras`` offers."""
    return {name for name in vars(getattr(keras, kind)) if name not in ("get", "serialize", "deserialize")}


def names2(kind: str, offered: set[str], third: dict[str, str]) -> dict[str, str]:
    """Return the string names of Keras 2 that Keras 3 lacks: what its ``get`` finds among the module's own objects."""
    module = importlib.import_module(f"keras.src.{kind}")
    own = {
        name: value
        for name, value in vars(module).items()
        if getattr(value, "__module__", "").startswith(f"keras.src.{kind}") and hasattr(value, "__name__")
    }
    found = names(own, preferred=frozenset(third.values()))
    return {
        name: canonical
        for name, canonical in found.items()
        if name not in third and (canonical in third.values() or name in offered) and name[0] != "_"
    }


def keras2(keras: Any, third: dict[str, Any]) -> dict[str, Any]:
    """Return what an installed Keras 2 has otherwise than ``third``, the description of Keras 3.

    ``absent`` lists what Keras 3 has and Keras 2 has not.
    """
    serialization = importlib.import_module("keras.src.layers.serialization")
    serialization.populate_deserializable_objects()
    kinds = kinds_of(keras)
    kinds["layers"] |= {
        name: cls
        for name, cls in serialization.LOCAL.ALL_OBJECTS.items()
        if inspect.isclass(cls) and issubclass(cls, keras.layers.Layer) and name not in BASES
    }
    kinds["layers"] = {name: cls for name, cls in kinds["layers"].items() if not issubclass(cls, keras.Model)}
    base = {**arguments(keras.layers.Layer)["defaults"], "batch_input_shape": None, "activity_regularizer": None}
    out: dict[str, Any] = {"base": {"layers": base}, "absent": {}}
    for kind, classes in kinds.items():
        described = describe(classes, set(base) if kind == "layers" else set(), keras.layers)
        out[kind] = {name: value for name, value in described.items() if third[kind].get(name) != value}
        out["absent"][kind] = sorted(set(third[kind]) - set(described))
    out["names"] = {
        kind: names2(kind, public_names(keras, kind), third["names"][kind]) for kind in NAMED if kind != "optimizers"
    }
    return out


def dump(data: dict[str, Any], depth: int = 2) -> str:
    """Return ``data`` as JSON with one class a line: small, and a new version still shows as a readable difference."""

    def write(value: Any, level: int) -> str:
        if level == 0 or not isinstance(value, dict) or not value:
            return json.dumps(value, separators=(",", ":"), sort_keys=False)
        # the part of Keras 2 repeats the whole layout one level down
        deeper = ((key, item, level if key == "keras2" else level - 1) for key, item in value.items())
        rows = (f"{json.dumps(key)}:{write(item, below)}" for key, item, below in deeper)
        return "{\n" + ",\n".join(rows) + "\n}"

    return write(data, depth) + "\n"


def main() -> None:
    """Introspect the installed Keras and write the file."""
    keras = importlib.import_module("keras")
    version = str(keras.__version__)
    old = json.loads(TARGET.read_text("utf-8")) if TARGET.exists() else {}
    if version.startswith("2."):
        data = {**old, "keras2": {"x-version": version, **keras2(keras, old)}}
    else:
        head = {"x-generator": "scripts/keras_signatures.py", "x-package": "keras", "x-version": version}
        data = {**head, **keras3(keras), **({"keras2": old["keras2"]} if "keras2" in old else {})}
    overlay = json.loads(OVERLAY.read_text("utf-8"))
    for kind, extra in overlay["names"].items():
        data["names"][kind] = dict(sorted({**data["names"][kind], **extra}.items()))
    data["keras1"] = {"x-version": overlay["keras1"]["x-version"], "renamed": overlay["keras1"]["renamed"]}
    TARGET.write_text(dump(data), "utf-8")


if __name__ == "__main__":
    main()
