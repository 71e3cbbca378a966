"""Lints many files: from the cache where they have not changed, on several cores where that pays, always in order."""

from __future__ import annotations

import os

from hplint.cli import files
from hplint.findings import LOW
from hplint.formats.recognise import Recognition
from hplint.lint import FAILED, Report, lint
from hplint.text import SourceText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hplint.cli.cache import Cache
    from hplint.companions import Neighbour
    from hplint.settings import Settings

    SettingsOf = Callable[[str], Settings]
    Asked = tuple[str, bool, Neighbour | None]
    """The name of another file, whether it had to be exactly that, and what was read."""

DEFECT = "hplint failed on it, which is a defect of hplint"

MIN_PER_PROCESS = 40
"""Files per process from which on another process gains more than it costs."""


def lint_all(
    targets: Sequence[files.Target], settings_of: SettingsOf, cache: Cache | None, jobs: int
) -> Iterator[Report]:
    """Yield the report on each target, in their order, whatever `jobs`, the number of processes, is."""
    jobs = min(jobs, len(targets) // MIN_PER_PROCESS)
    if jobs > 1:
        from hplint.cli.parallel import lint_in_processes

        yield from lint_in_processes(targets, settings_of, cache, jobs)
        return
    for target in targets:
        yield lint_target(target, settings_of, cache)


def default_jobs() -> int:
    """Return how many processes to use: one per core that is ours, one where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lint_target(target: files.Target, settings_of: SettingsOf, cache: Cache | None) -> Report:
    """Return the report on one target; what keeps it from being read, or a defect of hplint's, is in the report."""
    try:
        data = files.read(target)
    except files.UnreadableError as error:
        return failed(target.shown, str(error))
    settings = settings_of(files.folder_of(target.shown))
    try:
        return _remembered(data, target, settings, cache) if cache is not None else _lint(data, target, settings)[0]
    except Exception as error:  # a defect of hplint's that one file shows must not keep it from the others
        return failed(target.shown, f"{DEFECT}, please report it: {traced(error)}")


def _lint(data: bytes, target: files.Target, settings: Settings) -> tuple[Report, list[Asked]]:
    """Return the report on a target's content, and the other files that were asked for."""
    read_neighbour = files.neighbours_of(target.shown)
    asked: list[Asked] = []

    def read_and_note(name: str, exactly: bool = False) -> Neighbour | None:
        found = read_neighbour(name, exactly) if read_neighbour is not None else None
        asked.append((name, exactly, found))
        return found

    return lint(data, target.shown, settings, read_neighbour=read_and_note), asked


def _remembered(data: bytes, target: files.Target, settings: Settings, cache: Cache) -> Report:
    """Return the report on a target, from the cache where neither it nor a file that it names has changed."""
    from hplint.cli.results import pack, unpack
    from hplint.text import UndecodableError, decode

    name = cache.name(data, target.shown, settings)
    known = cache.get(name)
    if known is not None:
        try:
            packed, traces = known
            if all(_is_as_before(target, *trace) for trace in traces):
                return unpack(packed, target.shown, decode(data))
        except UndecodableError:
            return unpack(packed, target.shown, SourceText(""))
        except (TypeError, ValueError):  # an entry that nobody here has written
            pass
    report, asked = _lint(data, target, settings)
    if not report.others:  # whose texts are not kept
        cache.put(name, (pack(report), tuple((named, exactly, _trace(found)) for named, exactly, found in asked)))
    return report


def _is_as_before(target: files.Target, name: str, exactly: bool, trace: str) -> bool:
    """Whether a file that the target names is as it was when `trace` was taken."""
    read_neighbour = files.neighbours_of(target.shown)
    return _trace(read_neighbour(name, exactly) if read_neighbour is not None else None) == trace


def _trace(neighbour: Neighbour | None) -> str:
    """Return what differs whenever what was read of another file does."""
    from hplint.cli.cache import digest

    return digest(repr((neighbour.path, neighbour.content, neighbour.beside)).encode()) if neighbour is not None else ""


def failed(path: str, reason: str) -> Report:
    """Return the report on a file that could not be linted."""
    return Report(path, FAILED, Recognition(None, LOW, reason), (), SourceText(""))


def traced(error: Exception) -> str:
    """Return what went wrong and where in hplint, on one line."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    place = f" ({step.tb_frame.f_code.co_filename}:{step.tb_lineno})" if step is not None else ""
    return f"{type(error).__name__}: {error}{place}"
