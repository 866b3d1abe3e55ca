"""Formulas and the structure they are read as, in a one-line notation (`sketch`)."""

from __future__ import annotations

import pytest

from derive.notation.parser import ReadError, parse
from derive.notation.syntax import (
    Array,
    Big,
    Bin,
    Chain,
    Dots,
    Empty,
    Entries,
    Fn,
    Fraction,
    Group,
    Juxt,
    Listing,
    Neg,
    Node,
    Num,
    Prose,
    Sqrt,
    Sym,
)


def sketch(node: Node | None) -> str:
    """A tree on one line: `<a b>` side by side, `[| x, y]` a list, `log(x)` a function, `sum[i;n](x)`."""
    match node:
        case None | Entries():  # the parser makes none of the latter
            return ""
        case Num():
            return node.text
        case Sym():
            return "".join(f"{mark}." for mark in (*node.fonts, *node.accents)) + node.base + _scripts(node)
        case Group():
            return f"{node.opening}{sketch(node.body)}{node.closing}" + _scripts(node)
        case Juxt():
            return f"<{_row(node.items, ' ')}>"
        case Bin():
            return f"<{sketch(node.left)} {node.op} {sketch(node.right)}>"
        case Neg():
            return f"-{sketch(node.body)}"
        case Fraction():
            return f"frac({sketch(node.above)}, {sketch(node.below)})"
        case Sqrt():
            return f"sqrt[{sketch(node.degree)}]({sketch(node.body)})"
        case Big():
            return f"{node.op}[{sketch(node.below)};{sketch(node.above)}]({sketch(node.body)})"
        case Fn():
            return f"{node.name}{_scripts(node)}({sketch(node.argument)})"
        case Listing():
            return f"[{node.separator} {_row(node.items, ' ')}]"
        case Chain():
            parts = [sketch(node.operands[0])]
            for operator, operand in zip(node.operators, node.operands[1:], strict=True):
                parts += [operator, sketch(operand)]
            return " ".join(parts)
        case Array():
            return f"{node.style}[{' // '.join(_row(row, ' & ') for row in node.rows)}]"
        case Prose():
            return f'"{node.text}"'
        case Dots():
            return "…"
        case Empty():
            return "∅"


def _row(nodes: tuple[Node, ...], separator: str) -> str:
    return separator.join(sketch(node) for node in nodes)


def _scripts(node: Sym | Group | Fn) -> str:
    sub = f"_{{{sketch(node.sub)}}}" if node.sub else ""
    sup = f"^{{{sketch(node.sup)}}}" if node.sup else ""
    return sub + sup + "'" * node.primes


