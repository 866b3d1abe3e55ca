"""A report with every kind of block, written by hand: logistic regression, derived, fitted and proof-read."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.notation.layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Row, Script
from reports.document import (
    Badge,
    Bibliography,
    Block,
    Callout,
    Cite,
    Code,
    CodeBlock,
    Display,
    Emph,
    Figure,
    Finding,
    Heading,
    Paragraph,
    Ref,
    Report,
    ReportStep,
    Steps,
    Table,
    Tone,
)
from reports.plots import Curve, History, training_curve

_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="90" viewBox="0 0 300 90">
<path d="M10 10V80H290" fill="none" stroke="#444"/>
<path d="M12 20C60 70 150 76 288 78" fill="none" stroke="#2f4b6e" stroke-width="2"/></svg>
"""


def _row(*items: Layout | str) -> Row:
    return Row(tuple(Atom(item) if isinstance(item, str) else item for item in items))


def _total(body: Layout, index: str = "i", upper: str = "n") -> BigOp:
    return BigOp(r"\sum", _row(index, "=", "1"), Atom(upper), body)


def _at(base: str, *indices: str) -> Script:
    return Script(Atom(base), sub=_row(*indices))


def _slope(of: Layout | str, by: Layout | str) -> Frac:
    return Frac(_row(r"\partial", of), _row(r"\partial", by))


def _entry() -> Script:
    return _at("x", "i", "j")


def _paren(*items: Layout | str) -> Fenced:
    return Fenced("(", _row(*items), ")")


Y, Z, P, W = _at("y", "i"), _at("z", "i"), Script(Accent("hat", Atom("y")), sub=Atom("i")), _at("w", "j")
SIGMA = Atom(r"\sigma")
LOG = Atom(r"\log")


def _log_loss() -> Layout:
    second = _row(_paren("1", "-", Y), LOG, _paren("1", "-", P))
    return _row("-", _total(Fenced("[", _row(Y, LOG, P, "+", second), "]")))


def _chain() -> tuple[ReportStep, ...]:
    ratio = _row(Frac(Y, P), "-", Frac(_row("1", "-", Y), _row("1", "-", P)))
    brackets = Fenced("[", ratio, "]")
    logs = _row(Y, _slope(_row(LOG, P), W), "+", _paren("1", "-", Y), _slope(_row(LOG, _paren("1", "-", P)), W))
    by_weight = Frac(Atom(r"\partial"), _row(r"\partial", W))
    curve = _row(P, _paren("1", "-", P))
    difference = _row(Y, _paren("1", "-", P), "-", _paren("1", "-", Y), P)
    return (
        ReportStep(rule="definition of J", before=_slope("J", W), after=_row(by_weight, _paren(_log_loss()))),
        ReportStep(rule="linearity", after=_row("-", _total(Fenced("[", logs, "]")))),
        ReportStep(rule="derivative of the logarithm", after=_row("-", _total(_row(brackets, _slope(P, W))))),
        ReportStep(rule="chain rule", after=_row("-", _total(_row(brackets, _slope(P, Z), _slope(Z, W))))),
        ReportStep(rule=("derivative of ", SIGMA), before=_slope(P, Z), after=curve, depth=1),
        ReportStep(rule="power rule", before=_slope(Z, W), after=_entry(), depth=1),
        ReportStep(
            rule="substitution",
            before=_slope("J", W),
            after=_row("-", _total(_row(brackets, curve, _entry()))),
        ),
        ReportStep(rule="common factor", after=_row("-", _total(_row(Fenced("[", difference, "]"), _entry())))),
        ReportStep(
            rule="collecting terms",
            after=_row(_total(_row(_paren(P, "-", Y), _entry()))),
            badge=Badge.HOLDS,
        ),
    )


