"""The whole way from a text to its findings; the one bridge from the command line and the editor to the engine."""

from __future__ import annotations

import re
from itertools import islice

from hplint import knowledge
from hplint.facts import derive as _  # noqa: F401  # registers the derived facts
from hplint.facts.fact import Part, default
from hplint.facts.parts import Problem, Training, empty_training
from hplint.findings import Finding, Fix
from hplint.formats.read import as_current, read
from hplint.formats.recognise import Recognition, is_told_by, recognise
from hplint.parsing import as_loaded, interpolated, parse, parse_edited, reread, syntax_of
from hplint.problems import checked_part, kinds_of_parts, mismatch_part, refusal_parts, text_part
from hplint.records import record
from hplint.rules.index import RuleIndex, Stated
from hplint.rules.logic import U
from hplint.rules.rule import check as run_rule
from hplint.scalars import Spelling, says_number
from hplint.schema.fits import fits
from hplint.settings import Settings
from hplint.syntax.tree import MAX_CHARACTERS, Node, Tree
from hplint.syntax.tree import Problem as TextProblem
from hplint.text import Edit, SourceText, Span, UndecodableError, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hplint.bases import Chain
    from hplint.companions import OtherFile, ReadNeighbour
    from hplint.findings import Evidence
    from hplint.own import Own
    from hplint.rules.rule import FixPlan, Rule
    from hplint.schema.check import Mismatch
    from hplint.suppressions import Suppressed

MAX_FINDINGS = 1000
"""How many findings of one rule are told in one file: nobody reads on, and a hostile file could have millions."""
MAX_INDICES = 8
MAX_SPELLINGS = 50
LINTED, SKIPPED, FAILED = "linted", "skipped", "failed"

_DEFAULTS = Settings()
_FORMAT_COMMENT = r"(?m)^\s*#\s*hplint:\s*format\s*=\s*([\w-]+)"


@record
class Report:
    """What one file is, and what was found in it.

    status       LINTED; SKIPPED when it is no training config; FAILED when it could not be read as far as the findings
    recognition  the format, how sure that is and why
    findings     in the order of the file
    training     the facts, None unless a format was recognised
    suppressed   findings that comments or the settings leave out, with what does it
    others       the other files that were read because the config names them
    clues        the descriptions that the format was recognised by, None where it was told otherwise
    """

    path: str
    status: str
    recognition: Recognition
    findings: tuple[Finding, ...]
    source: SourceText
    tree: Tree | None = None
    training: Training | None = None
    suppressed: tuple[Suppressed, ...] = ()
    others: tuple[OtherFile, ...] = ()
    clues: Mapping[str, Any] | None = None

    def source_of(self, evidence: Evidence) -> SourceText:
        """Return the text that the span of `evidence` is in: the config's, or that of a file it names."""
        if evidence.path is None:
            return self.source
        return next((other.source for other in self.others if other.path == evidence.path), self.source)


def lint(
    source: str | bytes | SourceText,
    path: str = "",
    settings: Settings | None = None,
    rules: tuple[Rule, ...] | None = None,
    read_neighbour: ReadNeighbour | None = None,
    before: Report | None = None,
    edit: Edit | None = None,
) -> Report:
    """Return what is found in a config.

    `rules` are those to choose from, hplint's own when it is None. `read_neighbour(name)` returns the file that the
    config names, such as a DeepSpeed JSON, to be held together with it; without it no other file is looked at.

    `before` is what was found in an earlier version of the text: what has not changed since is not read again. Its tree
    must not be used any more, since its nodes live on in the new one. `edit` is what was changed in its text, None to
    find that out.

    `path` gives the syntax by its ending (.yaml, .yml, .json, .toml) and need not exist; without a known ending the
    text's first character decides. Never raises for the sake of the text; what is wrong with it is a finding.
    """
    settings = settings or _DEFAULTS
    try:
        text = _decoded(source)
    except UndecodableError as error:
        problem = TextProblem("undecodable", f"line {error.line}: {error.reason}", Span(0, 0))
        return _unreadable(SourceText(""), path, settings, rules, problem)
    if len(text.text) > MAX_CHARACTERS:
        message = f"{len(text.text):,} characters; hplint reads files of up to {MAX_CHARACTERS:,}"
        problem = TextProblem("too-large", message, Span(0, min(1, len(text.text))))
        return _unreadable(text, path, settings, rules, problem)
    tree = parse_edited(text, syntax_of(path, text.text), before.tree if before is not None else None, edit)
    return lint_tree(tree, path, settings, rules, read_neighbour, before if tree.edited is not None else None)


