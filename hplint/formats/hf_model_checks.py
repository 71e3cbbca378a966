"""What a model's config.json says and transformers cannot build.

Source: transformers 5.24, activations.py (`ACT2FN` is looked up when a model is built, a KeyError for other names);
torch.nn.Embedding, which asserts that the index of the padding lies within the vocabulary, where a model's code passes
one (`modeling_*.py`; GPT-2, GPT-NeoX, Gemma, Falcon and T5 pass none).
"""

from __future__ import annotations

from hplint.facts.names import slip_of
from hplint.syntax.tree import INTEGER, MAP, STRING, Node, Problem

_ACTIVATIONS = (
    "gelu", "gelu_10", "gelu_accurate", "gelu_fast", "gelu_new", "gelu_python", "gelu_python_tanh", "gelu_pytorch_tanh",
    "hardswish", "laplace", "leaky_relu", "linear", "mish", "prelu", "quick_gelu", "relu", "relu2", "relu6", "sigmoid",
    "silu", "sqrtsoftplus", "swish", "tanh", "xielu",
)  # fmt: skip
_PADDED = (
    "albert", "bart", "bert", "camembert", "cohere", "deberta-v2", "distilbert", "electra", "granite", "llama", "mbart",
    "mistral", "mixtral", "olmo", "olmo2", "opt", "phi", "phi3", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe", "roberta",
    "stablelm", "starcoder2", "xlm-roberta",
)  # fmt: skip
_ACTIVATION_KEYS = ("hidden_act", "activation_function", "hidden_activation")


def check(root: Node) -> list[Problem]:
    """Return misspelt activations, and padding outside of the vocabulary; parts of a model have their own."""
    parts = [root, *(value for _, value in root.entries if value.kind is MAP)]
    return [problem for part in parts for problem in (*_activations(part), *_padding(part))]


def _activations(part: Node) -> list[Problem]:
    """Return slips of known names; any other name may be one of a model's own code."""
    found = []
    for key in _ACTIVATION_KEYS:
        node = part.get(key)
        if node is not None and node.kind is STRING and node.value not in _ACTIVATIONS:
            nearest = slip_of(node.value, _ACTIVATIONS)
            if nearest is not None:
                message = f"transformers has no activation `{node.text}`; did you mean `{nearest}`?"
                found.append(Problem("not-allowed", message, node.span, nearest))
    return found


def _padding(part: Node) -> list[Problem]:
    kind, padding, vocabulary = part.get("model_type"), part.get("pad_token_id"), part.get("vocab_size")
    if kind is None or kind.value not in _PADDED:
        return []
    if padding is None or vocabulary is None or padding.kind is not INTEGER or vocabulary.kind is not INTEGER:
        return []
    if -vocabulary.value <= padding.value < vocabulary.value:
        return []
    last = vocabulary.value - 1
    message = (
        f"pad_token_id {padding.text} is none of the {vocabulary.text} tokens, which are numbered from 0 to {last}"
    )
    return [Problem("refused-combination", message, padding.span)]
