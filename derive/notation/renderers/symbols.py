"""Every symbol, accent and bracket a formula may hold, one row each, in LaTeX, Typst and plain text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a symbol is spaced and what it takes."""

    ORDINARY = "ordinary"  # letters, numbers and whatever stands like one
    BINARY = "binary"  # between two operands, spaced; a sign if nothing stands before it
    RELATION = "relation"
    TIGHT = "tight"  # between two operands, not spaced: /
    COMMA = "comma"
    FUNCTION = "function"  # upright: log, max; takes what follows it
    BIG = "big"  # with limits: Σ
    SPACE = "space"
    AFTER = "after"  # stands close after its operand: the exclamation mark of a factorial
    BRACKET = "bracket"  # one half of a pair that was broken or never closed


@dataclass(frozen=True)
class Symbol:
    """One symbol; `latex` is what `Atom.latex` and `BigOp.latex` hold."""

    latex: str
    typst: str
    text: str
    kind: Kind = Kind.ORDINARY


@dataclass(frozen=True)
class Mark:
    """An accent or a font: LaTeX command, Typst call, and for text the combining character or nothing."""

    name: str
    latex: str
    typst: str
    text: str = ""


@dataclass(frozen=True)
class Bracket:
    """One bracket: LaTeX where it opens and where it closes, Typst where it stands alone, text."""

    name: str
    opening: str
    closing: str
    typst: str
    text: str


_GREEK = (
    ("alpha", "α"),
    ("beta", "β"),
    ("gamma", "γ"),
    ("delta", "δ"),
    ("zeta", "ζ"),
    ("eta", "η"),
    ("theta", "θ"),
    ("iota", "ι"),
    ("kappa", "κ"),
    ("lambda", "λ"),
    ("mu", "μ"),
    ("nu", "ν"),
    ("xi", "ξ"),
    ("pi", "π"),
    ("rho", "ρ"),
    ("sigma", "σ"),
    ("tau", "τ"),
    ("upsilon", "υ"),
    ("chi", "χ"),
    ("psi", "ψ"),
    ("omega", "ω"),
    ("Gamma", "Γ"),
    ("Delta", "Δ"),
    ("Theta", "Θ"),
    ("Lambda", "Λ"),
    ("Xi", "Ξ"),
    ("Pi", "Π"),
    ("Sigma", "Σ"),
    ("Upsilon", "Υ"),
    ("Phi", "Φ"),
    ("Psi", "Ψ"),
    ("Omega", "Ω"),
)

_LETTERS = (
    *(Symbol(f"\\{name}", name, letter) for name, letter in _GREEK),
    Symbol(r"\epsilon", "epsilon.alt", "ϵ"),
    Symbol(r"\varepsilon", "epsilon", "ε"),
    Symbol(r"\phi", "phi.alt", "ϕ"),
    Symbol(r"\varphi", "phi", "φ"),
    Symbol(r"\vartheta", "theta.alt", "ϑ"),
    Symbol(r"\varrho", "rho.alt", "ϱ"),
    Symbol(r"\varsigma", "sigma.alt", "ς"),
    Symbol(r"\ell", "ell", "ℓ"),
    Symbol(r"\imath", "dotless.i", "ı"),
    Symbol(r"\jmath", "dotless.j", "ȷ"),
    Symbol(r"\hbar", "planck", "ℏ"),
    Symbol(r"\aleph", "aleph", "ℵ"),
    Symbol(r"\Re", "Re", "ℜ"),
    Symbol(r"\Im", "Im", "ℑ"),
)

_ORDINARY = (
    Symbol(r"\infty", "infinity", "∞"),
    Symbol(r"\partial", "partial", "∂"),
    Symbol(r"\nabla", "nabla", "∇"),
    Symbol(r"\top", "top", "⊤"),
    Symbol(r"\bot", "bot", "⊥"),
    Symbol(r"\prime", "prime", "′"),
    Symbol(r"\emptyset", "emptyset", "∅"),
    Symbol(r"\forall", "forall", "∀"),
    Symbol(r"\exists", "exists", "∃"),
    Symbol(r"\neg", "not", "¬"),
    Symbol(r"\dots", "dots", "…"),
    Symbol(r"\cdots", "dots.c", "⋯"),
    Symbol(r"\vdots", "dots.v", "⋮"),
    Symbol(r"\ddots", "dots.down", "⋱"),
    Symbol(r"\square", "square", "□"),
    Symbol(r"\dagger", "dagger", "†"),
    Symbol(r"\%", "%", "%"),
    Symbol("?", "?", "?"),
    Symbol(".", ".", "."),
    Symbol("!", "!", "!", Kind.AFTER),
    Symbol(",", r"\,", ",", Kind.COMMA),
    Symbol(";", r"\;", ";", Kind.COMMA),
    Symbol("(", r"\(", "(", Kind.BRACKET),
    Symbol(")", r"\)", ")", Kind.BRACKET),
    Symbol("[", r"\[", "[", Kind.BRACKET),
    Symbol("]", r"\]", "]", Kind.BRACKET),
    Symbol(r"\{", r"\{", "{", Kind.BRACKET),
    Symbol(r"\}", r"\}", "}", Kind.BRACKET),
    Symbol(r"\quad", "quad", "  ", Kind.SPACE),
    Symbol(r"\qquad", "wide", "    ", Kind.SPACE),
)

