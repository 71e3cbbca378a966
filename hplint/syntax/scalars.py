"""What a plain YAML scalar means to the loader that will read it.

The loaders differ: `1e-3` is text to PyYAML and a number to OmegaConf; `on` is true to YAML 1.1 and text to 1.2.
Sources: PyYAML 6 resolver.py and constructor.py; OmegaConf 2.3 `_utils.get_yaml_loader`; YAML 1.2.2 section 10.3;
each row was checked by running the loader.
"""

from __future__ import annotations

import re

from hplint.syntax.tree import BOOL, FLOAT, NULL, OTHER, STRING, integer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Resolver = Callable[[str], tuple[str, Any]]

_TRUE_11 = frozenset(["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE_11 = frozenset(["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_TRUE_12 = frozenset(["true", "True", "TRUE"])
_FALSE_12 = frozenset(["false", "False", "FALSE"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INFINITY = frozenset([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"])
_NOT_A_NUMBER = frozenset([".nan", ".NaN", ".NAN"])

# Patterns stay text: which of them a run needs depends on the loader, and re keeps what it compiled.
_INT_11 = r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]*|[1-9][0-9_]*(?::[0-5]?[0-9])*)\Z"
_FLOAT_11 = (
    r"(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)\Z"
)
_FLOAT_OMEGACONF = (
    r"(?:[-+]?[0-9][0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)"
    r"|\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)\Z"
)
_INT_12 = r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z"
_FLOAT_12 = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"
_DATE = (
    r"[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)\Z"
)


def _base60(text: str) -> float:
    sign = -1 if text.startswith("-") else 1
    total, base = 0.0, 1
    for digits in reversed(text.lstrip("+-").split(":")):
        total += float(digits) * base
        base *= 60
    return sign * total


def _int_11(text: str) -> int:
    """Return the integer PyYAML constructs: 0b, 0x and leading-zero octal, underscores, base 60."""
    text = text.replace("_", "")
    digits = text.lstrip("+-")
    if ":" in digits:
        return int(_base60(text))
    sign = -1 if text.startswith("-") else 1
    if digits == "0":
        return 0
    if digits.startswith("0b"):
        return sign * int(digits[2:], 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:], 16)
    return sign * int(digits, 8 if digits.startswith("0") else 10)


def _common(text: str, true: frozenset[str], false: frozenset[str]) -> tuple[str, Any] | None:
    if text in _NULL:
        return NULL, None
    if text in true:
        return BOOL, True
    if text in false:
        return BOOL, False
    if text in _INFINITY:
        return FLOAT, float("inf")
    if text[:1] == "-" and text[1:] in _INFINITY:
        return FLOAT, float("-inf")
    if text in _NOT_A_NUMBER:
        return FLOAT, float("nan")
    return None


def _yaml_11(text: str, float_pattern: str, dates: bool) -> tuple[str, Any]:
    found = _common(text, _TRUE_11, _FALSE_11)
    if found is not None:
        return found
    if text[0] in "-+.0123456789":
        try:
            plain_number = _plain_number(text)
            if plain_number is not None:
                return plain_number
            if re.match(_INT_11, text):
                return integer(_int_11(text))
            if re.match(float_pattern, text):
                plain = text.replace("_", "")
                return FLOAT, _base60(plain) if ":" in plain else float(plain)
        except (ValueError, OverflowError):  # such as "0_" or 5,000 digits: PyYAML fails on them too
            return STRING, text
        if dates and re.match(_DATE, text):
            return OTHER, text
    return STRING, text


def _plain_number(text: str) -> tuple[str, Any] | None:
    """Return kind and value of a number such as 12 or 0.5, which all loaders read alike; by far most are such."""
    if not _is_plain_number(text):
        return None
    return (FLOAT, float(text)) if "." in text else integer(int(text))


def _is_plain_number(text: str) -> bool:
    whole, point, fraction = text.partition(".")
    if not text.isascii() or not whole.isdigit() or (len(whole) > 1 and whole[0] == "0"):
        return False
    return not point or fraction.isdigit()


def pyyaml(text: str) -> tuple[str, Any]:
    """Return kind and value of a plain scalar as PyYAML's safe_load gives them."""
    return _yaml_11(text, _FLOAT_11, dates=True)


def omegaconf(text: str) -> tuple[str, Any]:
    """Return kind and value as OmegaConf gives them: YAML 1.1 with `1e-3` a number and dates left as text."""
    return _yaml_11(text, _FLOAT_OMEGACONF, dates=False)


def yaml_12(text: str) -> tuple[str, Any]:
    """Return kind and value by the core schema of YAML 1.2: `on` and `010` are text and ten."""
    found = _common(text, _TRUE_12, _FALSE_12)
    if found is not None:
        return found
    if re.match(_INT_12, text):
        try:
            base = 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10
            return integer(int(text[2:] if base == 8 else text, base))
        except ValueError:  # more digits than Python reads
            return STRING, text
    if re.match(_FLOAT_12, text):
        return FLOAT, float(text)
    return STRING, text


def yacs(text: str) -> tuple[str, Any]:
    """Return kind and value as yacs gives them: PyYAML's, with text that is a Python number evaluated.

    Source: yacs 0.1.8 `CfgNode._decode_cfg_value`, which calls `ast.literal_eval`.
    """
    kind, value = pyyaml(text)
    return (FLOAT, float(text)) if kind is STRING and re.match(_FLOAT_12, text) else (kind, value)


RESOLVERS: dict[str, Resolver] = {
    "pyyaml": pyyaml,
    "omegaconf": omegaconf,
    "jsonargparse": omegaconf,  # its own pattern of a float makes a number of 1e-3 too
    "kubernetes": omegaconf,  # YAML 1.1 read by Go, to which 1e-3 is a number and a date is text
    "yaml12": yaml_12,
    "yacs": yacs,
    "hjson": yaml_12,
    "json": yaml_12,  # YAML that is read where JSON is expected
    "unknown": omegaconf,  # who reads the file is not told, so numbers are read as people mean them
}

MAX_ALIKE = 300
"""Characters up to which all loaders read a number; Python itself reads none of thousands of digits."""
_VARYING_WORDS = frozenset(("yes", "no", "on", "off"))


def varies(text: str) -> bool:
    """Whether loaders may read a plain scalar differently; most are words or plain numbers, which all read alike."""
    if text[:1] in _NUMBER_STARTS:
        return not _is_plain_number(text) or len(text) > MAX_ALIKE
    return len(text) < 4 and text.lower() in _VARYING_WORDS


_NUMBER_STARTS = frozenset("-+.0123456789")

MAX_RESOLVED = 20_000
_resolved: dict[str, dict[str, tuple[str, Any, bool]]] = {}


def resolved(loader: str) -> dict[str, tuple[str, Any, bool]]:
    """Return what a loader makes of the texts met so far, with `varies`; for whoever reads more to add to.

    The configs of a run, and the versions of a text, have most of their scalars in common.
    """
    known = _resolved.setdefault(loader, {})
    if len(known) > MAX_RESOLVED:
        known.clear()
    return known
