"""Frozen, slotted records: what a frozen dataclass gives, without the cost of importing `dataclasses`.

Importing `dataclasses` and generating its classes takes longer than linting a file, so the command line's path uses
this decorator instead. Type checkers treat a record as a frozen dataclass.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from typing_extensions import dataclass_transform

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True)
    def record(cls: type[T]) -> type[T]:
        """Type checkers see a frozen dataclass."""
        ...

else:

    def record(cls):
        """Return `cls` remade as an immutable class with one slot per annotated field.

        Fields become constructor arguments in order of definition; a class attribute gives a default, which must be
        immutable. Records compare and hash by value.
        """
        fields = tuple(cls.__annotations__)
        body = dict(vars(cls))
        defaults = {name: body.pop(name) for name in fields if name in body}
        for name in ("__dict__", "__weakref__"):
            body.pop(name, None)

        def __init__(self, *args, **named):
            if named or len(args) != len(fields):
                args = completed(args, named)
            for set_slot, value in zip(setters, args):
                set_slot(self, value)

        def completed(args, named):
            values = {**defaults, **dict(zip(fields, args)), **named}
            if len(values) != len(fields) or len(args) > len(fields):
                wrong = sorted(set(fields) ^ set(values)) or [f"{len(args)} positional values"]
                raise TypeError(f"{cls.__name__}() takes {', '.join(fields)}; check {', '.join(wrong)}")
            return [values[name] for name in fields]

        def as_tuple(self):
            return tuple(getattr(self, name) for name in fields)

        def __eq__(self, other):
            return type(self) is type(other) and as_tuple(self) == as_tuple(other)

        def __hash__(self):
            return hash(as_tuple(self))

        def __repr__(self):
            return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in fields)})"

        def __setattr__(self, name, value):
            raise AttributeError(f"{cls.__name__} is immutable: cannot set {name}")

        methods = (__init__, __eq__, __hash__, __repr__, __setattr__)
        body.update({method.__name__: body.get(method.__name__, method) for method in methods})
        body["__slots__"] = body["__match_args__"] = fields
        made = type(cls)(cls.__name__, cls.__bases__, body)
        setters = [vars(made)[name].__set__ for name in fields]
        return made


def replace(old: T, **changes: Any) -> T:
    """Return a copy of the record `old` with the fields named in `changes` replaced."""
    fields: tuple[str, ...] = type(old).__match_args__  # type: ignore[attr-defined]  # every record has it
    return type(old)(**{**{name: getattr(old, name) for name in fields}, **changes})
