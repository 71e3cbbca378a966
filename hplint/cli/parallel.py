"""Lints on several cores: processes forked once everything is imported, each with every n-th file.

This process takes a share itself. The results of the others come back through a pipe each and are yielded in the order
of the files, so that no run differs from another.
"""

from __future__ import annotations

import marshal
import os
import signal

from hplint import knowledge
from hplint.cli.linting import DEFECT, failed, lint_target
from hplint.cli.results import pack, release, unpack
from hplint.records import record, replace
from hplint.syntax import json, yaml  # noqa: F401  # the processes share what is imported before they are forked
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from hplint.cli.cache import Cache
    from hplint.cli.files import Target
    from hplint.cli.linting import SettingsOf
    from hplint.lint import Report

_LENGTH = 8


@record
class _Worker:
    """A process and the pipe that its results come through, in the order of its targets."""

    process: int
    pipe: BinaryIO


def lint_in_processes(
    targets: Sequence[Target], settings_of: SettingsOf, cache: Cache | None, jobs: int
) -> Iterator[Report]:
    """Yield the report on each target, in their order.

    Where a process dies, the file that it was at is told as unreadable, and the rest of its share is linted here.
    """
    knowledge.rules()
    for target in targets:  # settings that are wrong are told here, once
        settings_of(os.path.dirname(target.shown) or os.curdir)
    workers: list[_Worker] = []
    lost: set[int] = set()
    try:
        for number in range(1, jobs):
            workers.append(_start(targets[number::jobs], settings_of, cache, workers))
        for index, target in enumerate(targets):
            number = index % jobs
            if number == 0 or number in lost:
                yield lint_target(target, settings_of, cache)
                continue
            report = _received(workers[number - 1].pipe, target.shown)
            if report is None:
                lost.add(number)
                report = failed(target.shown, f"{DEFECT}, please report it")
            yield report
    finally:
        for worker in workers:
            worker.pipe.close()
            _end(worker.process)


def _start(targets: Sequence[Target], settings_of: SettingsOf, cache: Cache | None, others: list[_Worker]) -> _Worker:
    reading, writing = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))  # until it is settled which process hears it
    process = os.fork()
    if process:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
        os.close(writing)
        return _Worker(process, open(reading, "rb"))  # closed with the process
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears it and ends the others
        os.close(reading)
        for other in others:
            other.pipe.close()
        with open(writing, "wb") as pipe:
            for target in targets:
                report = lint_target(target, settings_of, cache)
                source = report.source
                text = (source.text, source.encoding, source.bom) if report.findings or report.suppressed else ("",)
                named = [(other.path, other.source.text) for other in report.others]
                sent = marshal.dumps((pack(report), text, named))
                pipe.write(len(sent).to_bytes(_LENGTH, "little") + sent)
                pipe.flush()
                release(report)
        status = 0
    except BrokenPipeError:  # whoever reads has seen enough
        pass
    finally:
        os._exit(status)


def _received(pipe: BinaryIO, path: str) -> Report | None:
    """Return the next report of a process; None where it died before."""
    size = int.from_bytes(pipe.read(_LENGTH), "little")
    sent = pipe.read(size) if size else b""
    if not sent or len(sent) < size:
        return None
    packed, text, others = marshal.loads(sent)
    report = unpack(packed, path, SourceText(*text))
    if not others:
        return report
    from hplint.companions import OtherFile

    return replace(report, others=tuple(OtherFile(name, SourceText(other)) for name, other in others))


def _end(process: int) -> None:
    try:
        if os.waitpid(process, os.WNOHANG)[0] == 0:
            os.kill(process, signal.SIGTERM)
            os.waitpid(process, 0)
    except (ProcessLookupError, ChildProcessError):
        return