_BINARY = (
    Symbol("+", "+", "+", Kind.BINARY),
    Symbol("-", "-", "−", Kind.BINARY),
    Symbol(r"\pm", "plus.minus", "±", Kind.BINARY),
    Symbol(r"\mp", "minus.plus", "∓", Kind.BINARY),
    Symbol(r"\cdot", "dot.op", "·", Kind.BINARY),
    Symbol(r"\times", "times", "×", Kind.BINARY),
    Symbol(r"\div", "div", "÷", Kind.BINARY),
    Symbol(r"\odot", "dot.o", "⊙", Kind.BINARY),
    Symbol(r"\otimes", "times.o", "⊗", Kind.BINARY),
    Symbol(r"\oplus", "plus.o", "⊕", Kind.BINARY),
    Symbol(r"\ominus", "minus.o", "⊖", Kind.BINARY),
    Symbol(r"\circ", "compose", "∘", Kind.BINARY),
    Symbol(r"\bullet", "bullet", "•", Kind.BINARY),
    Symbol("*", "*", "*", Kind.BINARY),
    Symbol(r"\ast", "ast.op", "∗", Kind.BINARY),
    Symbol(r"\star", "star.op", "⋆", Kind.BINARY),
    Symbol(r"\cup", "union", "∪", Kind.BINARY),
    Symbol(r"\cap", "inter", "∩", Kind.BINARY),
    Symbol(r"\setminus", "without", "∖", Kind.BINARY),
    Symbol(r"\land", "and", "∧", Kind.BINARY),
    Symbol(r"\lor", "or", "∨", Kind.BINARY),
    Symbol("/", r"\/", "/", Kind.TIGHT),
)

_RELATIONS = (
    Symbol("=", "=", "=", Kind.RELATION),
    Symbol("<", "<", "<", Kind.RELATION),
    Symbol(">", ">", ">", Kind.RELATION),
    Symbol(r"\le", "<=", "≤", Kind.RELATION),
    Symbol(r"\ge", ">=", "≥", Kind.RELATION),
    Symbol(r"\ne", "!=", "≠", Kind.RELATION),
    Symbol(r"\ll", "<<", "≪", Kind.RELATION),
    Symbol(r"\gg", ">>", "≫", Kind.RELATION),
    Symbol(r"\equiv", "equiv", "≡", Kind.RELATION),
    Symbol(r"\approx", "approx", "≈", Kind.RELATION),
    Symbol(r"\sim", "tilde.op", "∼", Kind.RELATION),
    Symbol(r"\simeq", "tilde.eq", "≃", Kind.RELATION),
    Symbol(r"\cong", "tilde.equiv", "≅", Kind.RELATION),
    Symbol(r"\propto", "prop", "∝", Kind.RELATION),
    Symbol(r"\in", "in", "∈", Kind.RELATION),
    Symbol(r"\notin", "in.not", "∉", Kind.RELATION),
    Symbol(r"\ni", "in.rev", "∋", Kind.RELATION),
    Symbol(r"\subset", "subset", "⊂", Kind.RELATION),
    Symbol(r"\subseteq", "subset.eq", "⊆", Kind.RELATION),
    Symbol(r"\supset", "supset", "⊃", Kind.RELATION),
    Symbol(r"\supseteq", "supset.eq", "⊇", Kind.RELATION),
    Symbol(r"\to", "->", "→", Kind.RELATION),
    Symbol(r"\gets", "<-", "←", Kind.RELATION),
    Symbol(r"\leftrightarrow", "<->", "↔", Kind.RELATION),
    Symbol(r"\Rightarrow", "=>", "⇒", Kind.RELATION),
    Symbol(r"\Leftarrow", "arrow.l.double", "⇐", Kind.RELATION),
    Symbol(r"\Leftrightarrow", "<=>", "⇔", Kind.RELATION),
    Symbol(r"\implies", "==>", "⟹", Kind.RELATION),
    Symbol(r"\iff", "<==>", "⟺", Kind.RELATION),
    Symbol(r"\mapsto", "|->", "↦", Kind.RELATION),
    Symbol(r"\coloneqq", ":=", "≔", Kind.RELATION),
    Symbol(r"\triangleq", "eq.delta", "≜", Kind.RELATION),
    Symbol(r"\doteq", "eq.dot", "≐", Kind.RELATION),
    Symbol(r"\perp", "perp", "⟂", Kind.RELATION),
    Symbol(r"\parallel", "parallel", "∥", Kind.RELATION),
    Symbol(r"\mid", "divides", "∣", Kind.RELATION),
    Symbol("|", "|", "|", Kind.RELATION),
    Symbol(r"\|", "parallel", "‖", Kind.RELATION),
    Symbol(":", r"\:", ":", Kind.RELATION),
)

