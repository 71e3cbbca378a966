"""Files made to bring a linter down: each is small or ordinary in kind, and large or crooked in one respect.

FILES holds them by name, as functions that make their bytes, so that a test makes only the one that it needs.
"""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

HPLINT = "hplint: 1\n"
LAYERS = 10_000
ENTRIES = 70_000


def _lines(*parts: Iterable[str] | str) -> bytes:
    lines = [line for part in parts for line in ([part] if isinstance(part, str) else part)]
    return ("\n".join(lines) + "\n").encode()


# -- depth -------------------------------------------------------------------------------------------------------------


def brackets(count: int, head: str = "a: ") -> bytes:
    """Return a list that opens so many lists and closes none."""
    return (HPLINT + head + "[" * count + "\n").encode()


def nested_maps(depth: int) -> bytes:
    """Return a map so many levels deep, in YAML's block style: of 3,000 levels, 9 MB in two-space steps."""
    return HPLINT.encode() + b"".join(b"  " * level + b"k:\n" for level in range(depth))


def json_objects(count: int) -> bytes:
    return b'{"hplint": 1, "a": ' + b'{"a":' * count + b"1" + b"}" * count + b"}"


def dotted_toml(count: int) -> bytes:
    """Return one key of so many steps."""
    return b"hplint = 1\n" + b".".join([b"a"] * count) + b" = 1\n"


def nested_models(depth: int) -> bytes:
    """Return a Keras model in a model in a model."""
    model: dict[str, Any] = {"class_name": "Dense", "config": {"name": "d", "units": 1}}
    for level in range(depth):
        model = {"class_name": "Sequential", "config": {"name": f"m{level}", "layers": [model]}}
    return json.dumps(model).encode()


# -- anchors -----------------------------------------------------------------------------------------------------------


