"""spaCy's configs: names of functions, arguments, sections; beside spaCy's own verdict, where it is installed."""

from __future__ import annotations

from typing import Any

import pytest

from hplint.lint import lint

CONFIG = """\
[paths]
train = "corpus/train.spacy"

[nlp]
lang = "en"
pipeline = ["ner"]

[components]

[components.ner]
factory = "ner"
update_with_oracle_cut_size = 100

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2

[components.ner.model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = true

[training]
patience = 1600
dropout = 0.1

[training.optimizer]
@optimizers = "Adam.v1"
beta1 = 0.9
"""
WRONG = [
    ("depth = 4", "dpeth = 4", "YAML012", "error"),
    ("depth = 4", "depth = 4\nlayers = 2", "SCHEMA001", "error"),
    ("embed_size = 2000", 'embed_size = "many"', "SCHEMA003", "error"),
    ("beta1 = 0.9", "beta1 = 0.9\nmomentum = 0.9", "SCHEMA001", "error"),
    ("update_with_oracle_cut_size", "update_with_oracle_cutsize", "YAML012", "error"),
    ('factory = "ner"', 'factory = "ner"\nthreshold = 0.5', "SCHEMA001", "error"),
    ('"spacy.HashEmbedCNN.v2"', '"spacy.HashEmbdCNN.v2"', "SCHEMA004", "error"),
    ("@optimizers", "@optimizer", "YAML012", "error"),
    ("patience = 1600", 'patience = "long"', "SCHEMA003", "error"),
    ("patience = 1600", "patience = 1.5", "SCHEMA003", "error"),
]
FINE = [
    ("patience = 1600", 'patience = "1600"'),  # a number to confection 0.1, and none to 1.3
    ("hidden_width = 64", 'hidden_width = "64"'),
    ('"spacy.HashEmbedCNN.v2"', '"spacy.HashEmbedCNN.v9"'),
    ('"spacy.HashEmbedCNN.v2"', '"our.Encoder.v1"'),
    ("dropout = 0.1", "dropout = 0.1\nours = 3"),
    ("depth = 4", "depth = ${training.patience}"),
    ("[training]", "[components.ours]\nfactory = \"ours\"\nanything = 1\n\n[training]"),
]  # fmt: skip


def findings(text: str) -> list[tuple[str, str]]:
    return [(found.code, found.severity) for found in lint(text, "config.cfg").findings]


@pytest.mark.parametrize(("old", "new", "code", "severity"), WRONG)
def test_what_spacy_refuses_is_an_error(old: str, new: str, code: str, severity: str) -> None:
    assert findings(CONFIG) == []
    assert findings(CONFIG.replace(old, new, 1)) == [(code, severity)]


@pytest.mark.parametrize(("old", "new"), FINE)
def test_what_spacy_or_a_project_may_take_is_left_alone(old: str, new: str) -> None:
    assert findings(CONFIG.replace(old, new, 1)) == []


def test_a_slip_in_a_section_is_ignored_by_spacy_and_pointed_out() -> None:
    assert findings(CONFIG.replace("patience", "patence", 1)) == [("YAML012", "warning")]


def refused(text: str) -> bool:
    """Whether spaCy refuses a config, as far as it can tell without data and training."""
    spacy = pytest.importorskip("spacy")
    made: Any = spacy.util.Config().from_str(text, interpolate=False)
    whole = spacy.language.Language.default_config.merge(made)
    try:
        spacy.util.load_model_from_config(whole, auto_fill=True)
        schema = __import__("spacy.schemas", fromlist=["ConfigSchemaTraining"]).ConfigSchemaTraining
        spacy.util.registry.resolve(whole.interpolate()["training"], schema=schema)
    except Exception:
        return True
    return False


@pytest.mark.parametrize(("old", "new"), [*((old, new) for old, new, *_ in WRONG), FINE[1], *FINE[4:6]])
def test_spacy_says_the_same(old: str, new: str) -> None:
    text = CONFIG.replace(old, new, 1)
    is_refused = refused(text)
    assert is_refused == ("error" in [severity for _, severity in findings(text)])