def _decoded(source: str | bytes | SourceText) -> SourceText:
    if isinstance(source, bytes):
        return decode(source)
    return SourceText(source) if isinstance(source, str) else source


def lint_tree(
    tree: Tree,
    path: str,
    settings: Settings,
    rules: tuple[Rule, ...] | None = None,
    read_neighbour: ReadNeighbour | None = None,
    before: Report | None = None,
) -> Report:
    """Return what is found in a parsed config; `before` is the report on the tree that an edit made this one of."""
    index = _chosen(rules, settings, path)
    own = own_of(settings)
    descriptions = {**own.formats, **knowledge.formats()} if own is not None else knowledge.formats()
    recognition, clues = _overridden(tree, path, settings, descriptions), None
    if recognition is None:
        clues = knowledge.clues() if own is None else descriptions
        recognition = _still_recognised(tree, clues, before)
    if tree.references is not None and (before is None or recognition != before.recognition):
        tree = parse(tree.source, tree.syntax, tree.loader)  # what references mean must not tell the format
    if recognition is None and clues is not None:
        recognition = recognise(tree.root, clues, tree.syntax)
    assert recognition is not None
    if recognition.name is None:
        return _not_recognised(tree, path, settings, index, recognition)
    description = descriptions[recognition.name]
    tree = reread(as_loaded(tree, description), description.get("loader", "pyyaml"))
    tree, lost = interpolated(tree, description)
    root = tree.root
    problems = [text_part(problem) for problem in (*_broken(tree), *lost)]
    others: tuple[OtherFile, ...] = ()
    is_crowded = False
    if root is None:
        training = empty_training(format=default(recognition.name, "recognised"))
    else:
        problems += [checked_part(problem, description) for problem in _checked(root, description)]
        root = as_current(root, description)
        schema = own.schemas.get(recognition.name) if own is not None else None
        chain = _chain(root, path, description, read_neighbour)
        problems += [text_part(problem) for problem in chain.problems] if chain is not None else []
        schema = schema or _schema(tree, recognition.name, description, settings)
        mismatches = _mismatches(root, schema, chain) if tree.complete else []
        is_crowded = len(mismatches) > MAX_FINDINGS
        mismatches = mismatches[:MAX_FINDINGS]
        if tree.root is not None:
            coerces = any(tree.root.get(key) is not None for key in description.get("coerces_beside", ()))
            if coerces:
                mismatches = [one for one in mismatches if not says_number(one)]
            problems += _spelling(tree.syntax, description, index, coerces).parts(tree.root, mismatches)
        training = read(root, recognition.name, description)
        if chain is not None:
            others = _inherit(training, chain, recognition.name, description)
        if "versions_of" in description:
            problems += _version_parts(tree, root, recognition.name, description, settings)
        if description.get("validators"):
            problems += refusal_parts(root, recognition.name)
        if "companions" in description:
            others += _add_companion(training, root, description, read_neighbour)
        kinds = kinds_of_parts(training) if mismatches else {}
        problems += [mismatch_part(mismatch, kinds, description) for mismatch in mismatches]
    training.adopt(training)
    findings = _run(tree, training, problems, index, description.get("templates", {}))
    if is_crowded or _is_crowded(findings):
        message = f"more than {MAX_FINDINGS:,} findings of one kind; no more of that kind are shown"
        crowded = text_part(TextProblem("too-large", message, Span(0, min(1, len(tree.source.text)))))
        findings += _run(tree, training, [crowded], index, {}, "problem")
    if len(tree.roots) > 1 and description.get("documents", "one") == "one":
        second = Span(tree.roots[1].start, min(tree.roots[1].start + 1, tree.roots[1].end))
        message = "a second document starts here; the loader of this format reads one document per file"
        several = text_part(TextProblem("several-documents", message, second))
        findings += _run(tree, training, [several], index, {}, "problem")
    status = FAILED if not tree.complete and root is None else LINTED
    shown, hidden = _without_suppressed(findings, tree, training, path, settings, index)
    found = _ordered(shown, settings)
    return Report(path, status, recognition, found, tree.source, tree, training, hidden, others, clues)


