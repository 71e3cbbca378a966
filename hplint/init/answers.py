"""What a person says of a problem, and the questions that ask for it."""

from __future__ import annotations

from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLASSES_OF_TASKS = ("multiclass", "multilabel")
TASKS = ("binary", *CLASSES_OF_TASKS, "regression", "forecasting", "clustering")
MODALITIES = ("tabular", "image", "text", "timeseries")
YES, NO = "yes", "no"


@record
class Answers:
    """A problem in a few words. A number is None where nobody knows it.

    task              one of TASKS
    modality          one of MODALITIES
    classes           how many classes; 2 for binary
    samples           how many examples there are to learn from
    features          how many columns a table or a moment of a time series has
    size              height and width of an image in pixels
    steps             how many moments or words an example has
    horizon           how many values are forecast
    linear, simple    YES, NO or "": whether a straight line could do it, whether a few clear features decide
    minutes           how long a training run takes, for how to search
    name              what to call the run
    """

    task: str
    modality: str
    classes: int | None = None
    samples: int | None = None
    features: int | None = None
    size: int | None = None
    steps: int | None = None
    horizon: int | None = None
    linear: str = ""
    simple: str = ""
    minutes: int | None = None
    name: str = "my-run"


@record
class Ask:
    """A question for a person.

    field    what it fills in of the Answers; `--field` is its option
    text     the question
    why      why it is asked
    choices  the words to choose from; empty for a number
    default  what is taken for an empty answer; None where there must be one, "" where it may stay unknown
    when     whether it is to be asked, given the answers so far
    """

    field: str
    text: str
    why: str
    choices: tuple[str, ...]
    default: str | None
    when: Callable[[Mapping[str, str]], bool]


def _always(said: Mapping[str, str]) -> bool:
    return True


def _is_table(said: Mapping[str, str]) -> bool:
    return said["modality"] == "tabular" and said["task"] != "clustering"


QUESTIONS = (
    Ask("task", "What is to be learned?", "It decides the output, the loss and the metric.", TASKS, None, _always),
    Ask(
        "modality",
        "What does the model look at?",
        "Pictures call for convolutions, an order in time for recurrence, a table for neither.",
        MODALITIES,
        "tabular",
        _always,
    ),
    Ask(
        "classes",
        "How many classes are there?",
        "The output has one unit for each.",
        (),
        None,
        lambda said: said["task"] in CLASSES_OF_TASKS,
    ),
    Ask(
        "horizon",
        "How many values are to be forecast?",
        "The output has one unit for each.",
        (),
        "1",
        lambda said: said["task"] == "forecasting",
    ),
    Ask(
        "samples",
        "How many examples are there?",
        "With little data, boosting or a pretrained model wins; with a lot, deep learning.",
        (),
        "",
        _always,
    ),
    Ask(
        "features",
        "How many columns are there?",
        "The mean of inputs and outputs is the width to start with.",
        (),
        "8",
        lambda said: said["modality"] in ("tabular", "timeseries"),
    ),
    Ask(
        "size",
        "How many pixels wide are the pictures?",
        "It is the size of the network's input.",
        (),
        "64",
        lambda said: said["modality"] == "image",
    ),
    Ask(
        "steps",
        "How many moments (or words) does an example have?",
        "Over very long sequences an LSTM is slow and forgets; convolutions over time are not.",
        (),
        "128",
        lambda said: said["modality"] in ("text", "timeseries"),
    ),
    Ask(
        "linear",
        "Could a straight line do it?",
        "A linear model is the number that everything else has to beat.",
        (YES, NO),
        NO,
        _is_table,
    ),
    Ask(
        "simple",
        "Do a few clear features decide?",
        "Trees do well on tables; a network has to earn its cost.",
        (YES, NO),
        NO,
        lambda said: _is_table(said) and said["linear"] != YES,
    ),
    Ask(
        "minutes",
        "How many minutes does a training run take?",
        "Few and cheap runs call for a grid, more for random search, expensive ones for Bayesian search.",
        (),
        "",
        _always,
    ),
)


class AnswerError(Exception):
    """An answer that cannot be used, with what is wrong."""


def checked(ask: Ask, given: str) -> str:
    """Return an answer as it counts: the default for an empty one. Raises AnswerError."""
    said = given.strip().lower().replace(",", "").replace("_", "") if not ask.choices else given.strip().lower()
    if not said:
        if ask.default is None:
            raise AnswerError("there must be an answer" + (f": {', '.join(ask.choices)}" if ask.choices else ""))
        return ask.default
    if ask.choices:
        found = [choice for choice in ask.choices if choice.startswith(said)]
        if said not in ask.choices and len(found) != 1:
            wrong = f"could be {' or '.join(found)}" if found else f"is none of {', '.join(ask.choices)}"
            raise AnswerError(f"`{said}` {wrong}")
        return said if said in ask.choices else found[0]
    least = 2 if ask.field == "classes" else 8 if ask.field == "size" else 1
    if not said.isascii() or not said.isdigit() or not least <= int(said) <= 10**12:
        raise AnswerError(f"`{said}` is not a whole number of at least {least}")
    return said


def answers_of(said: Mapping[str, str], name: str) -> Answers:
    """Return the answers in some texts, each checked already."""

    def number(field: str) -> int | None:
        return int(said[field]) if said.get(field) else None

    return Answers(
        said["task"],
        said["modality"],
        2 if said["task"] == "binary" else number("classes"),
        number("samples"),
        number("features"),
        number("size"),
        number("steps"),
        number("horizon"),
        said.get("linear", ""),
        said.get("simple", ""),
        number("minutes"),
        name,
    )
