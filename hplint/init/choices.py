"""What the decision tree recommends for a problem, each choice with its reason."""

from __future__ import annotations

from hplint import spaces
from hplint.init.answers import CLASSES_OF_TASKS, YES
from hplint.ranges import HandSet, range_for
from hplint.records import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.init.answers import Answers

    Layer = dict[str, Any]
    """A layer in the words of hplint's own format."""

LITTLE_DATA = 5000
MUCH_DATA = 1_000_000
LONG_SEQUENCE = 500
VOCABULARY = 20_000
"""Words that a text model tells apart, where nobody says how many."""

NETWORK = "neural_network"


@record
class Choice:
    """One step down the tree: the question's id in rules/tree.yaml, what was chosen and why."""

    question: str
    choice: str
    why: str


@record
class Choices:
    """A config before it is written.

    family         the kind of model
    pretrained     whether it starts from a pretrained model, and from which
    layers         the network's layers; empty for other families
    loss, metric   by hplint's names
    learning_rate, weight_decay, dropout   the values to start with; None for what the family does not have
    search         how to search them
    steps          the walk down the tree
    """

    answers: Answers
    family: str
    pretrained: str
    layers: tuple[Layer, ...]
    loss: str
    metric: str
    learning_rate: float | None
    weight_decay: float | None
    dropout: float | None
    epochs: int
    batch_size: int
    search: spaces.Plan
    searched: tuple[HandSet, ...]
    steps: tuple[Choice, ...]

    def why(self, question: str) -> str:
        """Return why something was chosen; empty for a question that was not asked."""
        return next((f"{step.choice}: {step.why}" for step in self.steps if step.question == question), "")


def choose(answers: Answers, must_be_network: bool, can_be_pretrained: bool = True) -> Choices:
    """Return what the tree recommends, as far as the format can say it."""
    steps: list[Choice] = []
    family, pretrained = _family(answers, must_be_network, can_be_pretrained, steps)
    is_network = family == NETWORK
    dropout = _dropout(answers) if is_network and not pretrained else 0.1 if pretrained else None
    layers = tuple(_layers(answers, dropout or 0, steps)) if is_network and not pretrained else ()
    loss, metric = _loss(answers)
    if is_network:
        steps += _training_steps(answers, dropout)
    rate = (2e-5 if pretrained else 1e-3) if is_network else 0.05 if family == "gradient_boosting" else None
    decay = 0.01 if is_network else None
    goal = "maximize" if metric in ("accuracy", "roc_auc", "f1") else "minimize"
    searched = _searched(rate, decay)
    search = spaces.plan(max(len(searched), 1), answers.minutes, None, metric, goal, None)
    steps.append(Choice("search", f"{search.algorithm} search", search.why))
    if searched:
        named = searched[0].key
        steps.append(Choice("automation", f"search {named} first", "it matters most of what is set by hand"))
    batch = 16 if pretrained else 32 if (answers.samples or MUCH_DATA) < LITTLE_DATA else 128
    return Choices(
        answers, family, pretrained, layers, loss, metric, rate, decay, dropout, 3 if pretrained else 50, batch, search,
        searched, tuple(steps),
    )  # fmt: skip


def _family(answers: Answers, must_be_network: bool, can_be_pretrained: bool, steps: list[Choice]) -> tuple[str, str]:
    """Return the kind of model and the pretrained model to start from, if any."""
    if answers.task == "clustering":
        steps.append(Choice("unsupervised", "k-means", "nothing is to be predicted; try k-means before deep learning"))
        return "kmeans", ""
    steps.append(Choice("unsupervised", "supervised learning", "there is a target"))
    few = answers.samples is not None and answers.samples < LITTLE_DATA
    if answers.modality == "tabular":
        family, choice = _for_table(answers, few)
        if must_be_network:
            best = family.replace("_", " ")
            choice = Choice(choice.question, "a network", f"this format has nothing else; {best} is the number to beat")
            family = NETWORK
        steps.append(choice)
        return family, ""
    if answers.modality == "text" and can_be_pretrained:
        steps.append(
            Choice("little-data", "a pretrained model", "text is learned from far more of it than anybody has")
        )
        return NETWORK, "distilbert-base-uncased"
    if few:
        steps.append(
            Choice(
                "little-data", "a network with augmentation", "a pretrained model would use few examples better still"
            )
        )
    else:
        steps.append(
            Choice("much-data", "deep learning", f"{answers.modality} is not a matter of a few clear features")
        )
    return NETWORK, ""


