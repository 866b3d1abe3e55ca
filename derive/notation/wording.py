r"""What statements leave to the rest of their text, written out: σ′ = … as σ′(z) = …, w_{t+1} = … as an update."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .atpoints import by_the_point, letters_of_formulas
from .boldapart import letters_set_apart, set_apart
from .ellipses import prepared
from .evaluated import Introduced, introduced_in, without_own_arguments
from .featuremaps import feature_letters, with_features
from .inplace import in_place, letters_without_marks
from .intercepts import intercepts_in, with_intercepts
from .labels import Labels, labels_in
from .macros import Macro
from .overclasses import with_conditions
from .parser import parse
from .pointfree import applied_letters, with_arguments
from .primetransposes import Letter, turned_letters, with_transposes
from .syntax import Node, Sym
from .words import with_words, words_in


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How the statements of one text are to be read.

    Attributes:
        macros: the author's macros by name.
        applied: for each known function that the text applies, the letter that it is first applied to.
        introduced: for each function that it introduces as f(x), its arguments.
        labels: the letters that stand for classes.
        bare: the letters that the text has without a mark for the step of training, too.
        words: the names of several capitals.
        apart: the letters that are something else in bold type than in plain type.
        intercepts: the letters whose β_0 is no entry of the vector β.
        features: the letters of features, φ of w^T φ(x), of which the text says no more, and a point of each.
        turned: the letters whose prime transposes, X'X.
        formulas: for each name that it gives a formula without arguments, the letters of that formula.
    """

    macros: Mapping[str, Macro]
    applied: Mapping[str, Sym] = field(default_factory=dict)
    introduced: Introduced = field(default_factory=dict)
    labels: Labels = field(default_factory=Labels)
    bare: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    intercepts: frozenset[str] = frozenset()
    features: Mapping[str, Sym] = field(default_factory=dict)
    turned: frozenset[Letter] = frozenset()
    formulas: Introduced = field(default_factory=dict)

    def read(self, latex: str) -> list[Node]:
        """The statements of a formula.

        Raises: ReadError: if it cannot be parsed.
        """
        return self.written_out([prepared(n) for n in parse(latex, self.macros)])

    def written_out(self, statements: Sequence[Node]) -> list[Node]:
        """The statements of a formula with what they leave to each other and to the text."""
        turned = (with_transposes(n, self.turned) for n in statements)
        own = (with_intercepts(with_words(n, self.words), self.intercepts) for n in turned)
        worded = (by_the_point(n, self.introduced, self.formulas) for n in own)
        named = [with_features(n, self.features) for n in worded]
        found = (without_own_arguments(n, self.introduced) for n in with_conditions(named, self.labels))
        return [set_apart(in_place(with_arguments(n, self.applied), self.bare), self.apart) for n in found]


def wording_of(nodes: Sequence[Node], macros: Mapping[str, Macro]) -> Wording:
    """How the statements of a text, as they stand there, are to be read."""
    turned = turned_letters(nodes)
    nodes = [with_transposes(n, turned) for n in nodes]
    words = words_in(nodes)
    nodes = [with_words(n, words) for n in nodes]
    features = feature_letters(nodes)
    nodes = [with_features(n, features) for n in nodes]
    labels = labels_in(nodes)
    applied, introduced = applied_letters(nodes), introduced_in(nodes)
    bare = letters_without_marks([with_arguments(n, applied) for n in nodes])
    apart = letters_set_apart(nodes)
    return Wording(
        macros=macros,
        applied=applied,
        introduced=introduced,
        labels=labels,
        bare=bare,
        words=words,
        apart=apart,
        intercepts=intercepts_in(nodes) - apart,
        features=features,
        turned=turned,
        formulas=letters_of_formulas(nodes),
    )
