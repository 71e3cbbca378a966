"""Turns "set this fact to that" into text edits, in the spelling and syntax of the config at hand."""

from __future__ import annotations

from hplint.facts.fact import WRITTEN, Fact, Part
from hplint.facts.parts import Entry
from hplint.findings import Fix
from hplint.rules.logic import U
from hplint.rules.rule import path_of
from hplint.syntax import edits
from hplint.syntax.tree import LIST, MAP, STRING, Node
from hplint.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.rules.rule import FixPlan, FixStep
    from hplint.syntax.tree import Tree

    Templates = Mapping[str, Any]
    """How a format writes a new layer: kind -> the value to insert."""


def make_fix(plan: FixPlan, training: Training, subject: Any, tree: Tree, templates: Templates) -> Fix | None:
    """Return the fix that `plan` describes for this config, None when the config cannot be edited that way."""
    made: list[Edit] = []
    for step in plan.steps:
        part = step.target.part(training, subject)
        value = step.value(training, subject) if step.value is not None else None
        if not isinstance(part, Part) or value is U or _is_endless(value) or _is_elsewhere(part, training):
            return None
        change = ACTIONS[step.action](tree, part, step, value, templates)
        if change is None:
            return None
        made += change
    made = _without_repeats(made)
    return Fix(plan.title(training, subject), plan.applicability, tuple(made)) if _is_disjoint(made) else None


def _is_endless(value: Any) -> bool:
    """Whether a value was worked out from a number that is none, or has no end."""
    return isinstance(value, float) and value - value != 0


def _is_elsewhere(part: Part, training: Training) -> bool:
    """Whether a part is of another file, which fixes of this one leave alone."""
    owner = part.training
    return owner is not None and owner is not training and owner.get("path").value is not None


def _is_inherited(node: Node | None, part: Part) -> bool:
    """Whether the node of a fact stands in a file that the config extends, which fixes of this one leave alone."""
    return node is not None and part.training is not None and path_of(node, part.training) is not None