def _for_table(answers: Answers, few: bool) -> tuple[str, Choice]:
    if answers.linear == YES:
        if answers.task in ("regression", "forecasting"):
            return "linear_regression", Choice("linear", "linear regression", "a straight line may do, for a number")
        return "logistic_regression", Choice("linear", "logistic regression", "a straight line may do, for a class")
    if answers.simple == YES:
        return "random_forest", Choice("simple", "random forest", "a few clear features decide; boosting comes next")
    if few:
        return "gradient_boosting", Choice(
            "little-data", "gradient boosting", "it does best on tables with little data"
        )
    if (answers.samples or 0) <= MUCH_DATA:
        return "gradient_boosting", Choice("simple", "gradient boosting", "on tables it is the model to beat")
    return NETWORK, Choice("much-data", "deep learning", "there is a lot of data")


def _layers(answers: Answers, dropout: float, steps: list[Choice]) -> list[Layer]:
    """Return the layers of a network."""
    outputs = units(answers)
    body: list[Layer]
    drop: list[Layer] = [{"type": "dropout", "rate": dropout}] if dropout else []
    if answers.modality == "image":
        steps.append(Choice("vision", "convolutions", "they see shapes wherever they are"))
        body = [{"type": "rescaling", "scale": "1/255"}]
        for filters in (32, 64, 128):
            body.append({"type": "conv2d", "filters": filters, "kernel": 3, "padding": "same", "activation": "relu"})
            body.append({"type": "max_pooling2d", "kernel": 2})
        body.append({"type": "global_average_pooling"})
    elif answers.modality in ("text", "timeseries"):
        body = [{"type": "embedding", "vocabulary": VOCABULARY, "size": 128}] if answers.modality == "text" else []
        if (answers.steps or 0) > LONG_SEQUENCE:
            steps.append(Choice("time", "convolutions over time", f"{answers.steps} steps are too many for an LSTM"))
            for filters in (64, 128):
                body.append(
                    {"type": "conv1d", "filters": filters, "kernel": 5, "padding": "same", "activation": "relu"}
                )
                body.append({"type": "max_pooling1d", "kernel": 4})
            body.append({"type": "global_average_pooling"})
        else:
            steps.append(Choice("time", "an LSTM", "order matters"))
            body.append({"type": "lstm", "units": 64})
    else:
        steps.append(Choice("other", "a multilayer perceptron", "a table has neither shapes nor an order"))
        inputs = answers.features or 8
        width = max(4, round((inputs + outputs) / 2))
        steps.append(
            Choice("sizes", f"one hidden layer of {width}", "the mean of inputs and outputs is where to start")
        )
        body = [{"type": "dense", "units": width, "activation": "relu"}]
    return [*body, *drop, {"type": "dense", "name": "output", "units": outputs, **_output_activation(answers)}]


def units(answers: Answers) -> int:
    """Return how many values the model says."""
    if answers.task in CLASSES_OF_TASKS:
        return answers.classes or 2
    return (answers.horizon or 1) if answers.task == "forecasting" else 1


def _output_activation(answers: Answers) -> dict[str, str]:
    activation = {"binary": "sigmoid", "multilabel": "sigmoid", "multiclass": "softmax"}.get(answers.task)
    return {"activation": activation} if activation else {}


def _training_steps(answers: Answers, dropout: float | None) -> list[Choice]:
    said = {
        "binary": ("sigmoid", "it is a probability"),
        "multilabel": ("sigmoid", "each class has a probability of its own"),
        "multiclass": ("softmax", "exactly one of the classes is right"),
    }.get(answers.task, ("no activation at the output", "a number may have any value"))
    steps = [Choice("output-activation", said[0], said[1])]
    if answers.modality != "text":
        steps.append(Choice("hidden-activation", "ReLU", "its gradient does not vanish, and it is fast"))
    if dropout:
        steps.append(
            Choice("regularization", f"dropout {dropout:g} and early stopping", "they keep it from memorising")
        )
    steps.append(Choice("optimizer", "AdamW", "Adam when you do not know; its weight decay is apart from the gradient"))
    return steps


def _loss(answers: Answers) -> tuple[str, str]:
    """Return the loss and the metric, by hplint's names."""
    return {
        "binary": ("binary_crossentropy", "roc_auc"),
        "multilabel": ("binary_crossentropy", "f1"),
        "multiclass": ("sparse_categorical_crossentropy", "accuracy"),
        "regression": ("mean_squared_error", "mean_absolute_error"),
        "forecasting": ("huber", "mean_absolute_error"),
        "clustering": ("", "silhouette"),
    }[answers.task]


def _dropout(answers: Answers) -> float:
    return {"image": 0.3, "text": 0.4, "timeseries": 0.2}.get(answers.modality, 0.2)


def _searched(rate: float | None, decay: float | None) -> tuple[HandSet, ...]:
    found = []
    for fact, value in (("optimizer.learning_rate", rate), ("optimizer.weight_decay", decay)):
        searched = range_for(fact, value) if value is not None else None
        if searched is not None and value is not None:
            found.append(HandSet(fact, fact, value, searched))
    return tuple(found)
