"""Finds the rules that a config gives any reason to ask, from the facts that it states.

Most rules need a fact that most configs do not state (hplint.rules.needs), so going through all rules for every config
would take longer than asking the few that may fire. The index goes the other way: from each stated fact to the rules
that need it.
"""

from __future__ import annotations

from hplint.facts.fact import UNKNOWN, Fact, Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from hplint.facts.parts import Training
    from hplint.rules.rule import Needs, Rule

    Alternatives = tuple[tuple[str, tuple[Any, ...] | None], ...]
    """One group of the needs of a rule."""
    Entries = list[tuple[tuple[Any, ...] | None, list[int]]]
    """The values that would do (None for any), and the numbers of the rules that they may make fire."""


class RuleIndex:
    """Rules by the facts that they need.

    Each rule stands under the first group of its needs: the one that the fewest configs can be expected to meet
    (hplint.rules.needs). Its other groups are looked at where that one is met.

    `silent` are rules that somebody ignores: what they would find is not told, and not in the words of others either.

    is_narrow  of each rule, whether that group is about the very part that the rule is asked about, so that it need be
               asked only about the parts that meet it
    """

    def __init__(self, rules: tuple[Rule, ...], silent: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
        self.silent = RuleIndex(silent) if silent else None
        self.by_fact: dict[str, dict[str, Entries]] = {}
        self.by_subject: dict[str, list[int]] = {}
        self.other_needs: list[Needs] = []
        self.is_narrow: list[bool] = []
        known: dict[Alternatives, list[int]] = {}
        for number, rule in enumerate(rules):
            rarest = rule.needs[0] if rule.needs else ()
            self.other_needs.append(rule.needs[1:])
            owners = {path.partition(".")[0] for path, _ in rarest}
            self.is_narrow.append(owners == {rule.subject} != {"training"})
            if not rarest:
                self.by_subject.setdefault(rule.subject, []).append(number)
                continue
            numbers = known.setdefault(rarest, [])
            numbers.append(number)
            if len(numbers) == 1:
                for path, values in rarest:
                    owner, _, name = path.partition(".")
                    self.by_fact.setdefault(owner, {}).setdefault(name, []).append((values, numbers))

    def worth_asking(self, stated: Stated) -> list[tuple[Rule, list[Part]]]:
        """Return the rules whose needs are met by what is stated, in their order, with the parts to ask them about.

        All other rules, and these about all other parts, would find nothing.
        """
        found: dict[int, list[Part]] = {}
        for subject, numbers in self.by_subject.items():
            if stated.parts(subject):
                found.update(dict.fromkeys(numbers, _ALL))
        is_narrow = self.is_narrow
        for owner, entries_of in self.by_fact.items():
            for part in stated.parts(owner):
                for name, fact in part.facts.items():
                    if name not in entries_of or fact is UNKNOWN:
                        continue
                    value = fact.value if type(fact) is Fact else ...
                    for values, numbers in entries_of[name]:
                        if values is not None and value not in values:
                            continue
                        for number in numbers:
                            if not is_narrow[number]:
                                found[number] = _ALL
                            elif number not in found:
                                found[number] = [part]
                            elif found[number][-1] is not part:
                                found[number].append(part)
        chosen = []
        for number, parts in sorted(found.items()):
            rule = self.rules[number]
            subjects = stated.parts(rule.subject) if parts is _ALL else parts
            if subjects and stated.meets(self.other_needs[number]):
                chosen.append((rule, subjects))
        return chosen


_ALL: list[Part] = []
"""Stands for all parts that a rule can be asked about."""


class Stated:
    """What a config states, as the needs of rules ask for it."""

    def __init__(self, training: Training, problems: list[Part]) -> None:
        self.training = training
        self.problems = problems
        self._parts: dict[str, list[Part]] = {
            name: [part] for name, part in training.facts.items() if isinstance(part, Part)
        }
        self._met: dict[int, bool] = {}

    def meets(self, needs: Needs) -> bool:
        """Whether some part of the config states one alternative of each group."""
        for group in needs:
            met = self._met.get(id(group))  # rules share groups
            if met is None:
                met = self._met[id(group)] = any(self._states(path, wanted) for path, wanted in group)
            if not met:
                return False
        return True

    def _states(self, path: str, wanted: tuple[Any, ...] | None) -> bool:
        """Whether some part states one of the wanted values of a fact, or any where those are None."""
        owner, _, name = path.partition(".")
        for part in self.parts(owner):
            fact = part.facts.get(name, UNKNOWN)
            if fact is not UNKNOWN and (wanted is None or (type(fact) is Fact and fact.value in wanted)):
                return True
        return False

    def parts(self, owner: str) -> list[Part]:
        """Return the parts called `owner`, in the order of the file: a single one such as the optimizer, or a list's.

        Those called as the subject of a rule are what it is asked about.
        """
        found = self._parts.get(owner)
        if found is None:
            found = self._parts[owner] = self._listed(owner)
        return found

    def _listed(self, owner: str) -> list[Part]:
        training = self.training
        if owner == "training":
            return [training]
        if owner in ("problem", "scalar", "entry"):
            return [part for part in self.problems if type(part).__name__.lower() == owner]
        if owner == "parameter":
            return training.search.parts("parameters")
        return training.model.parts("layers") if owner == "layer" else training.parts(f"{owner}s")
