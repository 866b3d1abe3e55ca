"""Each way of writing a formula is found with its exact content and place, and what is no formula is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from verify.documents.document import Document
from verify.documents.html import read_html
from verify.documents.markdown import read_markdown
from verify.documents.org import read_org
from verify.documents.rst import read_rst
from verify.documents.tex import read_tex

Read = Callable[[str, str], Document]

DISPLAY, INLINE = True, False
REWRITTEN = (("&", "<"), ("&", ">"), (">", " "))  # entities, and the marks of block quotes
FOUND: tuple[tuple[Read, str, list[tuple[str, bool]]], ...] = (
    (read_markdown, "Let $x_i$ be.", [("x_i", INLINE)]),
    (read_markdown, "Let $ \\alpha $ be.", [("\\alpha", INLINE)]),
    (read_markdown, "so $$a=b$$ holds", [("a=b", DISPLAY)]),
    (read_markdown, "$$\na\n=\nb\n$$", [("a\n=\nb", DISPLAY)]),
    (read_markdown, "$$\na\n\n= b\n$$", [("a\n\n= b", DISPLAY)]),
    (read_markdown, "\\(x\\) and \\[y=1\\]", [("x", INLINE), ("y=1", DISPLAY)]),
    (read_markdown, "\\\\(x\\\\) and \\\\[y=1\\\\]", [("x", INLINE), ("y=1", DISPLAY)]),
    (read_markdown, "\\[a \\\\[2pt] = b\\]", [("a \\\\[2pt] = b", DISPLAY)]),
    (read_markdown, "\\begin{align*}\na &= b \\\\\n\n&= c\\end{align*}", [("a &= b \\\\\n\n&= c", DISPLAY)]),
    (read_markdown, "\\begin{alignat}{2} a &= b \\end{alignat}", [("a &= b", DISPLAY)]),
    (read_markdown, "{% math %} f {% endmath %}", [("f", DISPLAY)]),
    (read_markdown, "```math\n\\frac{1}{2}\n```", [("\\frac{1}{2}", DISPLAY)]),
    (read_markdown, "```{math}\n:label: q\n\nz=1\n```", [("z=1", DISPLAY)]),
    (read_markdown, "a $`x_1`$ and {math}`y`", [("x_1", INLINE), ("y", INLINE)]),
    (read_markdown, "$f(x) \\text{ if $x>0$}$ ok", [("f(x) \\text{ if $x>0$}", INLINE)]),
    (read_markdown, "> $$\n> a\n> = b\n> $$", [("a\n  = b", DISPLAY)]),
    (read_markdown, "$a<b$ and $c>d$", [("a<b", INLINE), ("c>d", INLINE)]),
    (read_markdown, "it costs $5 and $10, not $x$", [("x", INLINE)]),
    (read_markdown, "rent is $5,000 per month while $\\theta$", [("\\theta", INLINE)]),
    (read_markdown, "$5x^2$ is fine", [("5x^2", INLINE)]),
    (read_markdown, "$x$, a lone $ sign, $y$", [("x", INLINE), ("y", INLINE)]),
    (read_markdown, "a lone $$ here\n\n$$x=1$$", [("x=1", DISPLAY)]),
    (read_markdown, "\\$x\\$ and `$a$` and ``$`b`$`` and <!-- $c$ -->", []),
    (read_markdown, "[see](http://a.b/$x$) https://c.d/$y$ <a href='$z$'>", []),
    (read_markdown, "```python\nf('$x$')\n```\n\n    $code$\n", []),
    (read_markdown, "<script>let a = '$x$';</script> <pre>$y$</pre>", []),
    (read_markdown, "an item \\[1\\] of \\(see below\\)", []),
    (read_markdown, "{% highlight py %} $x$ {% endhighlight %}", []),
    (read_tex, "Let $x$ \\(y\\) \\[z\\] $$w$$", [("x", INLINE), ("y", INLINE), ("z", DISPLAY), ("w", DISPLAY)]),
    (read_tex, "\\ensuremath{x^{2}} and \\begin{math}y\\end{math}", [("x^{2}", INLINE), ("y", INLINE)]),
    (read_tex, "\\begin{multline}\na\\\\[2pt]\nb\\end{multline}", [("a\\\\[2pt]\nb", DISPLAY)]),
    (read_tex, "costs \\$5 % $no$\n\\verb|$no$| \\lstinline!$no$! \\\\[2pt]", []),
    (read_tex, "\\begin{verbatim}$no$\\end{verbatim} \\newcommand{\\x}{$no$}", []),
    (read_tex, "$x\\%$ % $no$\n$y$", [("x\\%", INLINE), ("y", INLINE)]),
    (read_tex, "\\iffalse $no$ \\fi $x$ \\end{document} $no$", [("x", INLINE)]),
    (
        read_tex,
        "\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}} \\be a=b \\ee \\begin{figure}",
        [("a=b", DISPLAY)],
    ),
    (read_html, "<p>Let \\(x &lt; y\\) and $$a$$</p>", [("x < y", INLINE), ("a", DISPLAY)]),
    (read_html, '<script type="math/tex">x<y</script>', [("x<y", INLINE)]),
    (read_html, '<script type="math/tex; mode=display">x</script>', [("x", DISPLAY)]),
    (read_html, "<code>$x$</code><script>$y$</script><!-- $z$ --><title>$w$</title>", []),
    (
        read_html,
        '<span class="katex-display"><span class="katex"><math><semantics><mi>x</mi><annotation '
        'encoding="application/x-tex">x&gt;1</annotation></semantics></math></span>'
        '<span class="katex-html"><span>$x&gt;1$</span></span></span> then <b>$y$</b>',
        [("x>1", DISPLAY), ("y", INLINE)],
    ),
    (
        read_html,
        '<math display="block"><semantics><mi>z</mi><annotation encoding="application/x-tex">{\\displaystyle z_1}'
        '</annotation></semantics></math><img class="mwe-math-fallback-image" alt="{\\displaystyle z_1}">',
        [("z_1", DISPLAY)],
    ),
    (read_html, '<img alt="$q=1$" src="q.png"><img alt="a cat" src="c.png">', [("q=1", INLINE)]),
    (read_html, '<img class="latex" alt="\\frac{a}{b}" src="c.png">', [("\\frac{a}{b}", INLINE)]),
    (read_rst, "Let :math:`x_i` be ``$no$``.", [("x_i", INLINE)]),
    (read_rst, ".. math:: a = b\n   :label: x\n\nafter", [("a = b", DISPLAY)]),
    (read_rst, ".. math::\n   :label: y\n\n   c\n   = d\n\n   e\n\nafter", [("c\n   = d", DISPLAY), ("e", DISPLAY)]),
    (read_rst, ".. math::\n\n   \\begin{align}\n   e = f\n   \\end{align}\n", [("e = f", DISPLAY)]),
    (read_rst, "code::\n\n   $no$\n\n.. code-block:: python\n\n   '$no$'\n", []),
    (read_org, "Let $x$ be \\(y\\), =$no$= ~$no$~.\n# $no$\n", [("x", INLINE), ("y", INLINE)]),
    (read_org, "\\begin{equation}\na=b\n\\end{equation}\n\\[c=1\\]", [("a=b", DISPLAY), ("c=1", DISPLAY)]),
    (read_org, "#+begin_src python\n'$no$'\n#+end_src\n$x$", [("x", INLINE)]),
)


@pytest.mark.parametrize(("read", "text", "formulas"), FOUND)
def test_formulas_are_found(read: Read, text: str, formulas: list[tuple[str, bool]]) -> None:
    document = read("notes", text)
    assert [(f.latex, f.display) for f in document.formulas] == formulas
    assert document.text == text


@pytest.mark.parametrize(("read", "text", "formulas"), FOUND)
def test_places_agree_with_offsets(read: Read, text: str, formulas: list[tuple[str, bool]]) -> None:
    document = read("notes", text)
    for f in document.formulas:
        assert (f.line, f.column) == document.position(f.offset)
        for index, character in enumerate(f.latex):
            written = text[f.offset_of(index)]
            assert written == character or (written, character) in REWRITTEN


MACROS = (
    ("\\newcommand{\\E}{\\mathbb{E}}", "\\newcommand{\\E}{\\mathbb{E}}"),
    ("$$\\newcommand\\v[1]{\\mathbf{#1}} \\def\\p#1{P(#1)}$$", "\\newcommand\\v[1]{\\mathbf{#1}}\n\\def\\p#1{P(#1)}"),
    ("\\DeclareMathOperator*{\\argmax}{arg\\,max}", "\\DeclareMathOperator*{\\argmax}{arg\\,max}"),
    ("\\let\\eps=\\epsilon and", "\\let\\eps=\\epsilon"),
    ("\\DeclarePairedDelimiter{\\abs}{\\{}{\\}} x", "\\DeclarePairedDelimiter{\\abs}{\\{}{\\}}"),
    ("\\newcommand{\\broken}{never closed", ""),
    ("`code`\n\n```\n\\newcommand{\\no}{n}\n```\n", ""),
)


@pytest.mark.parametrize(("text", "source"), MACROS)
def test_macros_are_collected(text: str, source: str) -> None:
    document = read_markdown("notes", text)
    assert document.macros_source == source
    assert not document.formulas  # definitions alone are no formula


CONTEXT = (
    (
        read_markdown,
        "# One\n\nFirst *words*.\n\n## Two\n\nThe [loss](u) is $L$ of\n\n$$L = a$$\n\nwhere $a$ is given.\n\n"
        "# Three\n\nEnd.",
    ),
    (
        read_tex,
        "\\section{One} First.\n\\subsection{Two}\nThe \\emph{loss} is $L$ of\n\\[L = a\\] where $a$ is "
        "\\label{q}given.\\section{Three} End.",
    ),
    (
        read_html,
        "<h1>One</h1><p>First.</p><h2>Two</h2>The <em>loss</em> is \\(L\\) of\n\\[L = a\\] where \\(a\\) is given."
        "<h1>Three</h1>End.",
    ),
    (
        read_rst,
        "One\n===\n\nFirst.\n\nTwo\n---\n\nThe *loss* is :math:`L` of\n\n.. math:: L = a\n\nwhere :math:`a` "
        "is given.\n\nThree\n=====\n\nEnd.",
    ),
    (
        read_org,
        "* One\nFirst.\n** Two\nThe /loss/ is $L$ of\n\\[L = a\\]\nwhere $a$ is given.\n* Three\nEnd.",
    ),
)


@pytest.mark.parametrize(("read", "text"), CONTEXT)
def test_prose_and_headings_surround_a_display(read: Read, text: str) -> None:
    first, display, last = read("notes", text).formulas
    assert (first.before, first.after) == ("The loss is", "of")
    assert (display.before, display.after) == ("The loss is $L$ of", "where $a$ is given.")
    assert (last.before, last.after) == ("where", "is given.")
    assert first.headings == display.headings == last.headings == ("One", "Two")
