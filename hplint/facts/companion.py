"""What a config and the DeepSpeed file that it names say of the same thing, and where they disagree.

The trainers of Hugging Face hold the two together and stop where a value of the file is neither "auto" nor the
trainer's own (transformers, integrations/deepspeed.py: `HfTrainerDeepSpeedConfig.fill_match`, which compares without
converting, so that "8" is not 8). An optimizer or schedule in the file takes the place of the trainer's silently.
"""

from __future__ import annotations

from hplint.facts.fact import DEFAULT, UNKNOWN, WRITTEN, Fact, Part, default, derived, inferred, written
from hplint.facts.parts import Disagreement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Optimizer, Training

# What both can say: part, fact, what people call it.
_SHARED = (
    ("run", "batch_size", "the batch size per device"),
    ("run", "accumulation", "the number of accumulated batches"),
    ("optimizer", "clip_norm", "the gradient norm to clip at"),
    ("optimizer", "epsilon", "the optimizer's epsilon"),
    ("optimizer", "weight_decay", "the weight decay"),
    ("precision", "fp16", "mixed precision with float16"),
    ("precision", "bf16", "mixed precision with bfloat16"),
)
_CHOICES = (("optimizer", "name", "the optimizer"), ("schedule", "name", "the learning rate schedule"))
_AUTO = "auto"


@derived("Training", "disagreements")
def _disagreements(training: Training) -> Any:
    """The values that the companion states otherwise than the config does, or than the framework fills in."""
    companion = training.get("companion")
    if not isinstance(companion, Part):
        return []
    found = [_compared(training, companion, *shared) for shared in _SHARED]
    for part, name, words in _CHOICES:
        ours, theirs = training.get(part).get(name), companion.get(part).get(name)
        if ours.origin is WRITTEN and theirs.origin is WRITTEN and ours.value != theirs.value:
            found.append(_made(training, part, name, words, theirs))
    found.append(_total_batch(training, companion))
    return [disagreement for disagreement in found if disagreement is not None]


def _compared(training: Training, companion: Any, part: str, name: str, words: str) -> Disagreement | None:
    ours = training.get(part).get(name)
    node = _node_of(companion.get(part), name)
    if node is None or not node.is_scalar or node.value in (None, _AUTO) or ours.origin not in (WRITTEN, DEFAULT):
        return None
    same = ours.value == node.value and isinstance(ours.value, str) == isinstance(node.value, str)
    return None if same else _made(training, part, name, words, written(node, node.value))


def _total_batch(training: Training, companion: Any) -> Disagreement | None:
    """The total batch size of the companion, where it is not its own factors times the devices of the config."""
    run = companion.get("run")
    factors = [run.get("batch_size"), run.get("accumulation"), training.run.get("devices")]
    theirs = run.get("declared_batch")
    known = all(fact.origin is WRITTEN and isinstance(fact.value, int) for fact in (*factors, theirs))
    if not known or training.sharding.get("model_parallel").value is True:
        return None
    total = factors[0].value * factors[1].value * factors[2].value
    if total == theirs.value:
        return None
    return _stated(training, "the total batch size", inferred(total, factors[2]), theirs)


def _made(training: Training, part: str, name: str, words: str, theirs: Fact[Any]) -> Disagreement:
    made = _stated(training, words, training.get(part).get(name), theirs)
    place = training.get(part).places.get(name)
    if place is not None:
        made.set_place("ours", place)
    return made


def _stated(training: Training, words: str, ours: Fact[Any], theirs: Fact[Any]) -> Disagreement:
    made = Disagreement(ours.node, ours.node)
    quoted = isinstance(theirs.value, str) and isinstance(ours.value, (int, float))
    said = {True: "on", False: "off"}
    both = {
        f"{side}_said": default(said[fact.value] if isinstance(fact.value, bool) else fact.value, "in words")
        for side, fact in (("ours", ours), ("theirs", theirs))
    }
    made.state(subject=default(words, "of both"), ours=ours, theirs=theirs, quoted=default(quoted, "read"), **both)
    made.adopt(training)
    return made


def _node_of(part: Part, name: str) -> Any:
    """Return the node that states a fact of `part`, also one that is not understood."""
    place = part.places.get(name)
    return place.node.at(*place.path) if place is not None else None


@derived("Optimizer", "other_learning_rates", "training.companion")
def _other_learning_rates(optimizer: Optimizer) -> Any:
    """The learning rates that a companion's optimizer and schedule state otherwise than the config does."""
    training = optimizer.training
    companion = training.get("companion") if training is not None else UNKNOWN
    own = optimizer.get("learning_rate")
    if not isinstance(companion, Part) or own is UNKNOWN:
        return UNKNOWN
    found = [companion.get("optimizer").get("learning_rate"), companion.get("schedule").get("maximum")]
    others = [fact for fact in found if fact.origin is WRITTEN and fact.value != own.value]
    return inferred([fact.value for fact in others], *others) if others else UNKNOWN
