"""Older Ludwig configs seen as current ones: sections and keys that Ludwig's loader renames or moves before it checks
them (facts of ludwig/utils/backward_compatibility.py, listed in schemas/ludwig/upgrades.yaml).

The tree itself stays as written. Where something moves, the maps around it are copied and marked as aliases, so that
fixes do not add keys to a map that the file does not have; the values keep their own nodes and places.
"""

from __future__ import annotations

from hplint import knowledge
from hplint.syntax.tree import LIST, MAP, STRING, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Entries = list[tuple[Node, Node]]

_SCHEDULER_KEYS = {
    "reduce_learning_rate_on_plateau": "reduce_on_plateau",
    "reduce_learning_rate_on_plateau_patience": "reduce_on_plateau_patience",
    "reduce_learning_rate_on_plateau_rate": "reduce_on_plateau_rate",
    "reduce_learning_rate_eval_metric": "reduce_eval_metric",
    "reduce_learning_rate_eval_split": "reduce_eval_split",
    "decay": "decay", "decay_steps": "decay_steps", "decay_rate": "decay_rate", "staircase": "staircase",
    "learning_rate_warmup_epochs": "warmup_evaluations",
}  # fmt: skip
_TEXT_KEYS = {
    "sequence_length_limit": "max_sequence_length", "word_most_common": "most_common",
    "word_sequence_length_limit": "max_sequence_length", "word_tokenizer": "tokenizer", "word_vocab_file": "vocab_file",
    "char_most_common": "most_common", "char_sequence_length_limit": "max_sequence_length",
    "char_tokenizer": "tokenizer", "char_vocab_file": "vocab_file",
}  # fmt: skip
_BIAS_KEYS = {"bias": "use_bias", "conv_bias": "conv_use_bias", "default_bias": "default_use_bias"}
_FC_KEYS = (
    "output_size", "use_bias", "weights_initializer", "bias_initializer", "norm", "norm_params", "activation",
    "dropout",
)  # fmt: skip
_FILL_STRATEGIES = {"backfill": "bfill", "pad": "ffill"}


def upgrade(root: Node) -> Node:
    """Return `root` as Ludwig's loader sees it; the same node where nothing is old."""
    root = _renamed(root, {"training": "trainer"})
    root = _with(root, "input_features", lambda node: _each(node, lambda item: _feature(item, "encoder")))
    root = _with(root, "output_features", lambda node: _each(node, lambda item: _feature(item, "decoder")))
    root = _preprocessing(root)
    root = _with(root, "trainer", _trainer)
    if (kind := root.get("model_type")) is None or kind.value != "llm":
        root = _with(root, "trainer", lambda node: _without(node, "type"))
    root = _with(root, "hyperopt", _hyperopt)
    return _with(root, "backend", lambda node: _wrapped(node, "type") if node.kind is STRING else node)


def _copy(node: Node, entries: Entries) -> Node:
    """Return a map with other entries in the place of `node`."""
    made = Node(MAP, node.first, node.last, style=node.style)
    made.entries, made.parent, made.key, made.is_alias = entries, node.parent, node.key, True
    return made


def _key(name: str, like: Node) -> Node:
    made = Node(STRING, like.first, like.last, name, name)
    made.parent = like.parent
    return made


def _renamed(node: Node, names: dict[str, str]) -> Node:
    """Return a map with keys renamed; a key whose new name is there already is dropped."""
    if node.kind is not MAP or not any(key.value in names for key, _ in node.entries):
        return node
    present = {key.value for key, _ in node.entries}
    entries: Entries = []
    for key, value in node.all_entries():
        new = names.get(key.value)
        if new is None or new == key.value:
            entries.append((key, value))
        elif new not in present:
            entries.append((_key(new, key), value))
    return _copy(node, entries)


def _with(node: Node, name: str, change: Callable[[Node], Node]) -> Node:
    """Return a map whose value `name` is changed; the same node when the change gives the same value."""
    if node.kind is not MAP:
        return node
    old = node.get(name)
    new = change(old) if old is not None else None
    if new is old or new is None:
        return node
    return _copy(node, [(key, new if value is old else value) for key, value in node.all_entries()])


