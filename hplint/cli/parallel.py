"""Lints on several cores: processes forked once everything is imported, each with every n-th file.

Results come back through a pipe per process and are yielded in the order of the files, so that no run differs from
another.
"""

from __future__ import annotations

import marshal
import os
import select
import signal

from hplint import knowledge
from hplint.cli.linting import failed, lint_target
from hplint.cli.results import pack, release, unpack
from hplint.records import record, replace
from hplint.syntax import json, yaml  # noqa: F401  # the processes share what is imported before they are forked
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hplint.cli.cache import Cache
    from hplint.cli.files import Target
    from hplint.cli.linting import SettingsOf
    from hplint.lint import Report

_LENGTH = 8


@record
class _Worker:
    """A process, the pipe that its results come through, and the indices of its targets."""

    process: int
    pipe: int
    share: tuple[int, ...]


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
    try:
        for number in range(jobs):
            workers.append(_start(tuple(range(number, len(targets), jobs)), targets, settings_of, cache, workers))
        for index, report in _in_order(_collected(workers, targets)):
            yield report if report is not None else lint_target(targets[index], settings_of, cache)
    finally:
        for worker in workers:
            os.close(worker.pipe)
            _end(worker.process)


def _start(
    share: tuple[int, ...],
    targets: Sequence[Target],
    settings_of: SettingsOf,
    cache: Cache | None,
    others: list[_Worker],
) -> _Worker:
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return _Worker(process, reading, share)
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process hears it and ends the others
        os.close(reading)
        for other in others:
            os.close(other.pipe)
        with open(writing, "wb") as pipe:
            for index in share:
                report = lint_target(targets[index], settings_of, cache)
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


def _collected(workers: list[_Worker], targets: Sequence[Target]) -> Iterator[tuple[int, Report | None]]:
    """Yield each report with its target's index, as they come; None for a target that a dead process did not reach."""
    buffers = {worker.pipe: bytearray() for worker in workers}
    left = {worker.pipe: list(reversed(worker.share)) for worker in workers}
    while left:
        for pipe in select.select(list(left), (), ())[0]:
            read = os.read(pipe, 1 << 20)
            if not read:
                unfinished = left.pop(pipe)
                if unfinished:
                    index = unfinished.pop()
                    yield index, failed(targets[index].shown, "hplint failed on it, which is a defect of hplint")
                yield from ((index, None) for index in unfinished)
                continue
            buffer = buffers[pipe]
            buffer += read
            while len(buffer) >= _LENGTH:
                end = _LENGTH + int.from_bytes(buffer[:_LENGTH], "little")
                if len(buffer) < end:
                    break
                index = left[pipe].pop()
                yield index, _received(bytes(buffer[_LENGTH:end]), targets[index].shown)
                del buffer[:end]


def _received(sent: bytes, path: str) -> Report:
    packed, text, others = marshal.loads(sent)
    report = unpack(packed, path, SourceText(*text))
    if not others:
        return report
    from hplint.companions import OtherFile

    return replace(report, others=tuple(OtherFile(name, SourceText(other)) for name, other in others))


def _in_order(found: Iterator[tuple[int, Report | None]]) -> Iterator[tuple[int, Report | None]]:
    waiting: dict[int, Report | None] = {}
    following = 0
    for index, report in found:
        waiting[index] = report
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1


def _end(process: int) -> None:
    try:
        if os.waitpid(process, os.WNOHANG)[0] == 0:
            os.kill(process, signal.SIGTERM)
            os.waitpid(process, 0)
    except (ProcessLookupError, ChildProcessError):
        return
