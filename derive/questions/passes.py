"""A computational graph run forwards and backwards at given values, node by node."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Expr, Integer, Rational

from ..calculus.indices import transform
from ..quantities import Definition, Kind
from ..vocabulary import Partial, is_name
from .answers import Answer, Line

if TYPE_CHECKING:
    from ..model import Model


@dataclass(frozen=True, kw_only=True)
class Passes:
    """What is the value of every node, and what does every node do to the objective?

    Attributes:
        values: a number for each given scalar.
    """

    values: tuple[tuple[str, int | Rational], ...]

    def answer(self, model: Model) -> Answer:
        """Forwards each node from those it is computed of, backwards each derivative from those of its consumers.

        Raises: ModelError: if a quantity is no scalar, or a given one has no value.
        """
        from ..adjoint import adjoint_rule
        from ..derivation import Chain
        from ..prove import Proof

        at = self._with_values(model)
        objective = at.quantities[at.objective].at()
        nodes = [d for d in at.definitions if at.depends(at.objective, d.name)]
        lines, known = [], dict[Expr, Expr]()
        for node in nodes:
            if node.name not in model.defined:
                lines.append(Line.equal(node.target, node.expr, Proof(), "given"))
            else:
                chain = Chain(at, node.target).then("definition", node.expr)
                lines.append(Line.of(chain.then("values", _filled(node.expr, known)).done(), f"forwards, {node.name}"))
            known[node.target] = _filled(node.expr, known)
        known[Partial(objective, objective)] = Integer(1)
        for node in reversed(nodes[:-1]):
            back = adjoint_rule(objective, node.target, at)
            target = Partial(objective, node.target)
            chain = Chain(at, target).then("chain rule, backwards", back)
            known[target] = _filled(back, known)
            lines.append(Line.of(chain.then("values", known[target]).done(), f"backwards, {node.name}"))
        return Answer(title="Node by node", model=at, lines=tuple(lines))

    def _with_values(self, model: Model) -> Model:
        """The model with a definition of each given scalar as its value."""
        from ..model import ModelError

        numbers = dict(self.values)
        for q in model.quantities.values():
            if q.axes:
                raise ModelError(f"{q.name} has {len(q.axes)} axes; a graph is run node by node over scalars")
            if q.name not in model.defined and q.name not in numbers:
                raise ModelError(
                    f"{q.name} has no value; give one for each of {', '.join(g.name for g in model.given)}"
                )
        constants = tuple(
            Definition(quantity=replace(q, kind=Kind.DEFINED), expr=Rational(numbers[q.name])) for q in model.given
        )
        return replace(model, given=(), definitions=(*constants, *model.definitions), questions=())


def _filled(expr: Expr, known: dict[Expr, Expr]) -> Expr:
    """The expression with the values found so far; a value that is no fraction keeps its name."""

    def value(e: Expr) -> Expr | None:
        found = known.get(e) if isinstance(e, Partial) or is_name(e) else None
        return found if found is not None and found.is_Rational else None

    filled: Expr = transform(expr, value)
    return filled