def _long_formula() -> Layout:
    terms: list[Layout | str] = [_at("J", "1")]
    for k in range(1, 8):
        terms += [
            "=" if k == 1 else "+",
            _row(_at("a", str(k)), _total(_row(_at("w", "j"), _entry()), "j", "m")),
        ]
    return _row(*terms)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Every block type, every badge that a derivation shows, inline pieces of every kind."""
    picture = tmp_path_factory.mktemp("figures") / "curve.svg"
    picture.write_text(_PICTURE, encoding="utf-8")
    history = History(at=(1, 2, 3), curves=(Curve(quantity="objective", part="train", values=(0.7, 0.2, 0.1)),))
    training_curve(history, picture.with_suffix(".pdf"), picture.with_suffix(".png"))
    return sample_report(picture)


def sample_report(picture: Path) -> Report:
    """The sample with its figure at the given place."""
    return Report(
        title="Logistic regression",
        subtitle="The gradient, derived, checked and fitted",
        authors=("A. Reader", "B. Writer"),
        date="3 May 2024",
        abstract=(
            "The gradient of the cross-entropy of a linear model is derived from its definitions, every step with its "
            "proof. The same definitions are trained on handwritten digits, and a lecture note is compared with them.",
        ),
        blocks=(*_the_model(), *_the_gradient(), *_numbers(picture), *_remarks()),
    )


def _the_model() -> tuple[Block, ...]:
    decay = Script(Atom("e"), sup=_row("-", "z"))
    sigmoid = _row(SIGMA, _paren("z"), "=", Frac(Atom("1"), _row("1", "+", decay)))
    stable = _row(LOG, SIGMA, _paren("z"), "=", "-", LOG, _paren("1", "+", decay))
    return (
        Heading(text="The model"),
        Paragraph(
            text=(
                "A linear score ",
                Z,
                " for each of the ",
                Atom("n"),
                " data points is squashed into a probability, as in ",
                Cite("bishop2006", "sec. 4.3.2"),
                " and ",
                Cite("goodfellow2016"),
                ". The function ",
                Code("logistic_regression"),
                " states it; nothing else is ",
                Emph("assumed"),
                " anywhere below.",
            )
        ),
        Callout(
            title="Sigmoid",
            tone=Tone.DEFINITION,
            blocks=(
                Paragraph(text=("For every real ", Atom("z"), ",")),
                Display(lines=(sigmoid,), label="sigmoid"),
            ),
        ),
        Paragraph(text="With its help the probabilities and the objective are"),
        Display(
            lines=(
                _row(P, "=", SIGMA, _paren(Z)),
                _row(Z, "=", _total(_row(W, _entry()), "j", "m"), "+", "b"),
                _row("J", "=", _log_loss()),
            ),
            label="objective",
        ),
        Paragraph(
            text=(
                "Equation ",
                Ref("objective"),
                " follows from the likelihood of independent coins. Where ",
                Ref("sigmoid"),
                " saturates, its logarithm is computed in one piece: ",
                stable,
                ".",
            )
        ),
    )


def _the_gradient() -> tuple[Block, ...]:
    gradient = _row(_slope("J", W), "=", _total(_row(_paren(P, "-", Y), _entry())))
    return (
        Heading(text=("The gradient by ", W), level=2),
        Steps(title="By the weights", steps=_chain()),
        Callout(
            title="Result",
            tone=Tone.RESULT,
            blocks=(Display(lines=(gradient,), tag="★"),),
        ),
        Paragraph(text="A formula longer than the line is broken before its signs, never set into the margin:"),
        Display(lines=(_long_formula(),)),
    )


def _numbers(picture: Path) -> tuple[Block, ...]:
    return (
        Heading(text="Numbers"),
        Paragraph(text=("The fit is summarised in ", Ref("fit"), " and ", Ref("curve"), ".")),
        Table(
            caption="Accuracy after each stage of training.",
            label="fit",
            header=("stage", "steps", ("objective ", Atom("J")), "held-out accuracy"),
            rows=(
                ("start", "0", "0.693", "0.50"),
                ("warm", "50", "0.214", "0.93"),
                ("end", "400", "0.087", "0.97"),
            ),
            alignment="lrrr",
        ),
        Figure(
            path=picture,
            caption=("The objective ", Atom("J"), " falls."),
            label="curve",
            width=0.6,
            alt="a falling curve",
        ),
        CodeBlock(text="def sigmoid(z):\n    return 1 / (1 + np.exp(-z))  # 100 % plain\n", language="python"),
    )


def _remarks() -> tuple[Block, ...]:
    return (
        Heading(text="Remarks on the lecture note"),
        Finding(
            where="notes.md:12:3",
            verdict=Badge.REFUTED,
            rule="GP201 swapped-index",
            message=("The last factor is ", _entry(), ": the sum runs over ", Atom("i"), "."),
            quoted=r"\frac{\partial J}{\partial w_j} = \sum_{i=1}^{n} (\hat{y}_i - y_i) x_{ji}",
            suggestion=r"\frac{\partial J}{\partial w_j} = \sum_{i=1}^{n} (\hat{y}_i - y_i) x_{ij}",
            suggestion_verdict=Badge.PROVED,
            counterexample=(
                (Atom("n"), "2"),
                (_at("x", "1"), "0.31"),
                ("left side", "0.07"),
                ("right side", "0.02"),
            ),
            because=("Compared with ", Ref("objective"), "."),
        ),
        Finding(
            where="notes.md:40:1",
            verdict=Badge.UNREAD,
            message="The brackets of this formula do not match.",
            quoted=r"\input{/etc/passwd} \frac{a}{b",
            because="Nothing is claimed about it.",
        ),
        Callout(tone=Tone.WARNING, blocks=(Paragraph(text="Figures are rounded to three digits."),)),
        Heading(text="A remark", level=3),
        Paragraph(text="Signs such as 50 % & co., #1, a_b, x^2, ~, {braces} and \\ stay what they are."),
        Bibliography(),
    )