def _each(node: Node, change: Callable[[Node], Node]) -> Node:
    if node.kind is not LIST:
        return node
    items = [change(item) for item in node.items]
    if all(new is old for new, old in zip(items, node.items)):
        return node
    made = Node(LIST, node.first, node.last, style=node.style)
    made.items, made.parent, made.key, made.is_alias = items, node.parent, node.key, True
    return made


def _without(node: Node, name: str) -> Node:
    if node.kind is not MAP or node.get(name) is None:
        return node
    return _copy(node, [(key, value) for key, value in node.all_entries() if key.value != name])


def _wrapped(node: Node, name: str) -> Node:
    """Return a map that holds a scalar under `name`, where a map is wanted and a text stands: encoder: rnn."""
    made = Node(MAP, node.first, node.last)
    made.entries, made.parent, made.key, made.is_alias = [(_key(name, node), node)], node.parent, node.key, True
    return made


def _valued(node: Node, values: dict[str, str]) -> Node:
    """Return a scalar with an old value replaced by its new one, in the same place."""
    if not isinstance(node.value, str) or node.value not in values:
        return node
    new = values[node.value]
    made = Node(STRING, node.first, node.last, new, new, node.style)
    made.parent, made.key = node.parent, node.key
    return made


def _feature(node: Node, section: str) -> Node:
    if node.kind is not MAP:
        return node
    node = _with(node, "type", lambda kind: _valued(kind, {"numerical": "number"}))
    node = _with(node, section, lambda value: _wrapped(value, "type") if value.kind is STRING else value)
    node = _with(node, "loss", lambda value: _with(value, "class_weights", _list_or_nothing))
    node = _with(node, "preprocessing", _feature_preprocessing)
    node = _hoisted(node, section)
    for name in (section, "preprocessing"):
        node = _with(node, name, lambda value: _renamed(value, _BIAS_KEYS))
    return node


def _list_or_nothing(node: Node) -> Node:
    return node if node.kind in (LIST, MAP) else _nothing(node)


def _nothing(node: Node) -> Node:
    made = Node("null", node.first, node.last)
    made.parent, made.key = node.parent, node.key
    return made


def _feature_preprocessing(node: Node) -> Node:
    node = _renamed(node, _TEXT_KEYS)
    inner = node.get("audio_feature") if node.kind is MAP else None
    if inner is not None and inner.kind is MAP:
        entries = [(key, value) for key, value in node.all_entries() if value is not inner]
        node = _copy(node, [*entries, *inner.all_entries()])
    return _with(node, "missing_value_strategy", lambda value: _valued(value, _FILL_STRATEGIES))


_known: dict[str, frozenset[str]] = {}


def _known_keys(section: str) -> frozenset[str]:
    """Return the keys that a feature of any type may have beside its encoder or decoder."""
    if section not in _known:
        _known[section] = _keys_in_schema("input_features" if section == "encoder" else "output_features")
    return _known[section]


def _keys_in_schema(wanted: str) -> frozenset[str]:
    known: set[str] = set()
    schema = knowledge.schema("ludwig") or {}
    pending = [schema]
    while pending:
        part = pending.pop()
        if not isinstance(part, dict):
            continue
        if "$ref" in part:
            pending.append(schema["$defs"][part["$ref"].removeprefix("#/$defs/")])
        pending += [*part.get("oneOf", ()), *part.get("anyOf", ())]
        if "items" in part:
            pending.append(part["items"])
        elif wanted in part.get("properties", {}):
            pending.append(part["properties"][wanted])
        else:
            known.update(part.get("properties", {}))
    return frozenset(known)


def _hoisted(node: Node, section: str) -> Node:
    """Move keys that no feature has into its encoder or decoder, where older versions did not have them."""
    known = _known_keys(section)
    strays = [(key, value) for key, value in node.all_entries() if key.value not in known]
    if not strays:
        return node
    rest = [(key, value) for key, value in node.all_entries() if key.value in known]
    inner = node.get(section)
    moved: Entries = list(inner.all_entries()) if inner is not None and inner.kind is MAP else []
    moved += strays
    if section == "decoder":
        moved += [(_key(f"fc_{key.value}", key), value) for key, value in strays if key.value in _FC_KEYS]
    at = inner if inner is not None else node
    made = _copy(at, moved)
    entries = [(key, value) for key, value in rest if value is not inner]
    return _copy(node, [*entries, (_key(section, strays[0][0]), made)])


