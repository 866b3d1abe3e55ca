"""The likelihood of a model and its partials as the blocks of a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Expr, KroneckerDelta

from derive.analysis.symmetric import SYMMETRIC
from derive.derivation import Derivation, Step
from derive.notation.equations import equation_layout, matrix_layout
from derive.notation.layout import Layout
from derive.prove import OFF_KINKS
from derive.vocabulary import Partial, indices_of, name_of, scalar

from ..document import Block, Callout, Display, Heading, Paragraph, Piece, Ref, ReportStep, Steps, Text, Tone
from .answers import answer_blocks
from .layouts import layout_blocks
from .model import model_blocks
from .results import Result, Results
from .steps import chain_of
from .wording import entry, formula, inline, joined, looks_scalar, sentence


@dataclass(frozen=True, kw_only=True)
class Style:
    """How gradients are shown.

    Attributes:
        local: the partials that were derived before and can be referred to.
        full: with all the steps they rely on.
        matrix_only: without their index form.
    """

    local: tuple[Result, ...] = ()
    full: bool = False
    matrix_only: bool = False


def derivation_blocks(results: Results, *, full: bool = False, matrix_only: bool = False) -> tuple[Block, ...]:
    """The derivation from the definitions to the gradients.

    Args:
        results: what was derived.
        full: every partial with the steps it relies on, instead of a reference to where they are derived.
        matrix_only: gradients in matrix notation without their index form.
    """
    style = Style(local=results.local, full=full, matrix_only=matrix_only)
    return (
        *model_blocks(results.model, over_data=results.data is not None),
        *layout_blocks(results),
        *(likelihood_blocks(results, results.likelihood) if results.likelihood is not None else ()),
        *(local_blocks(results.local) if results.local else ()),
        *(point_blocks(results, style) if results.point else ()),
        *(whole_blocks(results, style) if results.whole else ()),
        *(block for answer in results.answers for block in answer_blocks(answer, full=full, matrix_only=matrix_only)),
        *_domains(results),
    )


def likelihood_blocks(results: Results, derivation: Derivation) -> Iterator[Block]:
    """From one point to all of them."""
    model = derivation.model
    objective = entry(model.quantities[model.objective], model)
    if results.model.likelihood is not None:
        yield Heading(text="From the likelihood to its logarithm")
        joint = formula(model.defined["L"].target, model)
        words: Text = (
            "The ",
            formula(model.sample.upper, model) if model.sample is not None else "n",
            " data points are taken to be independent, so the likelihood ",
            joint,
            " of all of them is the product of theirs. Its logarithm ",
            objective,
            " is largest where the product is, and it is a sum, which is what makes it easy to differentiate:",
        )
    else:
        yield Heading(text="The objective over the data")
        words = ("Over all data points, ", objective, " is taken over every one of them:")
    yield Paragraph(text=words)
    yield Steps(steps=tuple(chain_of(derivation.chain, derivation.model)))


# -- partials --------------------------------------------------------------------------------------


def local_blocks(local: tuple[Result, ...]) -> Iterator[Block]:
    """The partials between neighbouring names, each rule by rule."""
    yield Heading(text="Partials between neighbours")
    yield Paragraph(
        text="Each quantity depends on the ones in its definition. The partial by one of them, with the others held "
        "fixed, follows from that definition alone; the chain rule puts these partials together afterwards."
    )
    above: tuple[str, ...] = ()
    for result in local:
        derivation = result.derivation
        rules = tuple(step.rule.partition(" of ")[0] for step in derivation.chain)
        target = inline(derivation.target, derivation.model)
        yield Paragraph(text=(target, " follows in the same way.") if rules == above else sentence(derivation))
        above = rules
        yield Steps(steps=tuple(chain_of(derivation.chain, derivation.model)))
        lines = _forms(result, Style()) if result.convention is not None else (_equation(derivation),)
        yield Display(lines=tuple(lines), label=_label(result))
        if derivation.result.has(KroneckerDelta):
            yield Paragraph(text=_about_delta(derivation))


def _about_delta(derivation: Derivation) -> Text:
    """δ_{j,k} in words: θ_{i,j} reaches h_j and no other entry."""
    of, wrt = derivation.target.args
    model = derivation.model
    delta = sorted(derivation.result.atoms(KroneckerDelta), key=str)[0]
    own = next((i for i in delta.args[:2] if i in indices_of(of)), None)
    other = next((i for i in delta.args[:2] if i != own), None)
    reached = of if own is None or other is None else of.xreplace({own: other})
    return (
        "The Kronecker delta ",
        formula(delta, model),
        " is 1 where its indices agree and 0 elsewhere: ",
        formula(wrt, model),
        " acts on ",
        formula(reached, model),
        " and on no other entry, so that a sum over them leaves one term.",
    )


def point_blocks(results: Results, style: Style) -> Iterator[Block]:
    """The objective of one point by every parameter; what was derived among the neighbours is not derived again."""
    known = {_label(r) for r in style.local}
    yield Heading(text=f"{results.title} for one data point" if results.data is not None else results.title)
    if style.local:
        yield Paragraph(
            text="Multiplied along the way from the objective to a parameter, and summed over whatever lies between, "
            "the partials above give the gradient. Much of each product cancels."
        )
    for result in results.point:
        if _label(result) in known:
            target = inline(result.derivation.target, result.derivation.model)
            yield Paragraph(text=("Equation ", Ref(_label(result)), " has ", target, " already."))
            continue
        yield Steps(steps=tuple(_chain(result, style)))
        yield Display(lines=tuple(_forms(result, style)), label=_label(result))


def whole_blocks(results: Results, style: Style) -> Iterator[Block]:
    """The objective over the data by every parameter, in index and in matrix notation."""
    yield Heading(text=f"{results.title} over the data")
    words: list[Piece] = ["The derivative of a sum is the sum of the derivatives"]
    if any(r.matrix is not None and not looks_scalar(r.matrix) for r in results.whole):
        words.append(
            ". In matrix notation a row stands for a data point, ⊙ multiplies entry by entry, and the sum over the "
            "points becomes a product of matrices"
        )
    yield Paragraph(text=(*words, "."))
    for result in results.whole:
        yield Steps(steps=tuple(_chain(result, style)))
        lines = tuple(_forms(result, style))
        yield Callout(blocks=(Display(lines=lines, label=f"{_label(result)} data"),), tone=Tone.RESULT)


def _forms(result: Result, style: Style) -> Iterator[Layout]:
    if not style.matrix_only or result.matrix is None:
        yield _equation(result.derivation)
    if result.matrix is not None and (style.matrix_only or not looks_scalar(result.matrix)):
        yield matrix_layout(result.matrix, result.derivation.model)


def _equation(derivation: Derivation) -> Layout:
    return equation_layout(derivation.target, derivation.result, derivation.model)


def _label(result: Result) -> str:
    return f"{result.of} by {result.wrt}"


def _chain(result: Result, style: Style) -> Iterator[ReportStep]:
    labels = {_names(r.derivation.target): _label(r) for r in style.local}

    def by(step: Step) -> Text:
        """The equations that a step puts in: `by (2) and (3)`; empty if it puts in none of them."""
        used = {_names(p) for p in step.before.atoms(Partial)} if step.steps else set()
        refs = [Ref(label) for names, label in labels.items() if names in used]
        return ("by ", *joined(refs, last=(" and ",))) if refs else ()

    derivation = result.derivation
    return chain_of(derivation.chain, derivation.model, full=style.full, by=by)


def _names(target: Expr) -> tuple[str, ...]:
    return tuple(map(name_of, target.args))


def _domains(results: Results) -> Iterator[Block]:
    """Where the proofs hold."""
    verdicts = [*(r.verdict for r in results.partials), *(a.verdict for a in results.answers)]
    if unproved := sum(verdict != "proved" for verdict in verdicts):
        yield Paragraph(text=f"{unproved} of the results above could not be proved; their steps are marked.")
        return
    model = results.model
    bent = [formula(scalar(n), model) for n in _conditioned(results, OFF_KINKS)]
    symmetric = [formula(scalar(n), model) for n in _conditioned(results, SYMMETRIC)]
    yield Paragraph(
        text=(
            "Every equality above has been proved, for all sizes and for all values that ",
            Ref("symbols"),
            " allows",
            *((", off the kinks of ", *joined(bent, last=(" and ",))) if bent else ()),
            *((", with ", *joined(symmetric, last=(" and ",)), " symmetric") if symmetric else ()),
            ".",
        )
    )


def _conditioned(results: Results, condition: str) -> tuple[str, ...]:
    """The names of the model for which a proof of a partial states the condition."""
    proofs = [r.derivation.proof for r in results.partials]
    stated = (c for proof in proofs if proof is not None for c in proof.conditions if c.endswith(condition))
    return tuple(n for n in dict.fromkeys(c.removesuffix(condition) for c in stated) if n in results.model.quantities)
