"""The usual mistakes in gradient code, the more usual first: one row each, an edit of a step of the derivation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import nan, zoo

from ..model import Model
from . import edits, places, slopes
from .edits import at_one_place, at_one_place_of
from .fused import fused
from .step import Edit, Slip, Step, steps


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A mistake.

    Attributes:
        name: of the finding.
        example: of the formula and what becomes of it.
        says: a sentence with `{step}`, where it was made, and `{what}` was edited.
        edit: makes it, wherever it can be made in a step.
    """

    name: str
    example: str
    says: str
    edit: Edit


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        name="opposite-sign", example="∂L/∂v → −∂L/∂v", says="{step} has the opposite sign{what}", edit=edits.negated
    ),
    Mistake(
        name="forgotten-derivative",
        example="∂L/∂h σ′(z) → ∂L/∂h",
        says="the derivative of {what} is left out of {step}",
        edit=slopes.left_out,
    ),
    Mistake(
        name="forgotten-derivative",
        example="∂L/∂a_L σ′(z_L) → ∂L/∂a_L, at the last layer alone",
        says="the derivative of {what} is left out of {step}",
        edit=slopes.left_out_at_the_end,
    ),
    Mistake(
        name="sum-for-mean",
        example="∂L/∂v → n ∂L/∂v",
        says="{step} is n times too large, as if a mean were a sum{what}",
        edit=edits.times_points,
    ),
    Mistake(
        name="mean-for-sum",
        example="∂L/∂v → (1/n) ∂L/∂v",
        says="{step} is n times too small, as if a sum were a mean{what}",
        edit=edits.over_points,
    ),
    Mistake(
        name="not-summed",
        example="Σ_s δ_{s,j} → δ_{s,j}",
        says="{step} is not summed over {what}",
        edit=edits.not_summed,
    ),
    Mistake(
        name="transposed-result",
        example="∂L/∂W_{i,j} → ∂L/∂W_{j,i}",
        says="{step} is returned transposed",
        edit=edits.turned,
    ),
    Mistake(name="counted-twice", example="∂L/∂v → 2 ∂L/∂v", says="{step} is counted twice{what}", edit=edits.doubled),
    Mistake(
        name="half",
        example="2 (ŷ − y) → ŷ − y",
        says="{step} is half of what it should be{what}: a factor 2 is lost",
        edit=edits.halved,
    ),
    Mistake(
        name="missing-path",
        example="a + b → a, one of two ways to the objective",
        says="what comes through {what} is missing from {step}",
        edit=edits.without_a_way,
    ),
    Mistake(
        name="penalised",
        example="∂L/∂b → ∂L/∂b + 2λb",
        says="{step} has a penalty that the model does not have: {what}",
        edit=edits.penalised_too,
    ),
    Mistake(
        name="derivative-twice",
        example="σ′(z) → σ′(z)²",
        says="the derivative of {what} is in {step} twice",
        edit=slopes.twice,
    ),
    Mistake(
        name="derivative-of-value",
        example="σ′(z) → σ′(σ(z))",
        says="in {step}, the derivative of {what} is taken at the value of the function, not at its argument",
        edit=slopes.of_the_value,
    ),
    Mistake(
        name="derivative-by-argument",
        example="h (1 − h) → z (1 − z)",
        says="in {step}, the derivative of {what}, written with the value, is given the argument",
        edit=slopes.by_the_argument,
    ),
    Mistake(
        name="function-for-derivative",
        example="σ′(z) → σ(z)",
        says="in {step}, {what} stands where its derivative belongs",
        edit=slopes.function_itself,
    ),
    Mistake(
        name="other-derivative",
        example="h (1 − h) → 1 − h²",
        says="in {step}, the derivative of {what} belongs",
        edit=slopes.of_another,
    ),
    Mistake(
        name="derivative-twice",
        example="p − y → (p − y) p (1 − p)",
        says="the derivative of {what} is in {step} although it is in the difference already",
        edit=slopes.kept_at_the_output,
    ),
    Mistake(
        name="forgotten-derivative",
        example="Σ_j ∂L/∂z_j U_{j,i} → Σ_j ∂L/∂h_j U_{j,i}",
        says="in {step}, the derivative of {what} by its argument is left out of one term",
        edit=slopes.adjoint_of_the_value,
    ),
    Mistake(
        name="bracket-of-gradient",
        example="∂L/∂h [z > 0] → ∂L/∂h [∂L/∂h > 0]",
        says="in {step}, what is passed on is cut off by its own sign, not by that of the argument of {what}",
        edit=slopes.bracket_of_the_adjoint,
    ),
    Mistake(
        name="pre-activation",
        example="h → z, z → h",
        says="in {step}, {what}",
        edit=at_one_place_of(places.in_place_of_its_argument),
    ),
    Mistake(
        name="stale-activation",
        example="h_{t−1} → h_t and the like",
        says="in {step}, {what}",
        edit=at_one_place_of(places.one_step_away),
    ),
    Mistake(
        name="transposed-factor",
        example="Σ_k δ_k W_{k,j} → Σ_k δ_k W_{j,k}",
        says="in {step}, {what} is transposed",
        edit=at_one_place(places.transposed),
    ),
    Mistake(
        name="swapped-index", example="x_i → x_j", says="in {step}, {what}", edit=at_one_place(places.at_another_index)
    ),
    Mistake(
        name="swapped-index",
        example="x_i → x_d, for all i",
        says="in {step}, {what}",
        edit=at_one_place(places.at_a_fixed_index),
    ),
    Mistake(
        name="diagonal-only",
        example="Σ_k ∂L/∂p_k ∂p_k/∂z_l → ∂L/∂p_l ∂p_l/∂z_l",
        says="in {step}, each entry of {what} is taken to depend on one entry alone",
        edit=edits.diagonal_alone,
    ),
    Mistake(
        name="missing-delta",
        example="p_k (δ_{k,l} − p_l) → −p_k p_l",
        says="in {step}, {what} is taken for zero",
        edit=edits.off_diagonal_alone,
    ),
    Mistake(
        name="missing-bracket",
        example="[z > 0] → 1",
        says="in {step}, {what} is missing",
        edit=at_one_place(places.without_a_bracket),
    ),
    Mistake(
        name="missing-factor",
        example="a b → b",
        says="in {step}, the factor {what} is missing",
        edit=at_one_place(places.without_a_factor),
    ),
    Mistake(
        name="missing-term",
        example="a + b → b",
        says="in {step}, the term {what} is missing",
        edit=at_one_place(places.without_a_term),
    ),
    Mistake(
        name="sign-of-term",
        example="a + b → a − b",
        says="in {step}, {what} has the wrong sign",
        edit=at_one_place(places.with_a_sign_turned),
    ),
    Mistake(
        name="missing-summand",
        example="Σ_{s=1}^n → Σ_{s=2}^n",
        says="in {step}, {what} is left out of the sum",
        edit=at_one_place(places.over_fewer),
    ),
    Mistake(
        name="single-summand",
        example="Σ_s a_s → a_n",
        says="in {step}, {what} stands for the whole sum",
        edit=at_one_place(places.at_one_alone),
    ),
    Mistake(
        name="wrong-quantity",
        example="a_1 → a_2, of the same shape",
        says="in {step}, {what}",
        edit=at_one_place_of(places.of_another_place),
    ),
    Mistake(
        name="wrong-quantity",
        example="1 − a → a",
        says="in {step}, {what}",
        edit=at_one_place(places.of_the_complement),
    ),
    Mistake(
        name="scaled-term",
        example="a + b → a + 2 b",
        says="in {step}, {what}",
        edit=at_one_place(places.with_a_scaled_term),
    ),
    Mistake(
        name="wrong-inverse",
        example="Σ⁻¹ r → r",
        says="in {step}, {what}",
        edit=at_one_place(places.of_an_inverse),
    ),
    Mistake(
        name="wrong-power",
        example="1/σ² → 1/σ",
        says="in {step}, {what}",
        edit=at_one_place(places.at_another_power),
    ),
    Mistake(
        name="wrong-sum",
        example="Σ_t ∂L/∂A_{s,t} A_{s,t} → Σ_s ∂L/∂A_{s,t} A_{s,t}",
        says="in {step}, a sum goes over {what}",
        edit=at_one_place(places.over_another_index),
    ),
    Mistake(
        name="missing-path",
        example="a + b + c → a, of the ways to the objective",
        says="of what several terms bring, {step} has that through {what} alone, as if it were set anew each time",
        edit=edits.one_way_alone,
    ),
    Mistake(
        name="truncated",
        example="Σ_j ∂L/∂z_{t+1,j} U_{j,i} → 0 for t = k, 2k, …",
        says="{step} is not carried back {what}",
        edit=edits.truncated,
    ),
    Mistake(
        name="wrong-window",
        example="x_{S p + u} → x_{p + u}",
        says="in {step}, {what} is missing from an index",
        edit=at_one_place(places.with_a_slip_in_an_index),
    ),
    Mistake(
        name="mirrored",
        example="∂L/∂w_u → ∂L/∂w_{F+1−u}",
        says="{step} is returned back to front along {what}",
        edit=edits.mirrored,
    ),
    Mistake(
        name="mean-for-sum",
        example="Σ_s Σ_p δ_{s,p} → (1/(n P)) Σ_s Σ_p δ_{s,p}",
        says="{step} is a mean over {what} instead of a sum",
        edit=edits.over_what_is_summed,
    ),
    Mistake(
        name="missing-factor",
        example="∂L/∂c ∂c/∂v → ∂c/∂v",
        says="in {step}, the factor {what} is missing",
        edit=edits.without_adjoints,
    ),
    Mistake(
        name="summed-too-far",
        example="∂L/∂b_j → Σ_j ∂L/∂b_j",
        says="{step} is summed over {what} too",
        edit=edits.summed_too_far,
    ),
    Mistake(
        name="broadcast",
        example="ŷ_s − y_s → Σ_t (ŷ_s − y_t), as of shapes (n, 1) and (n,)",
        says="{step} has n rows and columns, of each point with every other: {what}",
        edit=edits.broadcast,
    ),
    Mistake(
        name="wrong-mean",
        example="(1/n) Σ → (1/d) Σ",
        says="{step} is divided by {what}, which does not count what is averaged",
        edit=edits.over_lengths,
    ),
    Mistake(
        name="wrong-size",
        example="1/√m → 1/√d",
        says="in {step}, {what}",
        edit=at_one_place_of(places.at_another_size),
    ),
    Mistake(name="zero", example="∂L/∂v → 0", says="{step} is zero everywhere", edit=edits.nothing),
)


def slips(model: Model) -> Iterator[Slip]:
    """Every mistake of the table in every step of the model, the more usual first, without repetition.

    Args:
        model: over its data, with closed forms and pre-activations.
    """
    every = (*steps(model), *fused(model))
    seen = {(step.quantity.name, step.quantity.axes, step.expr) for step in every}
    for mistake in MISTAKES:
        for step in every:
            for wrong in mistake.edit(step):
                axes = step.quantity.axes if wrong.axes is None else wrong.axes
                key = (step.quantity.name, axes, wrong.expr)
                trivial = wrong.expr.has(zoo, nan) or (wrong.expr == 0 and mistake.edit is not edits.nothing)
                if key not in seen and not trivial:
                    seen.add(key)
                    says = mistake.says.format(what=wrong.what, step=label(step))
                    yield Slip(mistake=mistake.name, step=step, axes=axes, wrong=wrong.expr, says=says)


def label(step: Step) -> str:
    """∂LL/∂theta."""
    return f"∂{step.model.objective}/∂{step.quantity.name}"