def billion_laughs(head: str = "hplint: 1", levels: int = 10) -> bytes:
    """Return ten lines that stand for 10^10 values."""
    lines = [head, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return _lines(lines)


def merge_bomb() -> bytes:
    """Return merge keys that double at each line."""
    lines = ["hplint: 1", "a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}" for n in range(1, 60)]
    return _lines(lines)


def many_aliases() -> bytes:
    """Return 40,000 aliases of one map, each a layer."""
    head = "hplint: 1\nmodel:\n  layers:\n    - &layer {type: dense, units: 64, activation: relu}"
    return _lines(head, ("    - *layer" for _ in range(40_000)))


def many_merges() -> bytes:
    """Return 5,000 maps that each merge the one before."""
    lines = ["hplint: 1", "m0: &m0 {k0: 1}"]
    return _lines(lines, (f"m{n}: &m{n} {{<<: *m{n - 1}, k{n}: 1}}" for n in range(1, 5_000)))


# -- length ------------------------------------------------------------------------------------------------------------


def many_keys(count: int = ENTRIES, head: str = "hplint: 1") -> bytes:
    """Return 70,000 keys at the top that no format has: 2.9 MB."""
    return _lines(head, (f"some_unknown_key_{number:07d}: value_{number:07d}" for number in range(count)))


def many_equal_keys() -> bytes:
    return _lines("hplint: 1", ("optimizer: adam" for _ in range(ENTRIES)))


def many_bad_values() -> bytes:
    """Return 20,000 layers, each with a misspelt key and a value of the wrong type."""
    layers = (f"    - {{type: dense, unitz: {n}, activation: [relu]}}" for n in range(20_000))
    return _lines("hplint: 1", "model:", "  layers:", layers)


def long_line(kind: str = "plain") -> bytes:
    """Return one line of 5 MB, more than is read; of 3.5 MB where `kind` is "shorter"."""
    return (HPLINT + "name: " + "ab " * (1_150_000 if kind == "shorter" else 1_700_000) + "\n").encode()


def long_flow_line() -> bytes:
    """Return one line of 2 MB with 100,000 values."""
    values = ", ".join(f"{{path: data-{n}}}" for n in range(100_000))
    return (HPLINT + f"data: [{values}]\n").encode()


def ten_megabytes() -> bytes:
    return _lines("hplint: 1", "data:", (f"  key{number:07d}: [1, 2, 3]" for number in range(400_000)))


def open_quote() -> bytes:
    """Return a quote that opens at the top of 20,000 lines and never closes."""
    return _lines('hplint: "1', "optimizer:", (f"  key_{number}: value" for number in range(20_000)))


def open_bracket() -> bytes:
    return _lines("hplint: [1", "optimizer:", (f"  key_{number}: value" for number in range(20_000)))


def conflict_marks() -> bytes:
    mark = ["<<<<<<< HEAD", "a: 1", "=======", "a: 2", ">>>>>>> other"]
    return _lines("hplint: 1", (line for _ in range(5_000) for line in mark))


def suppression_comments() -> bytes:
    """Return 50,000 comments that suppress what is not there."""
    return _lines(
        "hplint: 1",
        "seed: 1",
        (f"x{n}: 1  # hplint: ignore[ACT{n % 900:03d}] because" for n in range(50_000)),
    )


def file_suppressions() -> bytes:
    return _lines((f"# hplint: ignore-file[ACT{n % 900:03d}] because" for n in range(50_000)), "hplint: 1")


def comments_only() -> bytes:
    return _lines("hplint: 1", ("# learning_rate: 0.1 and more of the same, for a while" for _ in range(60_000)))


def documents(count: int) -> bytes:
    return ("hplint: 1\n---\n" * count).encode()


# -- characters --------------------------------------------------------------------------------------------------------


def breaks() -> bytes:
    """Return 60,000 characters that only some take for line breaks."""
    return (HPLINT + 'name: "' + "a\u0085b\u2028c\u2029" * 20_000 + '"\noptimizer: {zzzzzz: adam}\n').encode()


def carriage_returns() -> bytes:
    return b"hplint: 1\r" + b"# c\r" * 100_000 + b"optimizer: {zzzzzz: adam}\r"


def astral() -> bytes:
    """Return 3,000 lines of characters that UTF-16 writes in pairs, before keys that are unknown."""
    return _lines("hplint: 1", (f'k{n}: {{a: "{"😀" * 40}", zz: 1}}' for n in range(3_000)))


def control_characters() -> bytes:
    return (HPLINT + 'optimizer: {"\\e[31m\\a\\0": 1, name: "\\e]0;title\\a"}\n').encode()


# -- references --------------------------------------------------------------------------------------------------------


HYDRA = "trainer:\n  _target_: pytorch_lightning.Trainer\n  max_epochs: 3\nmodel:\n  lr: 0.1\n"
LIGHTNING = "seed_everything: 1\ntrainer:\n  max_epochs: 3\n"
TORCHTUNE = (
    "model:\n  _component_: torchtune.models.llama3.llama3_8b\ntokenizer:\n  _component_: "
    "torchtune.models.llama3.llama3_tokenizer\noptimizer:\n  _component_: torch.optim.AdamW\n  lr: 2e-5\n"
    "epochs: 1\nbatch_size: 2\ndataset:\n  _component_: torchtune.datasets.alpaca_dataset\n"
)


def interpolation_chain(count: int = 5_000) -> bytes:
    """Return values that each refer to the next."""
    return TORCHTUNE.encode() + _lines((f"v{n}: ${{v{n + 1}}}" for n in range(count)), f"v{count}: 1")


def interpolation_ring(count: int = 5_000) -> bytes:
    """Return values that each refer to the next, the last to the first."""
    return TORCHTUNE.encode() + _lines(f"v{n}: ${{v{(n + 1) % count}}}" for n in range(count))


def interpolation_bomb() -> bytes:
    """Return texts that double at each line."""
    return TORCHTUNE.encode() + _lines("v0: xxxxxxxxxx", (f"v{n}: ${{v{n - 1}}}${{v{n - 1}}}" for n in range(1, 60)))


def interpolation_nested() -> bytes:
    """Return references in references, opened and never closed."""
    return TORCHTUNE.encode() + b"v: " + b"${a" * 30_000 + b"\n"


def interpolation_lost() -> bytes:
    return TORCHTUNE.encode() + _lines(f"v{n}: ${{nothing.here.{n}}}" for n in range(20_000))


# -- the structure that readers walk -----------------------------------------------------------------------------------


def hplint_layers(count: int = LAYERS) -> bytes:
    """Return a network of so many layers in hplint's own format."""
    return _lines(
        "hplint: 1",
        "task: {kind: multiclass, classes: 10}",
        "inputs: [{name: x, shape: [20], scaling: standard}]",
        "model:",
        "  layers:",
        ("    - {type: dense, units: 64, activation: sigmoid}" for _ in range(count)),
        "    - {type: dense, units: 10, activation: softmax}",
        "loss: categorical_crossentropy",
        "optimizer: {name: sgd, learning_rate: 10}",
    )


def findings_with_fixes(count: int = 2_000) -> bytes:
    """Return so many misspelt keys, each with a fix."""
    return _lines(
        "hplint: 1",
        "task: {kind: multiclass, classes: 10}",
        "model:",
        "  layers:",
        ("    - {type: dense, units: 64, activatoin: relu}" for _ in range(count)),
    )


def keras_chain(count: int = LAYERS) -> bytes:
    """Return a sequential Keras model of so many layers."""
    layers = [
        {"class_name": "Dense", "config": {"name": f"d{n}", "units": 64, "activation": "relu"}} for n in range(count)
    ]
    layers[0]["config"]["batch_input_shape"] = [None, 20]  # type: ignore[index]  # the values are of two types
    return json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": layers}}).encode()


def _taking(name: str, class_name: str, sources: list[str], **config: Any) -> dict[str, Any]:
    inbound = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {"class_name": class_name, "name": name, "config": {"name": name, **config}, "inbound_nodes": inbound}


def _functional(layers: list[dict[str, Any]]) -> bytes:
    ends = {"input_layers": [[layers[0]["name"], 0, 0]], "output_layers": [[layers[-1]["name"], 0, 0]]}
    return json.dumps(
        {"class_name": "Functional", "config": {"name": "f", "layers": layers, **ends}}, indent=1
    ).encode()


def keras_residual(count: int = 5_000) -> bytes:
    """Return a functional model in which each layer takes the two before it: paths without number."""
    layers = [_taking("i", "InputLayer", [], batch_input_shape=[None, 64]), _taking("a0", "Dense", ["i"], units=64)]
    for n in range(1, count):
        layers.append(_taking(f"a{n}", "Add", [layers[-1]["name"], layers[-2]["name"]]))
    return _functional(layers)


def keras_dense_net(count: int = 300) -> bytes:
    """Return a functional model in which each layer takes all before it: 45,000 edges."""
    layers = [_taking("i", "InputLayer", [], batch_input_shape=[None, 64])]
    for n in range(count):
        layers.append(_taking(f"a{n}", "Concatenate", [layer["name"] for layer in layers], axis=-1))
    return _functional(layers)


def keras_ring(count: int = 5_000) -> bytes:
    """Return a functional model whose layers take each other in a ring."""
    layers = [_taking("i", "InputLayer", [], batch_input_shape=[None, 64])]
    layers += [_taking(f"a{n}", "Add", ["i", f"a{(n + 1) % count}"]) for n in range(count)]
    return _functional(layers)


def keras_backwards(count: int = 5_000) -> bytes:
    """Return a functional model whose layers stand in the opposite of the order in which they work."""
    layers = [_taking("i", "InputLayer", [], batch_input_shape=[None, 64])]
    made = [_taking(f"a{n}", "Dense", [f"a{n - 1}" if n else "i"], units=64, activation="relu") for n in range(count)]
    return _functional([*layers, *reversed(made)])


def ludwig_features(count: int = 3_000) -> bytes:
    """Return a Ludwig config with so many inputs and outputs."""
    return _lines(
        "input_features:",
        (f"  - {{name: i{n}, type: number}}" for n in range(count)),
        "output_features:",
        (f"  - {{name: o{n}, type: category, loss: {{type: mse}}}}" for n in range(count)),
        "trainer: {learning_rate: 10}",
    )


def wandb_sweep(count: int = 10_000) -> bytes:
    """Return a sweep over so many hyperparameters."""
    return _lines(
        "program: train.py",
        "method: grid",
        "metric: {name: loss, goal: minimize}",
        "parameters:",
        (f"  p{n}: {{distribution: log_uniform_values, min: 1e-5, max: 1e-{n % 9}}}" for n in range(count)),
    )


def wandb_nested(depth: int = 80) -> bytes:
    lines = ["program: train.py", "method: bayes", "parameters:"]
    for level in range(depth // 2):
        lines += [f"{'  ' * (2 * level + 1)}p{level}:", f"{'  ' * (2 * level + 2)}parameters:"]
    return _lines(lines)


def wandb_values(count: int = 100_000) -> bytes:
    values = ", ".join(str(number / 7) for number in range(count))
    return f"program: train.py\nmethod: grid\nparameters:\n  lr: {{values: [{values}]}}\n".encode()


def axolotl_datasets(count: int = 10_000) -> bytes:
    head = "base_model: m/m\nadapter: lora\nlora_r: 8\nlearning_rate: 1\nnum_epochs: 1\nmicro_batch_size: 1\ndatasets:"
    return _lines(head, (f"  - {{path: d{n}, typ: alpaca, shards: x}}" for n in range(count)))


def nested_values(head: str, key: str, depth: int = 90) -> bytes:
    """Return a config in which a key holds a value of lists and maps in turn, for schemas with branches to go down."""
    return (head + f"{key}: " + "[{a: " * (depth // 2) + "1" + "}]" * (depth // 2) + "\n").encode()


# -- other syntaxes ----------------------------------------------------------------------------------------------------


def toml_tables(count: int = LAYERS) -> bytes:
    return _lines("hplint = 1", (f"[table{n}]\nkey = {n}" for n in range(count)))


def toml_layers(count: int = LAYERS) -> bytes:
    layer = '[[model.layers]]\ntype = "dense"\nunits = 64\nactivation = "sigmoid"'
    return _lines("hplint = 1", '[task]\nkind = "regression"', (layer for _ in range(count)))


def toml_nested_tables(count: int = 3_000) -> bytes:
    """Return tables that each go one step deeper, as far as is read, over and over."""
    return _lines("hplint = 1", (f"[t{n}.{'.'.join('abcdefghij')}]" for n in range(count)))


def toml_open_text() -> bytes:
    return _lines('hplint = """1', (f"key_{n} = {n}" for n in range(50_000)))


def cfg_sections(count: int = 100_000) -> bytes:
    head = '[nlp]\nlang = "en"\npipeline = []\n[training]\nmax_epochs = 1\n'
    return _lines(head, (f"[section.s{n}]\nkey = {n}" for n in range(count)))


def cfg_references(count: int = 10_000) -> bytes:
    head = '[nlp]\nlang = "en"\npipeline = []\n[training]\nmax_epochs = 1\n[vars]'
    return _lines(head, (f"v{n} = ${{vars.v{n + 1}}}" for n in range(count)), f"v{count} = 1")


def cfg_json_values() -> bytes:
    return b"[nlp]\nlang = " + b"[" * 50_000 + b"\n"


def gin_like() -> bytes:
    return _lines(f"module{n}.value = @other{n}()" for n in range(20_000))


# -- values ------------------------------------------------------------------------------------------------------------


EXTREMES = ("1e400", "-1e400", "9" * 400, "9" * 5_000, "-0.0", "1e-400", "0", "-1", "5e-324", "1e308")
"""Numbers that overflow, underflow or have more digits than Python reads by default."""


def extreme_numbers(syntax: str) -> bytes:
    """Return a network whose sizes, counts and rates are numbers without end, in a list for each key."""
    odd = {"yaml": (".nan", ".inf", "-.inf"), "json": ("NaN", "Infinity", "-Infinity"), "toml": ("nan", "inf", "-inf")}
    values = (*EXTREMES, *odd[syntax])
    if syntax == "toml":
        return _lines("hplint = 1", (f"k{n} = {value}" for n, value in enumerate(values)))
    if syntax == "json":
        return f'{{"hplint": 1, "seed": [{", ".join(values)}], "optimizer": {{"learning_rate": 1e400}}}}'.encode()
    layers = (f"    - {{type: dense, units: {value}}}" for value in values)
    sizes = f"batch: {{size: {'9' * 400}}}"
    rates = f"optimizer: {{name: sgd, learning_rate: {'9' * 400}, momentum: .nan}}"
    inputs = f"inputs: [{{name: x, shape: [{'9' * 400}, 0, -1, .inf]}}]"
    return _lines("hplint: 1", inputs, "model:", "  layers:", layers, sizes, rates, f"epochs: {'9' * 5_000}")


def lone_surrogates() -> bytes:
    """Return JSON that names halves of characters, which no file can hold."""
    return b'{"hplint": 1, "name": "\\ud800", "\\udfff": ["\\ud800\\ud800", "\\udc00\\ud800x"]}'


def odd_tags() -> bytes:
    """Return values whose tags say what they are not."""
    tags = (
        "!!int x",
        '!!float ""',
        "!!timestamp 99",
        "!!bool {}",
        "!!set [1]",
        "!!omap {a: 1}",
        "!!binary '*'",
        "!<x> 1",
    )
    return _lines("%TAG !e! tag:e,1:", "---", "hplint: 1", (f"k{n}: {tag}" for n, tag in enumerate(tags)), "e: !e!x {}")


def complex_keys(count: int = 5_000) -> bytes:
    """Return maps whose keys are lists, maps, aliases and no numbers."""
    lines = (f"? [a{n}, {{b: {n}}}]\n: {{.nan: 1, ? &k{n} k : 2, *k{n} : 3}}" for n in range(count))
    return _lines("hplint: 1", lines)


def many_anchors(count: int = 50_000) -> bytes:
    return _lines("hplint: 1", (f"k{n}: &a{n} {n}" for n in range(count)))


def merges_of_one(count: int = 50_000) -> bytes:
    return _lines("hplint: 1", "base: &base {units: 1}", (f"k{n}: {{<<: *base}}" for n in range(count)))


def hostile_texts(head: str, quote: str = "") -> bytes:
    """Return texts that regular expressions with two ways to match take for ever on."""
    size = 50_000
    texts = (
        "1_" * size + "x", "0:" * size + "x", "1." * size + "x", "a." * size + "!", "-" * size + "x", " " * size + "x",
        "1e" * size, "(" * size, "a|" * size, "{{" * size, "{%" * size, "${a" * size, "\\t" * size + "x", "*" * size,
        "9" * size + "e", "a/" * size, "==" * size, "<" * size, "a," * size, "a-" * size + "/", "0x" * size,
    )  # fmt: skip
    return _lines(f"{head.format(n)}{quote or 'x'}{text}{quote}" for n, text in enumerate(texts))


def hydra_cycle() -> bytes:
    """Return a config whose defaults and bases name itself."""
    return _lines("defaults:", ("  - hydra-cycle" for _ in range(5_000)), "_BASE_: hydra-cycle.yaml", HYDRA.strip())


def long_list(head: str, value: str, count: int = 100_000) -> bytes:
    """Return a config in which a setting of a few numbers has a hundred thousand."""
    return (f"{head}[{', '.join([value] * count)}]\n").encode()


def blank_lines() -> bytes:
    return b"hplint: 1\nname: |\n" + b"\n" * 3_000_000


def tabs_and_spaces() -> bytes:
    return b"hplint: 1\n" + (b" " * 1_000 + b"\t" * 1_000 + b"\n") * 1_500 + b"a: 1\n"


def toml_inline(count: int = 50_000) -> bytes:
    return b"hplint = 1\na = " + b"{a = " * count + b"1" + b"}" * count + b"\n"


def toml_repeated(count: int = 20_000) -> bytes:
    """Return tables of arrays and tables in them, each defined again and again."""
    return _lines("hplint = 1", ("[[a]]\n[a.b]\nc.d = 1" for _ in range(count)), ("[a.b]" for _ in range(count)))


def toml_dates() -> bytes:
    dates = ("0000-00-00", "9999-99-99T99:99:99Z", "1979-05-27T07:32:00+99:99", "99:99:99", "0x" + "f" * 50_000, "1__0")
    return _lines("hplint = 1", (f"k{n} = {date}" for n, date in enumerate(dates)), 'u = "\\uD800"')


def cfg_continued(count: int = 100_000) -> bytes:
    return _lines("[nlp]", 'lang = "en"', "pipeline = []", "[training]", "x = 1", ("  more" for _ in range(count)))


def cfg_ring() -> bytes:
    head = '[nlp]\nlang = "en"\npipeline = []\n[training]\nmax_epochs = ${training.max_epochs}\n[vars]'
    return _lines(head, (f"v{n} = ${{vars.v{(n + 1) % 5_000}}}" for n in range(5_000)))


# -- archives ----------------------------------------------------------------------------------------------------------


def _zipped(content: bytes, name: str = "config.json") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def zip_bomb() -> bytes:
    """Return an archive of 500 KB whose config unpacks to 500 MB."""
    return _zipped(b" " * 500_000_000)


def lying_zip() -> bytes:
    """Return an archive whose config unpacks to 200 MB and claims to have 100 bytes."""
    content = bytearray(_zipped(b" " * 200_000_000))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(mark) + offset
        content[at : at + 4] = struct.pack("<I", 100)
    return bytes(content)


def cut_zip() -> bytes:
    return _zipped(keras_chain(1_000))[:-30]


def many_members() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"w{number}", b"")
        archive.writestr("config.json", keras_chain(10))
    return file.getvalue()


def climbing_zip() -> bytes:
    return _zipped(b"{}", "../../config.json")


def locked_zip() -> bytes:
    """Return an archive that says that its config is encrypted."""
    content = bytearray(_zipped(keras_chain(10)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def odd_method_zip() -> bytes:
    """Return an archive whose config is packed in a way that nobody knows."""
    content = bytearray(_zipped(keras_chain(10)))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(mark) + offset] = 77
    return bytes(content)


def wrong_sum_zip() -> bytes:
    """Return an archive whose config is not what its checksum says."""
    content = bytearray(_zipped(keras_chain(10)))
    for mark, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        content[content.index(mark) + offset] ^= 255
    return bytes(content)


def doubled_zip() -> bytes:
    """Return an archive with two members of one name, the first deep, the second no JSON."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("config.json", json_objects(50_000))
        archive.writestr("config.json", b"\x00\xff")
    return file.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "billion-laughs.yaml": billion_laughs,
    "billion-laughs-none.yaml": lambda: billion_laughs("a: 1"),
    "brackets-20k.yaml": lambda: brackets(20_000),
    "brackets-100k.yaml": lambda: brackets(100_000),
    "brackets-100k.json": lambda: b"[" * 100_000,
    "braces-100k.yaml": lambda: (HPLINT + "a: " + "{a: " * 100_000).encode(),
    "dashes-20k.yaml": lambda: (HPLINT + "a:\n" + "- " * 20_000 + "\n").encode(),
    "questions-20k.yaml": lambda: (HPLINT + "? " * 20_000 + "\n").encode(),
    "maps-3000.yaml": lambda: nested_maps(3_000),
    "maps-1900.yaml": lambda: nested_maps(1_900),
    "maps-99.yaml": lambda: nested_maps(99),
    "objects-100k.json": lambda: json_objects(100_000),
    "dotted-100k.toml": lambda: dotted_toml(100_000),
    "nested-models-30.json": lambda: nested_models(30),
    "self.yaml": lambda: b"a: &x\n  b: *x\n",
    "self-hplint.yaml": lambda: b"hplint: 1\nmodel: &x\n  layers: *x\n",
    "merge-self.yaml": lambda: b"hplint: 1\nmodel: &x\n  <<: *x\n",
    "merge-bomb.yaml": merge_bomb,
    "many-aliases.yaml": many_aliases,
    "many-merges.yaml": many_merges,
    "keys-70k.yaml": many_keys,
    "keys-70k-none.yaml": lambda: many_keys(head="a: 1"),
    "keys-70k-axolotl.yaml": lambda: many_keys(
        head="base_model: m/m\nadapter: lora\nmicro_batch_size: 1\nnum_epochs: 1\nsequence_len: 8"
    ),
    "keys-equal-70k.yaml": many_equal_keys,
    "bad-values-20k.yaml": many_bad_values,
    "latin-1.yaml": lambda: HPLINT.encode() + b"name: caf\xe9\n",
    "nul.yaml": lambda: HPLINT.encode() + b"name: a\x00b\n",
    "nul-only.yaml": lambda: b"\x00" * 1_000_001,
    "breaks.yaml": breaks,
    "carriage-returns.yaml": carriage_returns,
    "astral.yaml": astral,
    "control.yaml": control_characters,
    "two-documents.yaml": lambda: documents(2),
    "documents-20k.yaml": lambda: documents(20_000),
    "utf-16.yaml": lambda: many_keys(10_000).decode().encode("utf-16"),
    "utf-32.yaml": lambda: many_keys(10_000).decode().encode("utf-32"),
    "10-mb.yaml": ten_megabytes,
    "line-5-mb.yaml": long_line,
    "line-3.5-mb.yaml": lambda: long_line("shorter"),
    "flow-line.yaml": long_flow_line,
    "open-quote.yaml": open_quote,
    "open-bracket.yaml": open_bracket,
    "conflicts.yaml": conflict_marks,
    "suppressions-50k.yaml": suppression_comments,
    "file-suppressions-50k.yaml": file_suppressions,
    "comments-60k.yaml": comments_only,
    "interpolation-chain.yaml": interpolation_chain,
    "interpolation-ring.yaml": interpolation_ring,
    "interpolation-bomb.yaml": interpolation_bomb,
    "interpolation-nested.yaml": interpolation_nested,
    "interpolation-lost.yaml": interpolation_lost,
    "layers-10k.yaml": hplint_layers,
    "fixes-2k.yaml": findings_with_fixes,
    "keras-10k.json": keras_chain,
    "keras-residual.json": keras_residual,
    "keras-dense-net.json": keras_dense_net,
    "keras-ring.json": keras_ring,
    "keras-backwards.json": keras_backwards,
    "ludwig-6k.yaml": ludwig_features,
    "sweep-10k.yaml": wandb_sweep,
    "sweep-nested.yaml": wandb_nested,
    "sweep-values.yaml": wandb_values,
    "datasets-10k.yaml": axolotl_datasets,
    "nested-hplint.yaml": lambda: nested_values(HPLINT, "model"),
    "nested-ludwig.yaml": lambda: nested_values("input_features: []\noutput_features: []\n", "trainer"),
    "nested-sweep.yaml": lambda: nested_values("program: t.py\nmethod: grid\n", "parameters"),
    "nested-axolotl.yaml": lambda: nested_values("base_model: m\nadapter: lora\nnum_epochs: 1\n", "datasets"),
    "nested-torchtune.yaml": lambda: nested_values(TORCHTUNE, "metric_logger"),
    "nested-lightning.yaml": lambda: nested_values(LIGHTNING, "model"),
    "tables-10k.toml": toml_tables,
    "layers-10k.toml": toml_layers,
    "nested-tables.toml": toml_nested_tables,
    "open-text.toml": toml_open_text,
    "sections-100k.cfg": cfg_sections,
    "references-10k.cfg": cfg_references,
    "json-value.cfg": cfg_json_values,
    "other.conf": gin_like,
    "bomb.keras": zip_bomb,
    "lying.keras": lying_zip,
    "cut.keras": cut_zip,
    "members-20k.keras": many_members,
    "climbing.keras": climbing_zip,
    "locked.keras": locked_zip,
    "odd-method.keras": odd_method_zip,
    "wrong-sum.keras": wrong_sum_zip,
    "doubled.keras": doubled_zip,
    "no-zip.keras": lambda: b"PK\x03\x04" + b"\x00" * 100_000,
    "deep.keras": lambda: _zipped(json_objects(100_000)),
    "extreme.yaml": lambda: extreme_numbers("yaml"),
    "extreme.json": lambda: extreme_numbers("json"),
    "extreme.toml": lambda: extreme_numbers("toml"),
    "surrogates.json": lone_surrogates,
    "tags.yaml": odd_tags,
    "complex-keys.yaml": complex_keys,
    "anchors-50k.yaml": many_anchors,
    "merges-50k.yaml": merges_of_one,
    "hostile.yaml": lambda: b"hplint: 1\n" + hostile_texts("name{}: "),
    "hostile-torchtune.yaml": lambda: TORCHTUNE.encode() + hostile_texts("k{}: "),
    "hostile.json": lambda: b'{"hplint": 1\n' + hostile_texts(', "k{}": ', '"') + b"}",
    "hostile.toml": lambda: b"hplint = 1\n" + hostile_texts("k{} = ", '"'),
    "hostile.cfg": lambda: b'[nlp]\nlang = "en"\npipeline = []\n[training]\n' + hostile_texts("k{} = "),
    "hydra-cycle.yaml": hydra_cycle,
    "interpolation-pair.yaml": lambda: TORCHTUNE.encode() + b"a: ${b}\nb: ${a}\nc: ${c}\nd: ${.d}\n",
    "betas-100k.yaml": lambda: long_list("hplint: 1\noptimizer: {name: adam}\nbetas: ", "0.9"),
    "shape-100k.yaml": lambda: long_list("hplint: 1\ninputs:\n - name: x\n   shape: ", "9"),
    "blank-lines.yaml": blank_lines,
    "tabs.yaml": tabs_and_spaces,
    "spaces.yaml": lambda: b" " * 3_900_000,
    "newlines.yaml": lambda: b"\n" * 3_900_000,
    "empty.yaml": lambda: b"",
    "mark-only.yaml": lambda: b"\xef\xbb\xbf",
    "marks.yaml": lambda: b"\xef\xbb\xbf" * 1_000 + b"hplint: 1\n",
    "half-utf-16.yaml": lambda: b"\xff\xfeh\x00p\x00\x00\xd8",
    "odd-utf-32.yaml": lambda: b"\xff\xfe\x00\x00h\x00\x00\x00\xff\xff\xff\xff",
    "directives.yaml": lambda: b"%YAML 9.9\n%TAG ! !\n" * 20_000 + b"---\nhplint: 1\n",
    "line-10-mb.json": lambda: b'{"hplint": 1, "name": "' + b"a" * 10_000_000 + b'"}',
    "line-3.5-mb.json": lambda: b'{"hplint": 1, "name": "' + b"a" * 3_500_000 + b'"}',
    "comments-100k.toml": lambda: _lines("hplint = 1", ("# learning_rate = 0.1, and more" for _ in range(100_000))),
    "inline-50k.toml": toml_inline,
    "brackets-100k.toml": lambda: b"hplint = 1\na = " + b"[" * 100_000,
    "headers-100k.toml": lambda: b"hplint = 1\n[" + b".".join([b"a"] * 100_000) + b"]\n",
    "repeated.toml": toml_repeated,
    "dates.toml": toml_dates,
    "continued-100k.cfg": cfg_continued,
    "ring.cfg": cfg_ring,
    "no-section.cfg": lambda: b"lang = en\n" * 50_000,
    "open-section.cfg": lambda: b"[nlp\n" * 50_000,
}
"""The files by name; the ending says how a file is read."""
