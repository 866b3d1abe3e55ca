"""What each LaTeX command is: its kind and its canonical base, as data.

A row is a kind and the words of that kind, `command` or `command=base`. The base is the name a symbol,
function, operator or relation has in the syntax tree; without `=` it is the command's own name. To teach the
parser a command, add its word to the row of its kind.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One command: its kind decides how it is read, its base what it is called in the tree."""

    name: str
    kind: str
    base: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ROWS: tuple[tuple[str, str], ...] = (
    # letters and other symbols that stand by themselves
    (
        "symbol",
        """
          alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi
        omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta Theta
        Lambda Xi Pi Sigma Upsilon Phi Psi Omega varGamma=Gamma varSigma=Sigma infty partial nabla grad=nabla ell
        hbar imath jmath wp Re Im aleph emptyset varnothing=emptyset top bot dagger ddagger dag=dagger intercal=top
        forall exists nexists angle square Box=square blacksquare qed checkmark bigstar clubsuit natural flat sharp
        diamond Diamond=diamond lozenge tran=T transpose=T T=T triangle bigtriangleup=triangle degree=circ %=% #=#
        $=$ dprime=dprime S=section pounds euro beth surd eth complement hslash mho backslash uparrow downarrow
        updownarrow neg lnot=neg Uparrow Downarrow nearrow searrow swarrow nwarrow mathsection=section copyright
        eps=epsilon
        """,
    ),
    # sets and expectations that pages use without defining them
    ("blackboard", "R=R N=N Z=Z Q=Q C=C E=E I=I P=P Reals=R reals=R Complex=C"),
    # functions written before their argument
    (
        "function",
        """
          log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arctanh arcsinh arccosh det
        dim ker deg gcd hom arg Pr sgn sign=sign tr Tr=tr trace=tr rank diag softmax sigmoid Var=Var var=var Cov=Cov
        cov=cov KL erf logit relu ReLU softplus vectorize=vec span null supp
        """,
    ),
    (
        "big",
        """
          sum prod coprod int iint iiint oint max min sup inf lim limsup liminf varliminf=liminf varlimsup=limsup
        argmax argmin bigcup bigcap bigoplus bigotimes bigodot bigvee bigwedge bigsqcup biguplus injlim projlim
        intop=int smallint=int ointop=oint
        """,
    ),
    # operators
    ("add", "pm mp oplus ominus cup sqcup uplus setminus smallsetminus=setminus amalg dotplus=+ boxplus minus=-"),
    ("junction", "vee wedge lor=vee land=wedge"),
    (
        "mul",
        """
          cdot times div odot otimes ast=* star circ bullet cap sqcap wr rtimes ltimes oslash circledast boxtimes
        bmod=mod centerdot=cdot slash=/ mod circledcirc=circ divideontimes
        """,
    ),
    # relations
    (
        "relation",
        """
          eq== equiv approx sim=~ thicksim=~ simeq cong approxeq=approx thickapprox=approx asymp doteq propto
        varpropto=propto ne=!= neq=!= le=<= leq=<= leqslant=<= leqq=<= lesssim ge=>= geq=>= geqslant=>= geqq=>= gtrsim
        lessapprox gtrapprox nleq ngeq nless ngtr precsim succsim lt=< gt=> ll=<< gg=>> prec succ preceq succeq in ni
        notin subset subseteq supset supseteq subsetneq supsetneq nsubseteq sqsubseteq to rightarrow=to
        longrightarrow=to leadsto=to rightsquigarrow=to hookrightarrow=to twoheadrightarrow=to rightharpoonup=to
        mapsto longmapsto=mapsto leftarrow=<- gets=<- longleftarrow=<- leftrightarrow=<-> longleftrightarrow=<->
        rightleftharpoons=<-> coloneqq=:= coloneq=:= defeq=:= eqdef=:= eqqcolon==: triangleq=:= vcentcolon=: colon=:
        perp nparallel models vdash dashv bowtie lessgtr gtrless nmid notni=notni trianglelefteq trianglerighteq
        triangleleft triangleright
        """,
    ),
    (
        "logic",
        """
          Rightarrow==> implies==> Longrightarrow==> Leftrightarrow=<=> iff=<=> Longleftrightarrow=<=> therefore==>
        Leftarrow=impliedby impliedby Longleftarrow=impliedby because=because
        """,
    ),
    # brackets, sizes and spaces
    (
        "open",
        r"""
          {=\{ lbrace=\{ langle=\langle lfloor=\lfloor lceil=\lceil lvert=| lVert=\| lbrack=[ lparen=( llbracket=[[
        """,
    ),
    (
        "close",
        r"""
          }=\} rbrace=\} rangle=\rangle rfloor=\rfloor rceil=\rceil rvert=| rVert=\| rbrack=] rparen=) rrbracket=]]
        """,
    ),
    ("bar", r"vert=| |=\| Vert=\|"),
    ("middle_bar", r"mid=| parallel=\|"),
    ("left", "left"),
    ("right", "right"),
    ("middle", "middle bigm Bigm biggm Biggm"),
    ("size_left", "bigl Bigl biggl Biggl"),
    ("size_right", "bigr Bigr biggr Biggr"),
    (
        "space",
        """
          big Big bigg Bigg limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle nonumber notag  ,=,
        :=: ;=; !=! >=> /=/ thinspace medspace thickspace negthinspace negmedspace negthickspace enspace nobreak
        allowbreak hfill hfil relax hline mathstrut strut noindent centering normalsize small large Large tiny
        footnotesize normalfont mathord mathinner mathopen mathclose mathpunct mathrel mathbin linebreak nolinebreak
        leavevmode protect xspace Xspace smash upright begingroup endgroup
        """,
    ),
    ("fence", r"qty=\{ abs=| norm=\| ceil=\lceil floor=\lfloor"),
    # marks and fonts
    (
        "accent",
        """
          hat widehat=hat bar overline=bar tilde widetilde=tilde vec overrightarrow=vec dot ddot dddot check
        widecheck=check breve acute grave mathring=ring underline underbar=underline overleftarrow=leftvec
        """,
    ),
    (
        "font",
        """
          mathbf=bold boldsymbol=bold bm=bold pmb=bold symbf=bold bs=bold mathbfit=bold vb=bold va=bold mathrm=rm
        mathup=rm symup=rm mathnormal=it mathit=it mathcal=cal mathscr=scr mathfrak=frak mathbb=bb mathds=bb
        mathbbm=bb Bbb=bb mathsf=sf mathtt=tt bold=bold
        """,
    ),
    (
        "switch",
        """
          rm=rm bf=bold it=it cal=cal sf=sf tt=tt sl=it frak=frak bfseries=bold itshape=it upshape=rm em=it
        boldmath=bold
        """,
    ),
    (
        "text",
        """
          text textrm textbf textit textsf texttt textnormal textup textsc textmd emph mbox hbox fbox intertext
        shortintertext qq textsl
        """,
    ),
    # structure
    ("fraction", "frac dfrac tfrac cfrac nicefrac sfrac flatfrac"),
    ("binom", "binom dbinom tbinom"),
    ("infix", "over=frac choose=binom atop=binom"),
    ("sqrt", "sqrt"),
    ("derivative", "pdv=partial dv=d odv=d derivative=d partialderivative=partial pderiv=partial deriv=d fdv=delta"),
    ("differential", "dd=d differential=d diff=d"),
    ("stack", "stackrel overset underset"),
    ("arrow", "xrightarrow=to xleftarrow=<- xlongequal== xmapsto=mapsto xRightarrow=to xleftrightarrow=<->"),
    ("note", "overbrace underbrace overbracket underbracket overparen underparen"),
    ("operator_name", "operatorname operatornamewithlimits mathop DeclareMathOperator"),
    ("splice", "boxed cancel bcancel xcancel ensuremath colored hl mathclap mathllap mathrlap llap rlap"),
    ("substack", "substack"),
    ("prime", "prime"),
    ("dots", "dots cdots ldots dotsc dotsb dotsm dotsi dotso vdots ddots hdots iddots adots mathellipsis"),
    ("not", "not"),
    ("parenthesised_mod", "pmod pod"),
    ("row", r"\=\ cr newline tabularnewline"),
    ("quad", "quad qquad"),
    # taken raw by the lexer
    ("begin", "begin"),
    ("end", "end"),
    (
        "skip",
        """
          label tag hspace vspace color phantom hphantom vphantom require eqref ref cite mspace textcircled pagecolor
        citep citet footnote cline class htmlId
        """,
    ),
    ("skip2", "rule setlength setcounter"),
    ("length", "hskip kern mkern mskip vskip"),
    ("paint", "textcolor colorbox"),
)
COMMANDS: tuple[Command, ...] = tuple(
    Command(name, kind, base if equals else name)
    for kind, words in _ROWS
    for word in words.split()
    for name, equals, base in [word.partition("=")]
)
KINDS: dict[str, str] = {command.name: command.kind for command in COMMANDS}
BASES: dict[str, str] = {command.name: command.base for command in COMMANDS}
FUNCTIONS = frozenset(command.base for command in COMMANDS if command.kind == "function")
BIG_OPERATORS = frozenset(command.base for command in COMMANDS if command.kind == "big")
STARRED = _words(
    """
    DeclareMathOperator abs dd dv hspace middle norm operatorname pdv qty tag vspace
    """
)

