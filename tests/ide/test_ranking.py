"""What is offered first is what the decision tree recommends."""

from __future__ import annotations

import pytest
from writing import offered

from hplint import knowledge, lint
from hplint.ide.completion import complete, narrowed
from hplint.ide.document import document

BEFORE = "hplint: 1\ntask: {kind: %s}\nmodel:\n  layers:\n    - {type: dense, units: 8, activation: %s}\n"
AFTER = "    - {type: dense, units: 1, activation: %s}\nloss: %s\n"


def first(marked: str, count: int = 1) -> list[str]:
    return list(offered(marked))[:count]


def test_hidden_layers_bend_with_the_relu_family() -> None:
    text = BEFORE % ("binary", "¦") + AFTER % ("sigmoid", "binary_crossentropy")
    found = list(offered(text))
    assert found[:4] == ["relu", "gelu", "silu", "leaky_relu"]
    assert found.index("sigmoid") > found.index("tanh")


@pytest.mark.parametrize(
    ("task", "wanted"),
    [("binary", "sigmoid"), ("multilabel", "sigmoid"), ("regression", "linear"), ("multiclass", "softmax")],
)
def test_outputs_end_as_the_task_asks(task: str, wanted: str) -> None:
    loss = {"regression": "mean_squared_error"}.get(task, "binary_crossentropy")
    assert first(BEFORE % (task, "relu") + AFTER % ("¦", loss)) == [wanted]


@pytest.mark.parametrize(
    ("task", "wanted"),
    [("binary", "bce_with_logits"), ("regression", "mean_squared_error"), ("multiclass", "softmax_crossentropy")],
)
def test_losses_fit_the_task(task: str, wanted: str) -> None:
    assert first(f"hplint: 1\ntask: {{kind: {task}}}\nloss: ¦\n") == [wanted]


def test_adam_when_you_do_not_know() -> None:
    assert first("hplint: 1\noptimizer: ¦\n", 2) == ["adamw", "adam"]
    ludwig = "input_features:\n  - {name: a, type: number}\noutput_features:\n  - {name: b, type: number}\n"
    assert first(ludwig + "trainer: {optimizer: {type: ¦}}\n", 2) == ["adamw", "adam"]


def test_random_search_comes_before_a_grid() -> None:
    assert first("hplint: 1\nsearch: {algorithm: ¦}\n", 2) == ["random", "bayesian"]
    sweep = "metric: {name: val_loss, goal: minimize}\nparameters: {lr: {min: 0.1, max: 0.2}}\nmethod: ¦\n"
    assert first(sweep, 2) == ["random", "bayes"]


def test_keys_that_are_needed_come_first_and_gone_ones_last() -> None:
    assert first("hplint: 1\nmodel: {layers: [{¦}]}\n") == ["type"]
    keras = '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 1, ¦}}]}}'
    found = list(offered(keras, "model.json"))
    assert found.index("kernel_initializer") < found.index("init")


def test_classes_are_offered_where_they_belong() -> None:
    keras = '{"class_name": "Sequential", "config": {"layers": [{"class_name": "¦"}]}}'
    assert list(offered(keras, "model.json"))[:3] == ["Dense", "Conv2D", "Conv1D"]
    torchtune = "model:\n  _component_: %s\ntokenizer:\n  _component_: %s\noptimizer:\n  _component_: %s\n"
    model, tokenizer = "torchtune.models.llama2.llama2_7b", "torchtune.models.llama2.llama2_tokenizer"
    assert first(torchtune % (model, tokenizer, "¦"), 2) == ["torch.optim.AdamW", "torch.optim.Adam"]
    assert all(".models." in name for name in first(torchtune % ("¦", tokenizer, "torch.optim.Adam"), 20))
    assert all("okenizer" in name for name in first(torchtune % (model, "¦", "torch.optim.Adam"), 20))
    lightning = "model: {class_path: mine.Model}\ntrainer:\n  callbacks:\n    - class_path: ¦\n"
    assert all(".callbacks." in name for name in first(lightning, 20))


def test_a_long_list_is_cut_to_what_is_typed() -> None:
    text = "model:\n  _component_: torchtune.models.llama2.llama2_7b\noptimizer:\n  _component_: SG"
    seen = document(lint(text, "run.yaml"))
    every = complete(seen, len(text))
    shown = narrowed(seen, every, len(text))
    assert len(shown) < len(every)
    assert "torch.optim.SGD" in {one.label for one in shown}
    assert "torch.optim.Adam" not in {one.label for one in shown}


def test_every_word_of_the_field_says_what_it_means() -> None:
    names, words = knowledge.data("names"), knowledge.data("words")
    assert {section: set(known) for section, known in names.items()} == {
        section: set(said) for section, said in words.items()
    }
    found = offered("hplint: 1\noptimizer: {name: ¦}\n")
    assert all(one.documentation for one in found.values())
    assert offered(CLASSES)["torch.optim.AdamW"].documentation == found["adamw"].documentation


CLASSES = "model: {_component_: torchtune.models.llama2.llama2_7b}\noptimizer: {_component_: ¦}\n"


def test_a_switch_is_not_offered_both_ways_where_only_one_is_accepted() -> None:
    text = "compute_environment: LOCAL_MACHINE\nmixed_precision: bf16\nnum_processes: 2\ndistributed_type: ¦\n"
    found = offered(text)
    assert "FSDP" in found
    assert "true" not in found