def _broken(tree: Tree) -> tuple[TextProblem, ...]:
    """Return what does not parse, unless a script is to fill in the text first."""
    if not tree.problems:
        return ()
    from hplint.foreign import is_to_fill  # what parses needs no such look

    return () if is_to_fill(tree) else tree.problems


def _still_recognised(tree: Tree, clues: Mapping[str, Any], before: Report | None) -> Recognition | None:
    """Return the format that was recognised before an edit that cannot have changed it, None if it may have."""
    if before is None or before.clues is not clues or tree.edited is None or is_told_by(clues, *tree.edited):
        return None
    return before.recognition


def _version_parts(tree: Tree, root: Node, name: str, description: Mapping[str, Any], settings: Settings) -> list[Part]:
    """Return the keys and values that came or went with a version of the framework."""
    from hplint.versions import stated_versions, version_problems  # few formats have a history

    return version_problems(root, name, description, stated_versions(tree, settings))


def _schema(tree: Tree, name: str, description: Mapping[str, Any], settings: Settings) -> dict[str, Any] | None:
    """Return the schema that the config is held to."""
    if "schemas_of" not in description:
        return knowledge.schema(name)
    from hplint.versions import schema_for  # few formats have several

    return schema_for(name, description, tree, settings)


def _add_companion(
    training: Training, root: Node, description: Mapping[str, Any], read_neighbour: ReadNeighbour | None
) -> tuple[OtherFile, ...]:
    """Add to the facts what the second file that the config names says, and return that file."""
    from hplint.companions import read_companion  # few configs name one

    companion = read_companion(root, description, knowledge.formats(), read_neighbour, parse)
    if companion is not None:
        training.state(companion=companion.training)
    return (companion.file,) if companion is not None and companion.file is not None else ()


def _chain(root: Node, path: str, description: Mapping[str, Any], read_neighbour: ReadNeighbour | None) -> Chain | None:
    """Return the configs that the config extends, None where it names none."""
    if "extends" not in description or root.get(description["extends"]) is None:  # `root` may have the key null
        return None
    from hplint.bases import read_bases  # few formats can extend others

    return read_bases(root, path, description, read_neighbour, parse)


def _inherit(training: Training, chain: Chain, name: str, description: Mapping[str, Any]) -> tuple[OtherFile, ...]:
    """Add to the facts what the bases of the config say, and return their files."""
    from hplint.bases import inherit

    for base in chain.bases:
        inherit(training, base, name, description)
    training.state(bases=list(chain.bases))
    return chain.files


def _overridden(tree: Tree, path: str, settings: Settings, descriptions: Mapping[str, Any]) -> Recognition | None:
    """Return the format that a comment or the settings name; a name that hplint does not know is not obeyed."""
    if tree.syntax != "json" and _is_spoken_to(tree.source):
        match = re.search(_FORMAT_COMMENT, tree.source.text)
        if match is not None and match.group(1) in descriptions:
            return Recognition(match.group(1), "high", "a comment in the file says so")
    name = settings.format_for(path) if path else None
    return Recognition(name, "high", "a pattern in the settings says so") if name in descriptions else None


def _not_recognised(tree: Tree, path: str, settings: Settings, index: RuleIndex, recognition: Recognition) -> Report:
    """Return the report on a file that is no training config, or too broken to tell."""
    tree = reread(tree, "pyyaml")
    if not tree.problems:
        return Report(path, SKIPPED, recognition, (), tree.source, tree)
    from hplint.foreign import as_no_json, is_foreign  # what parses needs no such look

    if is_foreign(tree):
        return Report(path, SKIPPED, recognition, (), tree.source, tree)
    problems = as_no_json(tree) if tree.syntax == "json" else tree.problems
    parts = [text_part(problem) for problem in problems]
    findings = _run(tree, empty_training(), parts, index, {}, "problem")
    reason = Recognition(None, "low", "too much of it is broken to tell its format")
    shown, hidden = _without_suppressed(findings, tree, empty_training(), path, settings, index)
    return Report(path, FAILED, reason, _ordered(shown, settings), tree.source, tree, None, hidden)