def _preprocessing(root: Node) -> Node:
    """Move the preprocessing of feature types to `defaults`, and old keys of splitting to `split`."""
    node = root.get("preprocessing") if root.kind is MAP else None
    if node is None or node.kind is not MAP:
        return root
    kinds = set(_feature_types())
    kept: Entries = []
    defaults: Entries = []
    split: Entries = []
    for key, value in node.all_entries():
        name = "number" if key.value == "numerical" else key.value
        if name in kinds:
            inner = _copy(value, [(_key("preprocessing", key), _feature_preprocessing(value))])
            defaults.append((_key(str(name), key), inner))
        elif key.value == "split_probabilities":
            split.append((_key("probabilities", key), value))
        elif key.value == "stratify":
            split += [(_key("column", key), value), (_key("type", key), Node(STRING, key.start, key.end, "stratify"))]
        elif key.value != "force_split":
            kept.append((key, value))
    if len(kept) == len(node.entries):
        return root
    if split and node.get("split") is None:
        kept.append((_key("split", node), _copy(node, split)))
    entries = [(key, _copy(node, kept) if value is node else value) for key, value in root.all_entries()]
    if defaults:
        old = root.get("defaults")
        joined = [*defaults, *(old.all_entries() if old is not None and old.kind is MAP else ())]
        entries = [(key, value) for key, value in entries if value is not old]
        entries.append((_key("defaults", node), _copy(node, joined)))
    return _copy(root, entries)


def _feature_types() -> tuple[str, ...]:
    return tuple(knowledge.formats()["ludwig"]["modalities"])


def _trainer(node: Node) -> Node:
    if node.kind is not MAP:
        return node
    node = _renamed(node, {"increase_batch_size_on_plateau_max": "max_batch_size"})
    node = _with(node, "eval_batch_size", lambda value: _nothing(value) if value.value == 0 else value)
    strays = [(key, value) for key, value in node.all_entries() if key.value in _SCHEDULER_KEYS]
    if not strays:
        return node
    rest = [(key, value) for key, value in node.all_entries() if key.value not in _SCHEDULER_KEYS]
    old = node.get("learning_rate_scheduler")
    inside: Entries = list(old.all_entries()) if old is not None and old.kind is MAP else []
    taken = {key.value for key, _ in inside}
    for key, value in strays:
        name = _SCHEDULER_KEYS[key.value]
        if name not in taken:
            inside.append((_key(name, key), _decay(value) if name == "decay" else value))
    entries = [(key, value) for key, value in rest if value is not old]
    return _copy(node, [*entries, (_key("learning_rate_scheduler", strays[0][0]), _copy(old or node, inside))])


def _decay(node: Node) -> Node:
    """`decay: true` meant exponential decay, `false` none."""
    if node.kind != "bool":
        return node
    made = Node(STRING, node.first, node.last, "exponential") if node.value else Node("null", node.first, node.last)
    made.parent, made.key = node.parent, node.key
    return made


def _hyperopt(node: Node) -> Node:
    if node.kind is not MAP:
        return node
    for holder in ("sampler", "executor"):
        old = node.get(holder)
        if old is None or old.kind is not MAP:
            continue
        search = old.get("search_alg")
        entries: Entries = [(key, value) for key, value in node.all_entries() if value is not old]
        moved = [(key, value) for key, value in old.all_entries() if value is not search]
        if search is not None and node.get("search_alg") is None:
            entries.append((_key("search_alg", old), search if search.kind is MAP else _wrapped(search, "type")))
        if holder == "executor":
            if search is None:
                continue
            entries.append((_key("executor", old), _copy(old, moved)))
        else:
            executor = node.get("executor")
            own = list(executor.all_entries()) if executor is not None and executor.kind is MAP else []
            taken = {key.value for key, _ in own}
            wanted = {"num_samples", "scheduler"} - taken
            own += [(key, value) for key, value in moved if key.value in wanted]
            entries = [(key, value) for key, value in entries if value is not executor]
            entries.append((_key("executor", old), _copy(executor or old, own)))
        node = _copy(node, entries)
    return node
