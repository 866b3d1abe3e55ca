"""Derivations: trees of steps, each with the name of its rule and its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Eq, Expr

from .adjoint import far, prove_backwards
from .prove import Proof, prove
from .vocabulary import Partial, is_name

if TYPE_CHECKING:
    from .calculus.matrixform import MatrixForm
    from .model import Model


@dataclass(frozen=True, kw_only=True, repr=False)
class Step:
    """before = after by a rule.

    Attributes:
        rule: the name of the rule, as a lecture would say it: "chain rule".
        before, after: expressions that are equal, at all sizes.
        proof: how the prover established it, or None if it did not.
        steps: the derivation of what the rule relies on, such as the local partials of a chain rule.
    """

    rule: str
    before: Expr
    after: Expr
    proof: Proof | None
    steps: tuple[Step, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.rule}: {self.before} = {self.after}>"

    @property
    def verdict(self) -> str:
        """`proved`, or `undecided` where no proof was found, here or below."""
        return "proved" if self.proof and all(s.verdict == "proved" for s in self.steps) else "undecided"

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Step]]:
        """This step and those below it, each with its depth, in the order of reading: what is relied on first."""
        for step in self.steps:
            yield from step.walk(depth + 1)
        yield depth, self


@dataclass(frozen=True, kw_only=True, repr=False)
class Derivation:
    """A chain of steps from `target` to `result`.

    `target = result` has been proved as a whole besides step by step, so a gap in the chain cannot hide.
    """

    model: Model
    target: Expr
    result: Expr
    chain: tuple[Step, ...]
    proof: Proof | None

    @property
    def verdict(self) -> str:
        """`proved` only if the whole and every step are."""
        return "proved" if self.proof and all(s.verdict == "proved" for s in self.chain) else "undecided"

    def steps(self, detail: str = "lecture") -> tuple[Step, ...]:
        """The steps of the chain ("lecture"), or all of them, those relied on first ("full").

        Raises: ValueError: for another detail.
        """
        if detail not in ("lecture", "full"):
            raise ValueError(f"detail {detail!r} is unknown; choose 'lecture' or 'full'")
        if detail == "lecture":
            return self.chain
        return tuple(step for top in self.chain for _, step in top.walk())

    def sympy(self) -> Expr:
        """The result as a SymPy expression in the names of the model."""
        return self.result

    def matrix(self, layout: str | None = None) -> MatrixForm | None:
        """The result in matrix notation, or None if it has none.

        Args:
            layout: "numerator", "denominator" or "gradient"; None gives a gradient the shape of its parameter.
        Raises: ValueError: for another layout; ConventionError: for the gradient of what is no scalar.
        """
        from .calculus.matrixform import matrix_form
        from .layouts import laid_out
        from .matrices.conventions import Convention

        if layout is not None:
            return laid_out(self, Convention(layout))
        return matrix_form(self.result, self.target, self.model)

    def latex(self) -> str:
        """`target = result` in LaTeX."""
        from .notation.equations import equation_latex

        return equation_latex(self.target, self.result, self.model)

    def tree(self, detail: str = "full") -> str:
        """The derivation as a tree of named rules: the steps, and below each of them ("full") what it relies on."""
        from .views import derivation_text

        self.steps(detail)  # refuses another detail
        return derivation_text(self, full=detail == "full")

    def __str__(self) -> str:
        return self.tree()

    def __repr__(self) -> str:
        return f"<Derivation {self.target} = {self.result}, {self.verdict}>"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        from .views import derivation_html

        return derivation_html(self)

    def equation(self) -> Eq:
        """`target = result` as an unevaluated SymPy equation."""
        return Eq(self.target, self.result, evaluate=False)


def established(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right: forwards through the definitions, or backwards where they are many or recur."""
    backwards = any(is_name(p.of) and far(p.of, p.wrt, model) for p in (left - right).atoms(Partial))
    return prove_backwards(left, right, model) if backwards else prove(left, right, model)


Prover = Callable[[Expr, Expr, "Model"], Proof | None]


class Chain:
    """A derivation under construction: each new expression becomes a proved step, no-ops are left out.

    Args:
        model: whose names are used.
        start: the first expression.
        prover: how steps are proved.
    """

    def __init__(self, model: Model, start: Expr, prover: Prover = established) -> None:
        self.model = model
        self.prover = prover
        self.start = self.now = start
        self.steps: list[Step] = []

    def then(self, rule: str, after: Expr, relied_on: tuple[Step, ...] = ()) -> Chain:
        """Go on to `after` by `rule`."""
        if after != self.now:
            proof = self.prover(self.now, after, self.model)
            self.steps.append(Step(rule=rule, before=self.now, after=after, proof=proof, steps=relied_on))
            self.now = after
        return self

    def done(self) -> Derivation:
        """The finished derivation, proved as a whole."""
        whole = self.steps[0].proof if len(self.steps) == 1 else self.prover(self.start, self.now, self.model)
        return Derivation(model=self.model, target=self.start, result=self.now, chain=tuple(self.steps), proof=whole)