def _unreadable(
    source: SourceText, path: str, settings: Settings, rules: tuple[Rule, ...] | None, problem: TextProblem
) -> Report:
    tree = Tree(source, "yaml", (), (problem,), complete=False)
    part = text_part(problem)
    findings = _run(tree, empty_training(), [part], _chosen(rules, settings, path), {}, "problem")
    recognition = Recognition(None, "low", "too much of it is broken to tell its format")
    return Report(path, FAILED, recognition, _ordered(findings, settings), source)


_spellings: dict[tuple[str, int, int, bool], tuple[Spelling, Mapping[str, Any], RuleIndex]] = {}
"""What gathers spellings, by syntax, description of the format, rules on them and `coerces`: trees remember by it."""


def _spelling(syntax: str, description: Mapping[str, Any], index: RuleIndex, coerces: bool) -> Spelling:
    """Return what gathers the spellings that any rule speaks of. A rule on them looks at nothing else of the config."""
    key = syntax, id(description), id(index), coerces
    if key not in _spellings:
        while len(_spellings) >= MAX_SPELLINGS:
            del _spellings[next(iter(_spellings))]
        asked: dict[str, list[Rule]] = {"scalar": [], "entry": []}
        for rule in (*index.rules, *(index.silent.rules if index.silent is not None else ())):
            if rule.subject in asked:
                asked[rule.subject].append(rule)

        def asks(part: Part) -> bool:
            return any(rule.holds(U, part) is True for rule in asked[type(part).__name__.lower()])

        _spellings[key] = Spelling(syntax, description, asks, coerces), description, index
    return _spellings[key][0]


def _checked(root: Node, description: Mapping[str, Any]) -> list[TextProblem]:
    """Return what a format's own checks find, which a schema cannot say."""
    if "checks" not in description:
        return []
    found: list[TextProblem] = knowledge.module(f"hplint.formats.{description['checks']}").check(root)
    return found


def own_of(settings: Settings) -> Own | None:
    """Return the formats and rules that the project itself adds, None for most projects."""
    if not settings.own and not settings.described:
        return None
    from hplint.own import load

    return load(settings.own, settings.described)


def _mismatches(root: Node, schema: Mapping[str, Any] | None, chain: Chain | None) -> list[Mismatch]:
    """Return what the schema of a format does not accept; nothing without a schema."""
    if schema is None or fits(root, schema):
        return []
    from hplint.schema.check import check, is_for_fork  # most configs fit

    if chain is not None and any(is_for_fork(base.node, schema) for base in chain.bases if base.node is not None):
        return []
    return check(root, schema)


def _run(
    tree: Tree,
    training: Training,
    problems: list[Part],
    index: RuleIndex,
    templates: Any,
    only: str | None = None,
) -> list[Finding]:
    """Return the findings of the rules of `index`; of those on subject `only` if it is given."""
    root = tree.root
    first = root.entries[0][0] if root is not None and root.entries else None
    fallback = first.span if first is not None else Span(0, 0)

    def fix(plan: FixPlan, training: Training, subject: Any) -> Fix | None:
        from hplint.fixes import make_fix  # many configs need no fix, and the code that edits takes long to import

        made = make_fix(plan, training, subject, tree, templates)
        if made is None or tree.complete or isinstance(subject, Problem):
            return made
        adds = any(edit.span.start == edit.span.end for edit in made.edits)
        return None if adds else made  # what is added next to a break may end up inside of it

    found: list[Finding] = []
    general: set[Finding] = set()
    stated = Stated(training, problems)
    for rule, subjects in index.worth_asking(stated):
        if only not in (None, rule.subject):
            continue
        new = list(islice(run_rule(rule, subjects, training, fallback, fix), MAX_FINDINGS))
        found += new
        if rule.general:
            general.update(new)
    # What schema and grammar say gives way to a rule that knows more about the same place.
    # What no single place says stands at the first key, and knows no more about it.
    taken = {finding.span for finding in found if finding not in general and finding.span != fallback}
    for rule, subjects in index.silent.worth_asking(stated) if general and index.silent is not None else ():
        hushed = run_rule(rule, subjects, training, fallback, fix)
        taken |= {finding.span for finding in islice(hushed, MAX_FINDINGS)}
    return [finding for finding in found if finding not in general or finding.span not in taken]