def _set(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Give a fact a new value: where it is written, else where the format says it can be."""
    name = step.target.name or ""
    place = part.places.get(name)
    spellings = place.spellings if place is not None else None
    spelt = value
    if callable(spellings):
        spelt = spellings(value)
    elif spellings is not None and isinstance(value, (str, bool)):
        if isinstance(value, str) and value not in spellings:
            return None
        spelt = spellings.get(value, value)
    found = part.get(name)
    node = found.node if isinstance(found, Fact) and found.origin is WRITTEN else None
    if _is_inherited(node, part):  # what the config says itself counts more
        node = None
    home = place.node.at(*place.path) if place is not None else None
    # A fact may be read from inside a larger value, such as the name within an object: that is written anew as a whole.
    if node is not None and home in (None, node) and (place is None or not isinstance(spelt, dict)):
        return _all(edits.set_value(tree, node, spelt))
    if place is None:
        return None
    return _all(edits.set_path(tree, place.node, place.path, spelt))


def _delete(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Remove the key that states a fact."""
    found = part.get(step.target.name or "")
    if not isinstance(found, Fact) or found.node is None or _is_inherited(found.node, part):
        return None
    if isinstance(part, Entry) and found.node.parent is not None:  # of keys that stand twice, this very one
        return _all(edits.delete_entry(tree, found.node.parent, found.node.key))
    return _delete_node(tree, found.node)


def _delete_node(tree: Tree, node: Node) -> list[Edit] | None:
    if node.parent is None:
        return None
    if isinstance(node.key, int):
        return _all(edits.delete_item(tree, node.parent, node.key))
    return _all(edits.delete_entry(tree, node.parent, node.key.value)) if node.key is not None else None


def _rename(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Rename the key that a fact (or the part itself) is written under."""
    found = part.get(step.target.name) if step.target.name else None
    node = found.node if isinstance(found, Fact) else part.node
    if node is None or node.parent is None or not isinstance(node.key, Node) or _is_inherited(node, part):
        return None
    return _all(edits.rename_key(tree, node.parent, node.key.value, value))


def _remove(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Remove a whole part, such as a layer of a chain."""
    return _delete_node(tree, part.node) if part.node is not None and _in_chain(part) else None


def _insert_before(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Insert layers, one kind or a list of kinds, before another, and drop what that says of its old input."""
    node = part.node
    made = _made(part, value, templates)
    if node is None or node.parent is None or not isinstance(node.key, int) or made is None:
        return None
    rewired = []
    if not _in_chain(part):
        from hplint.wiring import put_before  # few layers stand in a graph

        reads = put_before(part, made, templates["wires"]) if "wires" in templates else None
        calls = node.get(templates["wires"]["key"]) if reads is not None else None
        if calls is None:
            return None
        rewired = [edits.set_value(tree, calls, reads)]
    changes = [edits.insert_item(tree, node.parent, node.key, layer) for layer in made] + rewired
    changes += [edits.delete_entry(tree, node, key) for key in templates.get("stale", ()) if node.get(key) is not None]
    return None if None in changes else [change for change in changes if change is not None]


def _replace_with(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Put new layers, one kind or a list of kinds, in the place of another."""
    node = part.node
    made = _made(part, value, templates)
    if node is None or node.parent is None or not isinstance(node.key, int) or made is None:
        return None
    if not _in_chain(part):
        from hplint.wiring import put_instead  # few layers stand in a graph

        if "wires" not in templates or not put_instead(part, made, templates["wires"]):
            return None
    changes = [edits.insert_item(tree, node.parent, node.key, layer) for layer in made[:-1]]
    changes.append(edits.set_value(tree, node, made[-1]))
    return None if None in changes else [change for change in changes if change is not None]


def _made(part: Part, kinds: Any, templates: Templates) -> list[Any] | None:
    """Return a layer to write for each of `kinds`, None where one cannot be or where `part` stands in no list."""
    node = part.node
    if node is None or not isinstance(node.key, int):
        return None
    made = [_template(templates.get(kind), part, node) for kind in (kinds if isinstance(kinds, list) else [kinds])]
    return None if None in made else made


def _template(choices: Any, part: Part, node: Node) -> Any:
    """Return a layer to write by `part`: of several ways to write it the first whose keys `node` has, or the last.

    {name} stands for the name of that layer; a text with it is left out where the layer has none. {rank} stands for the
    dimensions between batch and channels, {units} for how many values the layer gives (twice its units where it is
    bidirectional), {as_image} for the shape of the image that it reads; where they are unknown there is no layer to
    write.
    """
    several = choices if isinstance(choices, list) else [choices]
    chosen = next((made for made in several if made and all(node.get(key) is not None for key in made)), several[-1])
    shape, given = part.get("input_shape"), part.get("output_shape")
    words = {f"{{{fact}}}": getattr(part.get(fact), "value", None) for fact in ("name", "units", "as_image")}
    if isinstance(given, Fact) and given.value and given.value[-1] is not None:
        words["{units}"] = given.value[-1]
    words["{rank}"] = len(shape.value) - 1 if isinstance(shape, Fact) and shape.value else None
    if chosen is None or any(word != "{name}" and word in str(chosen) for word in words if words[word] is None):
        return None
    return _filled(chosen, words)


def _filled(template: Any, words: dict[str, Any]) -> Any:
    """Return `template` with words filled in, without the entries whose word is None."""
    if isinstance(template, dict):
        missing = [word for word, text in words.items() if text is None]
        return {
            key: _filled(value, words)
            for key, value in template.items()
            if not (isinstance(value, str) and any(word in value for word in missing))
        }
    if isinstance(template, str):
        if template in words:
            return words[template]
        for word, text in words.items():
            template = template.replace(word, str(text))
    return template


def _swap(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Move a layer of a chain in front of the layer before it."""
    node = part.node
    if node is None or node.parent is None or not isinstance(node.key, int) or node.key == 0 or not _in_chain(part):
        return None
    moved = edits.move_item(tree, node.parent, node.key, node.key - 1)
    return None if moved is None else list(moved)


def _replace(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Replace the text of a problem or scalar by `value` as it is; what a schema refuses, in the syntax of the file."""
    if part.label is None or not isinstance(value, (str, int, float)):
        return None
    node = part.node
    if node is None or node is part.label:
        return [Edit(part.label.span, str(value))]
    above = node.parent
    if above is not None and any(key is node for key, _ in above.entries):
        return _all(edits.rename_key(tree, above, node, value))
    return _all(edits.set_value(tree, node, value))


def _remove_comment(tree: Tree, part: Part, step: FixStep, value: Any, templates: Templates) -> list[Edit] | None:
    """Remove the comment that a problem is about, with its line where nothing else stands on it."""
    from hplint.suppressions import removal

    return None if part.label is None else [Edit(removal(tree.source, part.label.span), "")]


def _in_chain(part: Part) -> bool:
    """Whether the part stands in a list where neighbours are joined by position alone."""
    return (
        part.node is not None
        and part.node.parent is not None
        and part.node.parent.kind is LIST
        and part.node.kind in (MAP, STRING)  # a text is a layer's type and nothing else
        and (part.node.get("inbound_nodes") is None and part.node.get("inputs") is None)
    )


ACTIONS: dict[str, Callable[[Tree, Part, FixStep, Any, Templates], list[Edit] | None]] = {
    "set": _set,
    "delete": _delete,
    "rename": _rename,
    "remove": _remove,
    "insert_before": _insert_before,
    "replace_with": _replace_with,
    "swap_with_previous": _swap,
    "replace": _replace,
    "remove_comment": _remove_comment,
}
"""What a fix can do; the keys are those of rule files."""


def _all(change: Edit | None) -> list[Edit] | None:
    return None if change is None else [change]


def _without_repeats(made: list[Edit]) -> list[Edit]:
    return [edit for index, edit in enumerate(made) if edit not in made[:index]]


def _is_disjoint(made: list[Edit]) -> bool:
    spans = sorted((edit.span.start, edit.span.end) for edit in made)
    return all(before[1] <= after[0] for before, after in zip(spans, spans[1:]))


def overlaps(span: Span, others: list[Span]) -> bool:
    """Whether `span` touches one of `others` in a way that both cannot be edited at once."""
    return any((span.start < other.end and other.start < span.end) or span == other for other in others)
