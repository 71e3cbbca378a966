"""What hplint works out, shown in the text: shapes and weights of layers, batch, steps, grids, defaults."""

from __future__ import annotations

from hplint import knowledge
from hplint.facts.fact import DEFAULT, INFERRED, Fact, Part
from hplint.facts.parts import Layer
from hplint.ide import advice, markup
from hplint.ide.document import parts_of
from hplint.records import record
from hplint.rules.logic import show
from hplint.rules.rule import path_of
from hplint.syntax.tree import MAP, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.ide.document import Document
    from hplint.ide.markup import Markup

SHAPES, WEIGHTS, BATCH, STEPS, GRID, DEFAULTS = "shapes", "weights", "batch", "steps", "grid", "defaults"
KINDS = (SHAPES, WEIGHTS, BATCH, STEPS, GRID, DEFAULTS)
"""Kinds of hints, each of which can be switched off."""

MAX_LENGTH = 43
"""How many characters the hints of one line may have: VS Code cuts off what is longer."""


@record
class Hint:
    """A text to show at `offset`, and what to tell when the pointer rests on it."""

    offset: int
    label: str
    kind: str
    tooltip: Markup


def hints(document: Document, kinds: tuple[str, ...] = KINDS, start: int = 0, stop: int = 1 << 60) -> tuple[Hint, ...]:
    """Return the hints of the wanted kinds between two offsets, in the order of the text."""
    training = document.report.training
    if training is None or document.report.tree is None:
        return ()
    found = [
        *_layers(document, training, kinds, start, stop),
        *(_run(document, training) if BATCH in kinds or STEPS in kinds else ()),
        *(_grid(document, training) if GRID in kinds else ()),
    ]
    if DEFAULTS in kinds:
        found += _defaults(document, training, [hint for hint in found if hint.kind in kinds])
    wanted = [hint for hint in found if hint.kind in kinds and start <= hint.offset <= stop]
    return tuple(sorted(wanted, key=lambda hint: hint.offset))


def _value(part: Part, name: str) -> Any:
    found = part.get(name)
    return found.value if isinstance(found, Fact) and found.is_known else None


def _end(document: Document, node: Node) -> int:
    """Return where a hint on a node stands: behind it where it is on one line, else at the end of its first line."""
    text = document.text
    line = text.find("\n", node.start, node.end)
    if line < 0:
        return node.end
    return node.start + len(text[node.start : line].rstrip())


def _layers(document: Document, training: Training, kinds: tuple[str, ...], start: int, stop: int) -> Iterator[Hint]:
    """Yield the output shape and the number of weights of each layer; of several that one entry makes, in one."""
    by_node: dict[int, list[Part]] = {}
    for layer in training.model.parts("layers"):
        is_there = layer.node is not None and layer.node.start <= stop and layer.node.end >= start
        if is_there and _value(layer, "kind") != "input":
            by_node.setdefault(id(layer.node), []).append(layer)
    for layers in by_node.values():
        node = layers[0].node
        shape = _value(layers[-1], "output_shape") if SHAPES in kinds else None
        counts = [_value(layer, "parameters") for layer in layers]
        total = sum(counts) if WEIGHTS in kinds and None not in counts else 0
        said = [f"→ {show(shape)}"] if shape is not None else []
        said += [_weights(total)] if total else []
        if said and node is not None:
            tooltip = _layer_tooltip(layers)
            yield Hint(_end(document, node), " · ".join(said), SHAPES if shape is not None else WEIGHTS, tooltip)


def _weights(count: int) -> str:
    return f"{count:,} weight{'s' if count != 1 else ''}"


def _layer_tooltip(layers: list[Part]) -> Markup:
    lines = []
    for layer in layers:
        called = _value(layer, "called") or _value(layer, "name") or "layer"
        before, after = _value(layer, "input_shape"), _value(layer, "output_shape")
        said = f"{called}: {show(before)} → {show(after)}" if before is not None else f"{called}: {show(after)}"
        count = _value(layer, "parameters")
        lines.append(markup.text(said + (f", {_weights(count)}" if count else "")))
    return markup.bullets(lines) if len(lines) > 1 else lines[0]


def _run(document: Document, training: Training) -> Iterator[Hint]:
    run = training.run
    batch = run.get("effective_batch")
    place = _written(run, "batch_size") or _written(run, "accumulation")
    own = _value(run, "batch_size")
    if place is not None and batch.is_known and batch.origin == INFERRED and batch.value != own:
        yield Hint(_end(document, place), f"effective batch {show(batch.value)}", BATCH, _because(batch))
    steps = run.get("total_steps")
    place = _written(run, "epochs") or _written(run, "max_steps")
    if place is not None and steps.is_known and steps.origin == INFERRED and steps.value != _value(run, "max_steps"):
        yield Hint(_end(document, place), f"{show(steps.value)} steps", STEPS, _because(steps))