EXPRESSIONS = [
    # symbols, fonts, accents, scripts
    (r"\hat{\mathbf{y}}", "bold.hat.y"),
    (r"\mathbf{\hat y}", "bold.hat.y"),
    (r"{y}_i", "y_{i}"),
    (r"(\hat y)", "(hat.y)"),
    (r"\hat{z_{k}}", "hat.z_{k}"),
    (r"\bar x_i^2", "bar.x_{i}^{2}"),
    (r"w^2_j", "w_{j}^{2}"),
    (r"\boldsymbol\theta^{(t)}", "bold.theta^{(t)}"),
    (r"W_{\mathrm{out}}", "W_{rm.out}"),
    (r"L_\text{test}(w)", "<L_{rm.test} (w)>"),
    (r"\mathrm{NLL}", "rm.NLL"),
    (r"{\rm NLL}", "rm.NLL"),
    (r"\text{reg\_weight}", "rm.reg_weight"),
    (r"NLL", "<N L L>"),
    (r"\widehat{MSE}", "hat.MSE"),
    (r"\overline{x + y}", "bar<x + y>bar"),
    (r"f''(x)", "<f'' (x)>"),
    (r"f^{\prime}_k", "f_{k}'"),
    (r"u^{\prime 2}", "u^{2}'"),
    (r"X^T", "X^{T}"),
    (r"A^{-1}", "A^{-1}"),
    (r"10^{-3}", "{10}^{-3}"),
    (r"w^*", "w^{*}"),
    (r"x_{i,j}", "x_{[, i j]}"),
    (r"x_{ij}", "x_{<i j>}"),
    (r"x_{1:T}", "x_{1 : T}"),
    (r"R_{*k}", "R_{<* k>}"),
    (r"T_{k\cdot}", "T_{<k cdot>}"),
    (r"\mathbf 1", "bold.1"),
    ("ŷ₁²", "hat.y_{1}^{2}"),
    ("∑_i α_i − β", "<sum[i;](alpha_{i}) - beta>"),
    (r"n!", "factorial(n)"),
    # sums and products
    (r"a - b + c", "<<a - b> + c>"),
    (r"-a b", "-<a b>"),
    (r"a + -b", "<a + -b>"),
    (r"\pm 1", "<∅ pm 1>"),
    (r"a b / c d", "<<<a b> / c> d>"),
    (r"1/f(x)", "<1 / <f (x)>>"),
    (r"1/2(x - 1)", "<<1 / 2> (<x - 1>)>"),
    (r"a \cdot b c", "<a cdot <b c>>"),
    (r"a \odot b \otimes c", "<<a odot b> otimes c>"),
    (r"3.5x", "<3.5 x>"),
    (r".5", ".5"),
    (r"12{,}000", "12,000"),
    (r"1,500 x", "<1,500 x>"),
    (r"(1,500)", "([, 1 500])"),
    (r"1e-8", "1e-8"),
    (r"\frac12 x", "<frac(1, 2) x>"),
    (r"\tfrac{a}{b}^2", "{frac(a, b)}^{2}"),
    (r"\sqrt[3]{x}", "sqrt[3](x)"),
    (r"{n \choose k}", "binom([, n k])"),
    (r"\binom{n}{k} p^k", "<binom([, n k]) p^{k}>"),
    (r"{a \over b} + 1", "<frac(a, b) + 1>"),
    (r"\underbrace{a + b}_{\text{bias}} c", "<{<a + b>} c>"),
    # functions and big operators
    (r"t \log \hat t", "<t log(hat.t)>"),
    (r"\log p_k \cdot t", "<log(p_{k}) cdot t>"),
    (r"\log 2\pi v", "log(<2 pi v>)"),
    (r"\log q(z) r(z)", "<log(<q (z)>) r (z)>"),
    (r"\log(1 - u) v", "<log((<1 - u>)) v>"),
    (r"\log{ab} c", "<log({<a b>}) c>"),
    (r"\log x \log y", "<log(x) log(y)>"),
    (r"\exp -x", "exp(-x)"),
    (r"\sin^2 x", "sin^{2}(x)"),
    (r"\tanh'(u)", "tanh'((u))"),
    (r"\exp(u)^2", "exp((u)^{2})"),
    (r"\operatorname{tr}(A) b", "<tr((A)) b>"),
    (r"\text{softmax}(z)", "softmax((z))"),
    (r"\mathrm{log}\, u", "log(u)"),
    (r"\mathrm{Var}", "rm.Var"),
    (r"x_{\max}", "x_{max}"),
    (r"\sum_{i=1}^n a_i b_i + c", "<sum[i = 1;n](<a_{i} b_{i}>) + c>"),
    (r"\sum\limits_k -p_k \log p_k", "sum[k;](-<p_{k} log(p_{k})>)"),
    (r"\sum_i^{} a_i", "sum[i;](a_{i})"),
    (r"\max(0, u) - v", "<max[;](([, 0 u])) - v>"),
    (r"\max_k u_k v", "max[k;](<u_{k} v>)"),
    (r"\arg\max_w f(w)", "argmax[w;](<f (w)>)"),
    (r"\operatorname*{arg\,min}_w f", "argmin[w;](f)"),
    (r"\underset{w}{\operatorname{argmin}} f", "argmin[w;](f)"),
    (r"\underset{w}{\arg\min}\; f", "argmin[w;](f)"),
    (r"\mathop{argmax}\limits_w f", "argmax[w;](f)"),
    (r"argmax_w f", "argmax[w;](f)"),
    (r"\underset{x \sim p}{\mathbb{E}} [x]", "<bb.E_{x ~ p} [x]>"),
    (r"\sum_{\substack{i < n \\ i \ne j}} u_i", "sum[[, i < n i != j];](u_{i})"),
    (r"\bigcup_i A_i", "bigcup[i;](A_{i})"),
    (r"{\sum_k} a_k", "sum[k;](a_{k})"),
    (r"\cap_k A_k", "bigcap[k;](A_{k})"),
    (r"\int_0^1 f(t)\,dt", "int[0;1](<f (t) d t>)"),
    # derivatives
    (r"\frac{\partial f}{\partial x}", "frac(<partial f>, <partial x>)"),
    (r"\pdv{f}{x}", "frac(<partial f>, <partial x>)"),
    (r"\pdv[2]{f}{x}", "frac(<partial^{2} f>, <partial x^{2}>)"),
    (r"\pdv{f}{x}{y}", "frac(<partial^{2} f>, <partial x partial y>)"),
    (r"\pdv{x} \qty[f g]", "<frac(partial, <partial x>) [<f g>]>"),
    (r"\dv x f", "<frac(d, <d x>) f>"),
    (r"\grad f", "<nabla f>"),
    # brackets and bars
    (r"\qty{a + b}", r"\{<a + b>\}"),
    (r"\left(\frac{a}{b}\right)^2", "(frac(a, b))^{2}"),
    (r"\bigl[ a \bigr]", "[a]"),
    (r"[0, 1)", "[[, 0 1])"),
    (r"|u|", "|u|"),
    (r"2|u||v|", "<2 |u| |v|>"),
    (r"\|u - v\|_2^2", r"\|<u - v>\|_{2}^{2}"),
    (r"||u||^2", r"\|u\|^{2}"),
    (r"||u| - |v||", "|<|u| - |v|>|"),
    (r"|\Sigma|^{1/2}", "|Sigma|^{<1 / 2>}"),
    (r"\lvert u \rvert", "|u|"),
    (r"\|\cdot\|_p", r"\|cdot\|_{p}"),
    (r"P(Y = y | X = x)", "<P ([| Y = y X = x])>"),
    (r"P(\text{where} \mid \text{is})", "<P ([| rm.where rm.is])>"),
    (r"P(\text{keep } H \mid H \text{ is true})", '<P ([| [text "keep" H] [text H "is true"]])>'),
    (r"(a, b,)", "([, a b])"),
    (r"(a,)", "(a)"),
    (r"f({{a + b}})", "<f (<a + b>)>"),
    (r"P(A \mid B, C)", "<P ([| A [, B C]])>"),
    (r"P(|U| > 1 \mid V)", "<P ([| |U| > 1 V])>"),
    (r"D(q \| p)", "<D ([|| q p])>"),
    (r"D(q || p)", "<D ([|| q p])>"),
    (r"\mathbb{E}_{z|x}[f]", "<bb.E_{[| z x]} [f]>"),
    (r"g(x; w, b)", "<g ([; x [, w b]])>"),
    (r"\frac{d f}{d x}\Big|_{x = 0}", "frac(<d f>, <d x>)|_{x = 0}"),
    (r"\left. f(x) \right|_{x = 0}", "<f (x)>|_{x = 0}"),
    (r"\langle u, v \rangle", r"\langle[, u v]\rangle"),
    (r"\lfloor n/2 \rfloor", r"\lfloor<n / 2>\rfloor"),
    (r"\{u_k\}_{k=1}^n", r"\{u_{k}\}_{k = 1}^{n}"),
    (r"\norm{u}", r"\|u\|"),
    # arrays
    (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}^\top", "{pmatrix[a & b // c & d]}^{top}"),
    (
        r"\begin{cases} u & \text{if } u > 0, \\ 0 & \text{otherwise.} \end{cases}",
        'cases[u & [text "if" u > 0] // 0 & "otherwise."]',
    ),
    (r"u_1, \dots, u_n", "[, u_{1} … u_{n}]"),
    (r"u_1 u_2 ... u_n", "<u_{1} u_{2} … u_{n}>"),
    # dropped
    (r"\color{red} a \, \! \; b \label{eq:one} \tag{3}", "<a b>"),
    (r"\textcolor{blue}{a + b}", "<a + b>"),
    (r"a b.", "<a b>"),
    ("a % a remark\n + b", "<a + b>"),
]


@pytest.mark.parametrize(("latex", "expected"), EXPRESSIONS)
def test_expression(latex: str, expected: str) -> None:
    assert [sketch(node) for node in parse(latex)] == [expected]


STATEMENTS = [
    (r"a = b \le c", ["a = b <= c"]),
    (r"w \leftarrow w - g", ["w <- <w - g>"]),
    (r"L := a, \qquad M \coloneqq b.", ["L := a", "M := b"]),
    (r"u = a, v = b", ["u = a", "v = b"]),
    (r"i, j = 1, 2", ["[, i j] = [, 1 2]"]),
    (r"i = 1, \dots, n, j = 1, \dots, m", ["i = [, 1 … n]", "j = [, 1 … m]"]),
    (r"x, y \in \mathbb{R}", ["[, x y] in bb.R"]),
    (r"f: \mathbb{R}^d \to \mathbb{R}", ["f : bb.R^{d} to bb.R"]),
    (r"y \mid x \sim q", ["[| y x] ~ q"]),
    (r"z \overset{\text{def}}{=} a", ["z := a"]),
    (r"z \stackrel{(a)}{=} b", ["z = b"]),
    (r"z =_{(1)} b", ["z = b"]),
    (r"x \not= y", ["x != y"]),
    (r"x \xrightarrow{n \to \infty} y", ["x to y"]),
    (r"a = b \Rightarrow c = d", ["a = b => c = d"]),
    (r"= a + b", ["∅ = <a + b>"]),
    (r"a = b \quad \text{where} \quad c = d", ["a = b", '"where"', "c = d"]),
    (r"a = b \text{ and } c = d", ["a = b", '"and"', "c = d"]),
    (r"\text{loss} = \text{data term} + c", ["rm.loss = <rm.data term + c>"]),
    (r"\text{ridge loss: } J = a", ['"ridge loss:"', "J = a"]),
    (r"a = b \quad (k = 1, 2)", ["a = b", "([, k = 1 2])"]),
    (r"a_k = 0 \quad \forall k", ["a_{k} = 0", "<forall k>"]),
    (r"a \quad = \quad b", ["a = b"]),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", ["a = b", "∅ = c"]),
    (r"L = \begin{split} & a \\ & + b \end{split}", ["L = <a + b>"]),
    (r"\begin{align*} a &= b + \\ &\quad c \\ d &= e & f &= g \end{align*}", ["a = <b + c>", "d = e", "f = g"]),
    (r"\begin{eqnarray} a & = & b \\ & = & c \end{eqnarray}", ["a = b", "∅ = c"]),
    (r"\begin{array}{rcl} a & = & b \\ & = & c \end{array}", ["a = b", "∅ = c"]),
    (r"\begin{gather} a = 1 \\ -b = 2 \end{gather}", ["a = 1", "-b = 2"]),
    (r"a = \left( b \right. \\ \left. + c \right)", ["a = (<b + c>)"]),
    (r"a = (b \\ + c)", ["a = (<b + c>)"]),
    (r"\left\{\begin{aligned} a &= 1 \\ b &= 2 \end{aligned}\right.", [r"\{aligned[a & ∅ = 1 // b & ∅ = 2]"]),
    (r"\begin{array}{l} {a = b} \\ {c = d} \end{array}", ["a = b", "c = d"]),
    (r"\boxed{a = b}", ["a = b"]),
    (r"{a = b, c = d}", ["a = b", "c = d"]),
    (r"a = \;?", ["a = ∅"]),
    (r"a = b \nonumber \\[2pt] c = d", ["a = b", "c = d"]),
    (r"", []),
    (r"\label{eq:a}", []),
]


@pytest.mark.parametrize(("latex", "expected"), STATEMENTS)
def test_statements(latex: str, expected: list[str]) -> None:
    assert [sketch(node) for node in parse(latex)] == expected


ERRORS = [
    (r"a + \foo", r"unknown macro \foo", 4),
    (r"f(x", "unbalanced (", 1),
    (r"a + b)", "unbalanced )", 5),
    (r"{a", "unbalanced {", 0),
    (r"\left( a", r"unbalanced \left(", 0),
    (r"\begin{aligned} (a \end{aligned}", "unbalanced (", 16),
    (r"\begin{picture} a \end{picture}", "unknown environment picture", 0),
    (r"\lvert a", "unbalanced |", 0),
    (r"f(|a| b|)", "unbalanced bar", 7),
    (r"\frac{a}", r"missing argument of \frac", 0),
    (r"x_", "missing argument of _", 1),
    (r"\text", r"missing argument of \text", 5),
    (r"x^a^b", "double superscript", 3),
    (r"x_i_j", "double subscript", 3),
    (r"a + ", "nothing after +", 2),
    (r"a \cdot", "nothing after cdot", 2),
    (r"a = = b", "nothing before =", 4),
    ("7" * 31, "a number of more than 30 digits", 0),
    ("(" * 61 + ")" * 61, "brackets nested deeper than 60", 60),
    ("x" * 20_001, "the formula is longer than 20,000 characters", 20_000),
    ("+".join("a" * 300), "an expression of more than 200 nested parts or terms", 0),
    ("a $ b", "unexpected character '$'", 2),
]


@pytest.mark.parametrize(("latex", "message", "position"), ERRORS)
def test_error_names_what_and_where(latex: str, message: str, position: int) -> None:
    with pytest.raises(ReadError) as caught:
        parse(latex)
    assert (caught.value.message, caught.value.position) == (message, position)
