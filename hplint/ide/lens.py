"""The line above a config: its format, task, modality, model family and size."""

from __future__ import annotations

from hplint.facts.fact import Fact, Part
from hplint.records import record
from hplint.rules.logic import show
from hplint.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.ide.document import Document


@record
class Lens:
    """A line to show above `span`; accepting it opens the walk down the decision tree."""

    span: Span
    title: str


def lens(document: Document) -> Lens | None:
    """Return the line above a config; None for a file that is none."""
    training = document.report.training
    if training is None or document.format is None:
        return None
    title = str(document.description.get("title", document.format))
    task = _words(training.task, "kind") or _outputs(training)
    modality = _words(training.task, "modality")
    pieces = [title, task, modality if modality != task else "", _model(training), _search(training)]
    first = document.root.entries[0][0].span if document.root is not None and document.root.entries else Span(0, 0)
    return Lens(first, " · ".join(piece for piece in pieces if piece))


def _words(part: Part, name: str) -> str:
    found: Any = part.get(name)
    return show(found.value).replace("_", " ") if isinstance(found, Fact) and found.is_known and found.value else ""


def _outputs(training: Any) -> str:
    """Return what several heads predict, each kind once."""
    kinds = dict.fromkeys(_words(output, "task") for output in training.parts("outputs"))
    return " and ".join(kind for kind in kinds if kind)


def _model(training: Any) -> str:
    """Return the model's name or family and its size."""
    model = training.model
    name = _words(training.tuning, "base_model").rpartition("/")[2] or _words(model, "architecture")
    family = _words(model, "family")
    method = _words(training.tuning, "adapter")
    found = model.get("parameters")
    count = found.value if isinstance(found, Fact) and found.is_known else None
    trees = _words(model, "trees")
    size = f"{_rounded(count)} weights" if count else f"{trees} trees" if trees else ""
    said = name or family
    pieces = [said, method if method not in ("", "none") else "", size]
    return ", ".join(piece for piece in pieces if piece)


def _search(training: Any) -> str:
    """Return how many hyperparameters are searched, and how."""
    count = len(training.search.parts("parameters"))
    algorithm = _words(training.search, "algorithm")
    return f"{algorithm} search over {count} hyperparameter{'s' if count != 1 else ''}".strip() if count else ""


def _rounded(count: float) -> str:
    """Return a number of weights as people say it: 12,345, then 1.2 M, 7.2 B."""
    for limit, unit in ((1e9, "B"), (1e6, "M")):
        if count >= limit:
            return f"{count / limit:.3g} {unit}"
    return f"{count:,.0f}"
