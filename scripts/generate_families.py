"""Write schemas/families/layers.json: which layers an adapter can be added to, for each family of pretrained models.

    python scripts/generate_families.py

Run it inside an environment that can import `transformers` and `torch` (a CPU build is enough); updating to a new
version is this command alone. Each model type that schemas/families/names.yaml names is built on the meta device, which
computes and allocates nothing, and the last names of its linear, convolutional and embedding layers are written down.
Layers that other versions of a model have, or its own code outside transformers, stand in names.yaml.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "families"
AUTO = ("AutoModelForCausalLM", "AutoModelForSeq2SeqLM", "AutoModelForMaskedLM", "AutoModelForSequenceClassification")
FEWER = ("num_hidden_layers", "n_layer", "num_layers", "encoder_layers", "decoder_layers", "num_decoder_layers")


def layers(model_type: str) -> list[str]:
    """The last names of the layers of a model type, sorted; its heads for several tasks together."""
    torch, transformers = import_module("torch"), import_module("transformers")
    gpt2_layer = import_module("transformers.pytorch_utils").Conv1D
    kinds = (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Embedding, gpt2_layer)
    config = transformers.AutoConfig.for_model(model_type)
    for name in FEWER:
        if getattr(config, name, None):
            setattr(config, name, 2)
    for name in ("layer_types", "mlp_layer_types"):
        if getattr(config, name, None):
            setattr(config, name, getattr(config, name)[:2])
    found: set[str] = set()
    for name in AUTO:
        try:
            with torch.device("meta"):
                model = getattr(transformers, name).from_config(config)
        except ValueError:  # the family has no such head
            continue
        modules = model.named_modules()
        found |= {path.rpartition(".")[2] for path, module in modules if isinstance(module, kinds)}
    return sorted(name for name in found if not name.isdigit())


def main() -> None:
    """Write layers.json for all model types that names.yaml names."""
    families: dict[str, Any] = yaml.safe_load((FOLDER / "names.yaml").read_text(encoding="utf-8"))
    version = import_module("transformers").__version__
    types = sorted({kind for about in families.values() for kind in about.get("types", [])})
    content = {"x-package": "transformers", "x-version": version, "layers": {kind: layers(kind) for kind in types}}
    (FOLDER / "layers.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