def _is_crowded(findings: list[Finding]) -> bool:
    """Whether a rule has as many findings as are told."""
    if len(findings) < MAX_FINDINGS:
        return False
    codes = [finding.code for finding in findings]
    return any(codes.count(code) >= MAX_FINDINGS for code in set(codes))


def _without_suppressed(
    findings: list[Finding], tree: Tree, training: Training, path: str, settings: Settings, index: RuleIndex
) -> tuple[list[Finding], tuple[Suppressed, ...]]:
    """Return the findings that no suppression covers, those about suppressions included, and the covered ones."""
    if not settings.suppressions and not _is_spoken_to(tree.source):
        return findings, ()
    from hplint import suppressions  # most files have none

    found, malformed = suppressions.of_file(tree, path, settings)
    shown, hidden = suppressions.split(found, findings)
    problems = [*malformed, *suppressions.problems(tree, found, hidden, index.rules)]
    about = _run(tree, training, [text_part(problem) for problem in problems], index, {}, "problem")
    shown_too, hidden_too = suppressions.split(found, about)
    return shown + shown_too, tuple(hidden + hidden_too)


def _is_spoken_to(source: SourceText) -> bool:
    """Whether a comment may be meant for hplint: "hplint:" stands behind a "#", so that it is no mere key."""
    text = source.text
    at = text.find("hplint:") if source.holds("hplint:") else -1
    while at >= 0:
        if "#" in text[text.rfind("\n", 0, at) + 1 : at]:
            return True
        at = text.find("hplint:", at + 1)
    return False


_last_chosen: list[Any] = []
"""The last settings, rules to choose from and choice: the files of a run and the versions of a text share them."""
_indices: dict[tuple[tuple[Rule, ...], tuple[Rule, ...]], RuleIndex] = {}
"""The last choices with their indices, for settings that choose by the file."""


def _chosen(rules: tuple[Rule, ...] | None, settings: Settings, path: str) -> RuleIndex:
    """Return the rules that the settings let run on the file at `path`."""
    own = own_of(settings)
    everything = (*knowledge.rules(), *own.rules) if own is not None else knowledge.rules()
    everything = everything if rules is None else rules
    if settings.per_file_ignores:
        return _index(everything, settings, path)
    is_known = _last_chosen and (_last_chosen[0] is settings or _last_chosen[0] == settings)
    if not is_known or _last_chosen[1] is not everything:
        _last_chosen[:] = settings, everything, _index(everything, settings, "")
    chosen: RuleIndex = _last_chosen[2]
    return chosen


def _index(everything: tuple[Rule, ...], settings: Settings, path: str) -> RuleIndex:
    rules = tuple(rule for rule in everything if settings.runs(rule, path))
    ignores = settings.ignore or settings.per_file_ignores
    silent = tuple(rule for rule in everything if not rule.general and settings.silences(rule, path)) if ignores else ()
    key = rules, silent
    if key not in _indices:
        while len(_indices) >= MAX_INDICES:
            del _indices[next(iter(_indices))]
        _indices[key] = RuleIndex(rules, silent)
    return _indices[key]


def _ordered(findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """Return the findings that count, in the order of the file; of those that say the same of one place, the first."""
    unique: dict[tuple[str, Span, str], Finding] = {}
    for finding in findings:
        if settings.counts(finding):
            unique.setdefault((finding.code, finding.span, finding.message), finding)
    return tuple(sorted(unique.values(), key=lambda finding: finding.sort_key))
