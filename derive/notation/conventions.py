"""What the field's texts take for granted: which letters are indices, data, parameters, names of several letters."""

from __future__ import annotations

from ..quantities import Kind

INDEX_LETTERS = frozenset("ijkl")

NAMES_OF_SEVERAL_LETTERS = ("LL", "NLL", "MSE", "BCE", "CE", "KL", "RSS", "SSE")
FUNCTIONS_OF_SEVERAL_LETTERS = ("ln", "log", "exp")
FUNCTIONS_BEFORE_BRACKETS = (
    *("Var", "var", "Cov", "cov"),
    *("tr", "det", "diag", "rank"),
    *("sin", "cos", "tan", "sinh", "cosh", "tanh"),
)

# where a text does not say: the first row that has the base letter gives the part that a quantity plays
ROLES: tuple[tuple[frozenset[str], Kind], ...] = (
    (frozenset({"x", "y", "t", "X", "Y", "a", "s"}), Kind.DATA),
    (frozenset({"theta", "Theta", "w", "W", "b", "beta", "U", "V", "phi", "mu", "Sigma", "lambda"}), Kind.PARAMETER),
    (frozenset({"u", "v", "c", "alpha", "gamma", "omega", "sigma", "A", "B", "C", "Q", "K"}), Kind.PARAMETER),
)

ACCENT_SUFFIX = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde"}
ACCENT_SUFFIX |= {"widetilde": "tilde", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve"}
FONT_LIKE_ACCENTS = frozenset({"vec", "underline", "overrightarrow"})

# before a bracket these are functions, whatever else a text shows
FUNCTION_LETTERS = frozenset({"f", "g", "F", "G", "phi", "psi", "varphi", "Phi", "Psi"})
# before a bracket with more than a name in it these are factors: η (ŷ − y) x
COEFFICIENTS = frozenset(
    {"alpha", "beta", "gamma", "delta", "lambda", "eta", "epsilon", "varepsilon", "mu", "rho", "pi"}
)
LABELS = frozenset({"y", "t"})  # of data points
# what these stand for is no number
NO_QUANTITIES = frozenset(
    {"partial", "nabla", "infty", "emptyset", "varnothing", "top", "bot", "ldots", "Re", "Im", "#"}
)

PROBABILITY_LETTERS = frozenset({"P", "p", "Pr"})


def is_data(name: str) -> bool:
    """Whether a quantity is data without doubt: inputs x and targets y."""
    return name.split("_")[0] in ("x", "y", "X", "Y")


def role(base: str) -> Kind:
    """The part a letter usually plays; data if no row has it."""
    return next((kind for bases, kind in ROLES if base in bases), Kind.DATA)


MAXIMISED = frozenset({"LL", "ell", "L_log", "logL"})
