"""Other ways to lay out arrays: points as columns, vectors as columns or rows, matrices transposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from .calling import Part
from .names import Form

ROW = "[None, :]"
VECTORS, MATRICES = ("", "[:, None]", ROW), ("", ".T")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The views, as `Form` has them, that code takes of the arrays of a model with one and with two axes.

    Attributes:
        vectors, matrices: of the parameters and of their gradients.
        given_vectors, given_matrices: of the data.
    """

    vectors: str = ""
    matrices: str = ""
    given_vectors: str = ""
    given_matrices: str = ""

    def params(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters, or their gradients, as the code has them."""
        return {name: _form(name, a, self.vectors, self.matrices).of(a) for name, a in arrays.items()}

    def data(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """Data as the code has them."""
        return {name: _form(name, a, self.given_vectors, self.given_matrices).of(a) for name, a in arrays.items()}

    def back(self, found: Mapping[str, Part], wanted: Mapping[str, Any]) -> dict[str, Part]:
        """Gradients of the code as the model has them, which is as it has the arrays of these names."""
        return {name: _form(name, wanted[name], self.vectors, self.matrices).back(a) for name, a in found.items()}

    def told(self, params: Mapping[str, Any], data: Mapping[str, Any]) -> str:
        """What it is held against, for a note; an empty string if that is the arrays of the model."""
        forms = [_form(name, a, self.vectors, self.matrices) for name, a in params.items()]
        forms += [_form(name, a, self.given_vectors, self.given_matrices) for name, a in data.items()]
        return ", ".join(str(form) for form in forms if form.view)


def layouts(*, alone: bool = False) -> Iterator[Layout]:
    """All but that of the model, the more usual first: those with the fewest views.

    Args:
        alone: whether data are of one point, which is no row then: code would take rows of several points too.
    """
    views = sorted(product(VECTORS, MATRICES, VECTORS, MATRICES), key=lambda each: sum(map(bool, each)))
    for vectors, matrices, given_vectors, given_matrices in views[1:]:
        if alone and given_vectors == ROW:
            continue
        yield Layout(vectors=vectors, matrices=matrices, given_vectors=given_vectors, given_matrices=given_matrices)


def _form(name: str, array: Any, vectors: str, matrices: str) -> Form:
    axes = {getattr(part, "ndim", 0) for part in (array if isinstance(array, list) else [array])}
    return Form(name=name, view=vectors if axes == {1} else matrices if axes == {2} else "")
