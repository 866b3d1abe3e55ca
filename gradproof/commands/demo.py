"""`gradproof demo`: the main job, end to end, on built-in inputs."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from ..command import Command, argument
from ..models import find_model
from ..output import check_folder, make_folder
from ..training import Trained, keep, module_name, prepare, train_model

if TYPE_CHECKING:
    from reports.content.results import Results
    from verify.results import FileResult

NETWORK, LECTURE = "network.md", "lecture.md"
DATA, OPTIMIZER, EPOCHS, SEED = "digits-1-vs-2", "sgd", 300, 0


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What each part came to, and how long it took in seconds."""

    results: Results
    note: FileResult
    trained: Trained
    report: tuple[Path, ...]
    files: tuple[Path, ...]
    seconds: dict[str, float]


def run(args: Namespace) -> int:
    """Derive a network, check a lecture note, lower, train and report into the folder `args.output`."""
    folder = make_folder(check_folder(args.output))
    print(*_table(_demo(folder)), sep="\n")
    return 0


def _demo(folder: Path) -> Demo:
    from derive.files import write_text
    from lowering.lower import lower
    from lowering.train import Settings
    from reports.content.results import all_results
    from verify.check import check_file

    clock = _Clock()
    for name in (NETWORK, LECTURE):
        write_text(folder / name, (files("gradproof") / "data" / name).read_text(encoding="utf-8"))
    with clock.part("derive"):
        model = find_model(str(folder / NETWORK))
        results = all_results(model)
    with clock.part("check"):
        note = check_file(folder / LECTURE)
    with clock.part("lower"):
        lowered = lower(model)
    with clock.part("train"):
        prepared = prepare(model, DATA, settings=Settings(optimizer=OPTIMIZER, epochs=EPOCHS, seed=SEED))
        trained = train_model(model, lowered, prepared)
        kept = keep(trained, model, folder)
    with clock.part("report"):
        report = _report(results, note, trained, folder)
    return Demo(results=results, note=note, trained=trained, report=report, files=kept, seconds=clock.seconds)


def _report(results: Results, note: FileResult, trained: Trained, folder: Path) -> tuple[Path, ...]:
    from reports.content.report import CodeResult, build
    from reports.content.training import TrainingResult
    from reports.formats import write_report

    file = module_name(results.model)
    report = build(
        results,
        code=CodeResult(source=trained.lowered.source, certificate=trained.lowered.certificate, file=file),
        training=TrainingResult(
            run=trained.run,
            description=trained.dataset.description,
            train=len(trained.dataset.train.targets),
            held_out=len(trained.dataset.test.targets),
            checked=trained.spot.done,
            worst=trained.spot.worst,
            figure=folder / "curve.pdf",
        ),
        note=replace(note, path=Path(note.path).name),
    )
    paths = (folder / "report.pdf", folder / "report.tex")
    for path in paths:
        write_report(report, path)
    return paths


def _table(demo: Demo) -> Iterator[str]:
    """A line for each part: what it came to, where it is."""
    from .train import summary

    proved = [r for r in demo.results.partials if r.verdict == "proved"]
    certificate = demo.trained.lowered.certificate
    worst = max(float(c["worst_relative_error"]) for c in certificate.checks if c["dtype"] == "float64")
    wrong = [s for s in demo.note.statements if s.severity == "error"]
    rows = [
        ("derive", f"{len(proved)} of {len(demo.results.partials)} partials proved, every step of them too"),
        ("check", f"{len(demo.note.statements)} formulas of {Path(demo.note.path).name}, {len(wrong)} wrong"),
        *(("", f"line {s.line}: {s.message}") for s in wrong),
        (
            "lower",
            f"{len(certificate.values) + len(certificate.partials)} outputs proved, "
            f"{len(certificate.checks)} measurements, worst relative error {worst:.1e} in float64",
        ),
        *zip(("train", "", "", ""), summary(demo.trained), strict=False),
        ("report", " and ".join(str(path) for path in demo.report)),
    ]
    for part, said in rows:
        time = f"{demo.seconds[part]:.1f} s" if part else ""
        yield f"{part:<7} {time:>6}  {said}"
    yield f"total   {sum(demo.seconds.values()):>4.1f} s  also written: {', '.join(path.name for path in demo.files)}"


class _Clock:
    """How long each part takes; tells the reader on standard error which one is under way."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        print(f"{name} …", file=sys.stderr, flush=True)
        begun = perf_counter()
        yield
        self.seconds[name] = perf_counter() - begun


COMMAND = Command(
    name="demo",
    summary="derive a network, check a lecture note, lower, train on real digits and write the report",
    arguments=(
        argument("-o", "--output", metavar="DIR", default="gradproof-demo", help="folder to write to (%(default)s)"),
    ),
    run=run,
)