_NAMED = "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan det dim ker deg arg gcd hom Pr"
_LIMITED = "max min sup inf lim"

_OPERATORS = (
    *(Symbol(f"\\{name}", name, name, Kind.FUNCTION) for name in (*_NAMED.split(), *_LIMITED.split())),
    Symbol(r"\limsup", "limsup", "lim sup", Kind.FUNCTION),
    Symbol(r"\liminf", "liminf", "lim inf", Kind.FUNCTION),
    Symbol(r"\sum", "sum", "Σ", Kind.BIG),
    Symbol(r"\prod", "product", "Π", Kind.BIG),
    Symbol(r"\coprod", "product.co", "∐", Kind.BIG),
    Symbol(r"\int", "integral", "∫", Kind.BIG),
    Symbol(r"\iint", "integral.double", "∬", Kind.BIG),
    Symbol(r"\oint", "integral.cont", "∮", Kind.BIG),
    Symbol(r"\bigcup", "union.big", "⋃", Kind.BIG),
    Symbol(r"\bigcap", "inter.big", "⋂", Kind.BIG),
    Symbol(r"\bigoplus", "plus.o.big", "⨁", Kind.BIG),
    Symbol(r"\bigotimes", "times.o.big", "⨂", Kind.BIG),
)

SYMBOLS: tuple[Symbol, ...] = (*_LETTERS, *_ORDINARY, *_BINARY, *_RELATIONS, *_OPERATORS)

MARKS: tuple[Mark, ...] = (
    Mark("hat", r"\hat", "hat", "\u0302"),
    Mark("bar", r"\bar", "macron", "\u0304"),
    Mark("tilde", r"\tilde", "tilde", "\u0303"),
    Mark("vec", r"\vec", "arrow", "\u20d7"),
    Mark("dot", r"\dot", "dot", "\u0307"),
    Mark("ddot", r"\ddot", "dot.double", "\u0308"),
    Mark("overline", r"\overline", "overline", "\u0305"),
    Mark("underline", r"\underline", "underline", "\u0332"),
    Mark("bold", r"\mathbf", "bold"),
    Mark("roman", r"\mathrm", "upright"),
    Mark("italic", r"\mathit", "italic"),
    Mark("sans", r"\mathsf", "sans"),
    Mark("typewriter", r"\mathtt", "mono"),
    Mark("blackboard", r"\mathbb", "bb"),
    Mark("calligraphic", r"\mathcal", "cal"),
    Mark("fraktur", r"\mathfrak", "frak"),
)

BRACKETS: tuple[Bracket, ...] = (
    Bracket("(", "(", "(", r"\(", "("),
    Bracket(")", ")", ")", r"\)", ")"),
    Bracket("[", "[", "[", r"\[", "["),
    Bracket("]", "]", "]", r"\]", "]"),
    Bracket("{", r"\{", r"\{", r"\{", "{"),
    Bracket("}", r"\}", r"\}", r"\}", "}"),
    Bracket("|", r"\lvert", r"\rvert", "|", "|"),
    Bracket("‖", r"\lVert", r"\rVert", "‖", "‖"),
    Bracket("⟨", r"\langle", r"\langle", r"\⟨", "⟨"),
    Bracket("⟩", r"\rangle", r"\rangle", r"\⟩", "⟩"),
    Bracket("⌊", r"\lfloor", r"\lfloor", r"\⌊", "⌊"),
    Bracket("⌋", r"\rfloor", r"\rfloor", r"\⌋", "⌋"),
    Bracket("⌈", r"\lceil", r"\lceil", r"\⌈", "⌈"),
    Bracket("⌉", r"\rceil", r"\rceil", r"\⌉", "⌉"),
    Bracket("", ".", ".", "", ""),
)

# Second spellings of the commands above.
ALIASES: dict[str, str] = {
    r"\leq": r"\le",
    r"\leqslant": r"\le",
    r"\geq": r"\ge",
    r"\geqslant": r"\ge",
    r"\neq": r"\ne",
    r"\wedge": r"\land",
    r"\vee": r"\lor",
    r"\lnot": r"\neg",
    r"\rightarrow": r"\to",
    r"\longrightarrow": r"\to",
    r"\leftarrow": r"\gets",
    r"\longleftarrow": r"\gets",
    r"\Longrightarrow": r"\implies",
    r"\Longleftrightarrow": r"\iff",
    r"\longmapsto": r"\mapsto",
    r"\ldots": r"\dots",
    r"\dotsc": r"\dots",
    r"\dotsb": r"\cdots",
    r"\dotsm": r"\cdots",
    r"\varnothing": r"\emptyset",
    r"\coloneq": r"\coloneqq",
    r"\defeq": r"\coloneqq",
    ":=": r"\coloneqq",
    r"\intercal": r"\top",
    r"\Box": r"\square",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\lbrack": "[",
    r"\rbrack": "]",
    r"\vert": "|",
    r"\Vert": r"\|",
    r"\colon": ":",
    r"\thicksim": r"\sim",
    r"\circledast": r"\ast",
    r"\bigodot": r"\odot",
    r"\hdots": r"\dots",
}