def _written(part: Part, name: str) -> Node | None:
    found = part.get(name)
    is_here = isinstance(found, Fact) and path_of(found.node, part.training) is None
    return found.node if is_here else None


def _because(found: Fact[Any]) -> Markup:
    """Return how a number was worked out."""
    pieces = [markup.text(found.note)] if found.note else []
    values = ", ".join(show(fact.value) for fact in found.because if fact.is_known)
    return markup.joined([*pieces, markup.text(f"from {values}" if values else "")], " ")


def _grid(document: Document, training: Training) -> Iterator[Hint]:
    size = training.search.get("grid_size")
    if not isinstance(size, Fact) or not size.is_known or _value(training.search, "algorithm") != "grid":
        return
    place = _written(training.search, "algorithm")
    if place is None:
        parameters = training.search.parts("parameters")
        first = next((part.node for part in parameters if part.node is not None), None)
        place = first.parent if first is not None else None
    if place is not None:
        tooltip = markup.text("Number of combinations that the grid tries.")
        yield Hint(_end(document, place), f"{show(size.value)} combinations", GRID, tooltip)


def _defaults(document: Document, training: Training, others: list[Hint]) -> Iterator[Hint]:
    """Yield for each section what the framework fills in, as the format spells it, as far as the line has room for it.

    What is off, zero or nothing by default is left to the tooltip: that is what a reader takes for granted.
    """
    sections: dict[int, tuple[Node, dict[str, tuple[str, str, int]]]] = {}
    parts = [part for part in parts_of(training) if not isinstance(part, Layer)]  # a network has too many
    for part in parts:
        for name, found in list(part.facts.items()):
            place = part.places.get(name)
            if not isinstance(found, Fact) or found.origin != DEFAULT or place is None or found.value is None:
                continue
            home = place.node.at(*place.path[:-1])
            if home is None or home.kind is not MAP or home.get(place.path[-1]) is not None or home.is_alias:
                continue
            spellings = place.spellings
            spelt = found.value
            if not callable(spellings) and spellings is not None and isinstance(spelt, (str, bool)):
                spelt = spellings.get(spelt, spelt)
            said = f"[{show(spelt)[1:-1]}]" if isinstance(spelt, tuple) else show(spelt)
            words = f"{place.path[-1]}: {said}" if found.value and spelt else ""
            note = f"{advice.words_of(f'{type(part).__name__}.{name}')} {show(found.value)}: {found.note}"
            rules = len(knowledge.rules_about(f"{type(part).__name__}.{name}"))
            sections.setdefault(id(home), (home, {}))[1].setdefault(place.path[-1], (words, note, rules))
    taken: dict[int, int] = {}
    for hint in others:
        line = _line_start(document, hint.offset)
        taken[line] = taken.get(line, 0) + len(hint.label) + 2
    for home, entries in sections.values():
        ranked = sorted(entries.values(), key=lambda entry: -entry[2])  # first what the tree has most to say about
        offset = _section_end(document, home)
        label = _fitting([words for words, _, _ in ranked if words], taken.get(_line_start(document, offset), 0))
        if label:
            notes = markup.bullets(markup.text(note) for _, note, _ in ranked)
            tooltip = markup.paragraphs([markup.text("What counts where the config says nothing:"), notes])
            yield Hint(offset, label, DEFAULTS, tooltip)


def _line_start(document: Document, offset: int) -> int:
    return document.text.rfind("\n", 0, offset) + 1


def _fitting(words: list[str], taken: int) -> str:
    """Return as many of the words as a line has room for on which `taken` characters of hints stand already."""
    label = ""
    for index, one in enumerate(words):
        longer = f"{label}, {one}" if label else one
        rest = 3 if index + 1 < len(words) else 0  # for ", …"
        if taken + len(longer) + rest > MAX_LENGTH:
            return f"{label}, …" if label else ""
        label = longer
    return label


def _section_end(document: Document, home: Node) -> int:
    """Return where a section's defaults stand: behind its last entry, or at the end of the line with its key."""
    key = home.key
    if not isinstance(key, Node):
        return _end(document, home) if home.parent is not None else home.end
    if "\n" not in document.text[key.start : home.end]:
        return home.end
    line = document.text.find("\n", key.end)
    stop = len(document.text) if line < 0 else line
    return key.start + len(document.text[key.start : stop].split(" #")[0].rstrip())