CHARACTERS: dict[str, tuple[str, str]] = {
    "{": ("begin_group", "{"),
    "}": ("end_group", "}"),
    "(": ("open", "("),
    ")": ("close", ")"),
    "[": ("open", "["),
    "]": ("close", "]"),
    "|": ("bar", "|"),
    "+": ("add", "+"),
    "-": ("add", "-"),
    "*": ("mul", "*"),
    "/": ("mul", "/"),
    "@": ("mul", "@"),
    "=": ("relation", "="),
    "<": ("relation", "<"),
    ">": ("relation", ">"),
    ":": ("relation", ":"),
    ",": ("comma", ","),
    ";": ("semicolon", ";"),
    ".": ("period", "."),
    "!": ("factorial", "!"),
    "'": ("prime", "'"),
    "^": ("sup", "^"),
    "_": ("sub", "_"),
    "&": ("align", "&"),
    "?": ("period", "?"),
    '"': ("symbol", '"'),
}

_UNICODE = """
α=alpha β=beta γ=gamma δ=delta ε=epsilon ϵ=epsilon ζ=zeta η=eta θ=theta ϑ=vartheta ι=iota κ=kappa λ=lambda μ=mu µ=mu
ν=nu ξ=xi ο=omicron π=pi ρ=rho σ=sigma ς=varsigma τ=tau υ=upsilon φ=phi ϕ=phi χ=chi ψ=psi ω=omega Γ=Gamma Δ=Delta
Θ=Theta Λ=Lambda Ξ=Xi Π=Pi Σ=Sigma Υ=Upsilon Φ=Phi Ψ=Psi Ω=Omega ∆=Delta ∂=partial ∇=nabla ∞=infty ℓ=ell ∅=emptyset
⊤=top ⊺=top ⊥=perp ∀=forall ∃=exists ∑=sum ∏=prod ∫=int √=sqrt ×=times ·=cdot ⋅=cdot ∙=cdot •=cdot ÷=div ⊙=odot
⊗=otimes ⊕=oplus ∘=circ ∗=ast ⋆=star ±=pm ∓=mp ∪=cup ∩=cap ≤=le ≥=ge ⩽=le ⩾=ge ≠=ne ≈=approx ≡=equiv ∼=sim ≃=simeq
≅=cong ∝=propto ∈=in ∉=notin ⊂=subset ⊆=subseteq ⊃=supset ≪=ll ≫=gg ≜=triangleq ≔=coloneqq →=to ⟶=to ↦=mapsto ←=gets
⟵=gets ↔=leftrightarrow ⇒=Rightarrow ⟹=Rightarrow ⇔=iff ⟺=iff ∴=therefore ∵=because ∥=Vert ‖=Vert ∣=mid ⟨=langle
⟩=rangle 〈=langle 〉=rangle ⌊=lfloor ⌋=rfloor ⌈=lceil ⌉=rceil …=dots ⋯=cdots ⋮=vdots ⋱=ddots ′=prime ’=prime ″=dprime
¬=neg ∧=wedge ∨=vee ℝ=R ℕ=N ℤ=Z ℚ=Q ℂ=C 𝔼=E †=dagger °=degree ∖=setminus △=triangle ◦=circ −=minus –=minus ‐=minus
⁻=minus
"""
UNICODE: dict[str, str] = {word[0]: word[2:] for word in _UNICODE.split()}
ACCENT_MARKS: dict[str, str] = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u030c": "check",
    "\u20d7": "vec",
}

LINE_ENVIRONMENTS = _words(
    """
    align alignat aligned alignedat eqnarray flalign gather gathered multline split
    """
)
DISPLAY_ENVIRONMENTS = _words(
    """
    darray displaymath dmath empheq equation math subequations
    """
)
ARRAY_ENVIRONMENTS = _words(
    """
    Bmatrix Vmatrix array bmatrix cases dcases matrix pmatrix rcases smallmatrix tabular vmatrix
    """
)
ENVIRONMENT_ARGUMENTS = _words(
    """
    alignat alignedat array darray empheq tabular
    """
)

# `\text{…}` that begins with one of these is prose, not the name of a quantity.
PROSE_STARTS = _words(
    """
    also and are as assuming because but by e.g. else for from given have hence here holds i.e. if iff implies in is
    let not note now of or otherwise recall recognizing s.t. since so subject such that the then therefore these this
    thus under using we when whenever where which while with
    """
)
