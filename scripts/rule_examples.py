"""Checks rule files and runs their examples; with --write, fills in what an invalid example does not state yet.

    python scripts/rule_examples.py rules/activations/ACT001.yaml [...] [--write]

Prints for each example what the rule says. --write adds the missing `span`, `message`, `severity` (where it is not the
rule's) and `fixed` of invalid examples to the file, to be read and corrected by the author: they then are the test.
"""

from __future__ import annotations

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from hplint import knowledge
from hplint.rules.build import vocabularies
from hplint.rules.examples import run_example, show_span
from hplint.rules.load import RuleError, compile_rule, load_rule
from hplint.syntax import yaml
from hplint.text import Edit, SourceText, Span, apply_edits


def main() -> int:
    """Return 0 when every file loads and every example gives what it states."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    return max([run_file(path, options.write) for path in options.files])


def run_file(path: str, write: bool) -> int:
    """Run one rule file; return 0 when all is as stated."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        loaded = load_rule(text, path, vocabularies(knowledge.data("names")))
    except (RuleError, knowledge.KnowledgeError) as error:
        print(error)
        return 1
    rule = compile_rule(loaded)
    others = tuple(other for other in knowledge.rules() if other.code != rule.code)
    wrong = 0
    insertions = []
    tree = yaml.parse(SourceText(text))
    for kind in ("invalid", "valid"):
        for index, example in enumerate(loaded.document.get("examples", {}).get(kind, [])):
            outcome = run_example(example, rule, others)
            print(f"{rule.code} {kind} {index} ({example['format']}, {outcome.report.recognition.name}):")
            for finding in outcome.findings:
                print(f"    {show_span(outcome.report, finding.span)} {finding.severity}: {finding.message}")
                for note in finding.evidence:
                    where = note.path or (show_span(outcome.report, note.span) if note.span else "-")
                    print(f"        evidence {where}: {note.message}")
                for fix in finding.fixes:
                    print(f"        fix ({fix.applicability}): {fix.title}")
            for other in outcome.report.findings:
                if other.code != rule.code:
                    print(f"    (also {other.code} {show_span(outcome.report, other.span)} {other.message})")
            if (kind == "valid" and outcome.findings) or (kind == "invalid" and not outcome.findings):
                print("    WRONG: " + ("it must stay silent" if kind == "valid" else "it must find something"))
                wrong = 1
            elif kind == "invalid":
                found = outcome.findings[0]
                states = {"span": show_span(outcome.report, found.span), "message": found.message}
                if "severity" in example or found.severity != rule.severity:
                    states["severity"] = found.severity
                if outcome.fixed is not None:
                    states["fixed"] = outcome.fixed
                for key, said in states.items():
                    if key in example and example[key] != said:
                        print(f"    WRONG: {key} is\n{said}\n    but the example states\n{example[key]}")
                        wrong = 1
                node = tree.root.at("examples", kind, index) if tree.root is not None else None
                missing = {key: said for key, said in states.items() if key not in example}
                if node is not None and missing:
                    insertions.append(_insertion(text, node.start, node.end, missing))
    if write and insertions:
        with open(path, "w", encoding="utf-8") as file:
            file.write(apply_edits(text, insertions))
        print(f"{path}: filled in {len(insertions)} example(s); read them")
    return wrong


def _insertion(text: str, start: int, end: int, states: dict[str, str]) -> Edit:
    indent = " " * (start - text.rfind("\n", 0, start) - 1)
    end = len(text[:end].rstrip())
    lines = ""
    for key, said in states.items():
        if "\n" in said:
            body = "".join(f"{indent}  {line}".rstrip() + "\n" for line in said.splitlines())
            lines += f"\n{indent}{key}: |{'' if said.endswith(chr(10)) else '-'}\n{body.rstrip()}"
        else:
            quoted = "'" + said.replace("'", "''") + "'"
            lines += f"\n{indent}{key}: {quoted}"
    return Edit(Span(end, end), lines)


if __name__ == "__main__":
    sys.exit(main())
