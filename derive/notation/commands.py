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


_ROWS: tuple[tuple[str, str], ...] = (
    # letters and other symbols that stand by themselves
    ("symbol", "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu"),
    ("symbol", "xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma"),
    ("symbol", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varGamma=Gamma varSigma=Sigma"),
    ("symbol", "infty partial nabla grad=nabla ell hbar imath jmath wp Re Im aleph emptyset varnothing=emptyset top"),
    ("symbol", "bot dagger ddagger dag=dagger intercal=top prime_=prime forall exists nexists angle square Box=square"),
    ("symbol", "blacksquare qed checkmark bigstar clubsuit natural flat sharp diamond Diamond=diamond lozenge bullet_"),
    ("symbol", "tran=T transpose=T T=T triangle bigtriangleup=triangle degree=circ %=% #=# $=$ S=section pounds euro"),
    ("symbol", "ldotp cdotp beth surd eth complement hslash mho backslash uparrow downarrow updownarrow neg lnot=neg"),
    ("symbol", "Uparrow Downarrow nearrow searrow swarrow nwarrow mathsection=section copyright"),
    # sets and expectations that MathJax pages use without defining them
    ("blackboard", "R=R N=N Z=Z Q=Q C=C E=E I=I Reals=R reals=R Complex=C"),
    # functions written before their argument
    ("function", "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arctanh arcsinh"),
    ("function", "arccosh det dim ker deg gcd hom arg Pr sgn sign=sign tr Tr=tr trace=tr rank diag softmax sigmoid"),
    ("function", "Var=Var var=var Cov=Cov cov=cov KL erf logit relu ReLU softplus vec_ vectorize=vec span null supp"),
    ("big", "sum prod coprod int iint iiint oint max min sup inf lim limsup liminf varliminf=liminf varlimsup=limsup"),
    ("big", "argmax argmin bigcup bigcap bigoplus bigotimes bigodot bigvee bigwedge bigsqcup biguplus injlim projlim"),
    ("big", "intop=int smallint=int ointop=oint"),
    # operators
    ("add", "pm mp oplus ominus cup sqcup uplus setminus smallsetminus=setminus amalg dotplus=+ boxplus vee wedge lor=vee"),
    ("add", "land=wedge and=wedge or=vee"),
    ("mul", "cdot times div odot otimes ast star circ bullet cap sqcap wr rtimes ltimes oslash circledast boxtimes bmod=mod"),
    ("mul", "centerdot=cdot cdotB=cdot slash=/ mod circledcirc=circ intercalB divideontimes diamondB"),
    # relations
    ("relation", "eq== equiv approx sim=~ thicksim=~ simeq cong approxeq=approx thickapprox=approx asymp doteq propto"),
    ("relation", "varpropto=propto ne=!= neq=!= le=<= leq=<= leqslant=<= leqq=<= lesssim ge=>= geq=>= geqslant=>= geqq=>="),
    ("relation", "gtrsim lt=< gt=> ll=<< gg=>> prec succ preceq succeq in ni notin subset subseteq supset supseteq"),
    ("relation", "subsetneq supsetneq nsubseteq sqsubseteq to rightarrow=to longrightarrow=to leadsto=to rightsquigarrow=to"),
    ("relation", "hookrightarrow=to twoheadrightarrow=to rightharpoonup=to mapsto longmapsto=mapsto leftarrow=<- gets=<-"),
    ("relation", "longleftarrow=<- leftrightarrow=<-> longleftrightarrow=<-> rightleftharpoons=<-> coloneqq=:= coloneq=:="),
    ("relation", "defeq=:= eqdef=:= eqqcolon==: triangleq=:= vcentcolon=: colon=: perp parallel nparallel models vdash dashv"),
    ("relation", "bowtie lessgtr gtrless nmid notni=notni trianglelefteq trianglerighteq triangleleft triangleright"),
    ("logic", "Rightarrow==> implies==> Longrightarrow==> Leftrightarrow=<=> iff=<=> Longleftrightarrow=<=> therefore==>"),
    ("logic", "Leftarrow=impliedby impliedby Longleftarrow=impliedby because=because"),
    # brackets
    ("open", "{=\\{ lbrace=\\{ langle=\\langle lfloor=\\lfloor lceil=\\lceil lvert=| lVert=\\| lbrack=[ lparen=( llbracket=[["),
    ("close", "}=\\} rbrace=\\} rangle=\\rangle rfloor=\\rfloor rceil=\\rceil rvert=| rVert=\\| rbrack=] rparen=) rrbracket=]]"),
    ("bar", "vert=| |=\\| Vert=\\|"),
    ("middle_bar", "mid=|"),
    ("left", "left"),
    ("right", "right"),
    ("middle", "middle bigm Bigm biggm Biggm"),
    ("size_left", "bigl Bigl biggl Biggl"),
    ("size_right", "bigr Bigr biggr Biggr"),
    ("space", "big Big bigg Bigg qty limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle nonumber notag"),
    ("space", ",=, :=: ;=; !=! >=> /=/ thinspace medspace thickspace negthinspace negmedspace negthickspace enspace nobreak"),
    ("space", "allowbreak hfill hfil null_ relax hline mathstrut strut noindent centering normalsize small large Large tiny"),
    ("space", "footnotesize normalfont mathord mathinner mathopen mathclose mathpunct mathrel mathbin quad_ linebreak"),
    ("space", "nolinebreak leavevmode protect xspace Xspace left_ break_ smash cfracstyle upright - =  @=@ begingroup endgroup"),
    ("fence", "abs=| norm=\\| ceil=\\lceil floor=\\lfloor"),
    # marks and fonts
    ("accent", "hat widehat=hat bar overline=bar tilde widetilde=tilde vec overrightarrow=vec dot ddot dddot check"),
    ("accent", "widecheck=check breve acute grave mathring=ring underline underbar=underline overleftarrow=leftvec"),
    ("font", "mathbf=bold boldsymbol=bold bm=bold pmb=bold symbf=bold bs=bold mathbfit=bold vb=bold va=bold mathrm=rm"),
    ("font", "mathup=rm symup=rm mathnormal=it mathit=it mathcal=cal mathscr=scr mathfrak=frak mathbb=bb mathds=bb"),
    ("font", "mathbbm=bb Bbb=bb mathsf=sf mathtt=tt bold=bold cal_=cal"),
    ("switch", "rm=rm bf=bold it=it cal=cal sf=sf tt=tt sl=it frak=frak bfseries=bold itshape=it upshape=rm em=it boldmath=bold"),
    ("text", "text textrm textbf textit textsf texttt textnormal textup textsc textmd emph mbox hbox fbox intertext"),
    ("text", "shortintertext qq textsl"),
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
    ("splice", "boxed cancel bcancel xcancel ensuremath mathchoice_ colored hl mathclap mathllap mathrlap llap rlap"),
    ("substack", "substack"),
    ("prime", "prime"),
    ("dots", "dots cdots ldots dotsc dotsb dotsm dotsi dotso vdots ddots hdots iddots adots mathellipsis dotsb_"),
    ("not", "not"),
    ("parenthesised_mod", "pmod pod"),
    ("row", "\\=\\ cr newline tabularnewline"),
    ("quad", "quad qquad"),
    # taken raw by the lexer
    ("begin", "begin"),
    ("end", "end"),
    ("skip", "label tag hspace vspace color phantom hphantom vphantom require eqref ref cite notag_ mspace pagecolor"),
    ("skip", "vskip_ citep citet footnote href_ cline multicolumn_ class style_ tagname htmlId"),
    ("skip2", "rule setlength setcounter"),
    ("length", "hskip kern mkern mskip vskip"),
    ("paint", "textcolor colorbox"),
)
COMMANDS: tuple[Command, ...] = tuple(
    Command(name, kind, base if equals else name)
    for kind, words in _ROWS
    for word in words.split(" ")
    for name, equals, base in [word.partition("=")]
    if name
)
KINDS: dict[str, str] = {command.name: command.kind for command in COMMANDS}
BASES: dict[str, str] = {command.name: command.base for command in COMMANDS}
FUNCTIONS = frozenset(command.base for command in COMMANDS if command.kind == "function")
BIG_OPERATORS = frozenset(command.base for command in COMMANDS if command.kind == "big")
STARRED = frozenset("operatorname tag hspace vspace qty abs norm pdv dv DeclareMathOperator dd middle".split())

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
    "?": ("symbol", "?"),
    '"': ("symbol", '"'),
}

UNICODE: dict[str, str] = dict(
    word.split("=", 1)
    for word in (
        "α=alpha β=beta γ=gamma δ=delta ε=epsilon ϵ=epsilon ζ=zeta η=eta θ=theta ϑ=vartheta ι=iota κ=kappa λ=lambda "
        "μ=mu µ=mu ν=nu ξ=xi ο=omicron π=pi ρ=rho σ=sigma ς=varsigma τ=tau υ=upsilon φ=phi ϕ=phi χ=chi ψ=psi ω=omega "
        "Γ=Gamma Δ=Delta Θ=Theta Λ=Lambda Ξ=Xi Π=Pi Σ=Sigma Υ=Upsilon Φ=Phi Ψ=Psi Ω=Omega ∆=Delta Ω=Omega "
        "∂=partial ∇=nabla ∞=infty ℓ=ell ∅=emptyset ⊤=top ⊺=top ⊥=perp ∀=forall ∃=exists ∑=sum ∏=prod ∫=int √=sqrt "
        "×=times ·=cdot ⋅=cdot ∙=cdot •=cdot ÷=div ⊙=odot ⊗=otimes ⊕=oplus ∘=circ ∗=ast ⋆=star ±=pm ∓=mp ∪=cup ∩=cap "
        "≤=le ≥=ge ⩽=le ⩾=ge ≠=ne ≈=approx ≡=equiv ∼=sim ≃=simeq ≅=cong ∝=propto ∈=in ∉=notin ⊂=subset ⊆=subseteq "
        "⊃=supset ≪=ll ≫=gg ≜=triangleq ≔=coloneqq →=to ⟶=to ↦=mapsto ←=gets ⟵=gets ↔=leftrightarrow ⇒=Rightarrow "
        "⟹=Rightarrow ⇔=iff ⟺=iff ∴=therefore ∵=because ∥=Vert ‖=Vert ∣=mid ⟨=langle ⟩=rangle 〈=langle 〉=rangle "
        "⌊=lfloor ⌋=rfloor ⌈=lceil ⌉=rceil …=dots ⋯=cdots ⋮=vdots ⋱=ddots ′=prime ’=prime ″=dprime ¬=neg ∧=wedge ∨=vee "
        "ℝ=R ℕ=N ℤ=Z ℚ=Q ℂ=C 𝔼=E †=dagger ∖=setminus △=triangle ◦=circ −=minus –=minus ‐=minus ⁻=minus 、=comma_ 。=stop_"
    ).split()
)
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

LINE_ENVIRONMENTS = frozenset("align aligned alignat alignedat flalign eqnarray gather gathered split multline".split())
DISPLAY_ENVIRONMENTS = frozenset("equation displaymath math subequations dmath empheq darray".split())
ARRAY_ENVIRONMENTS = frozenset(
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array cases dcases rcases tabular".split()
)
ENVIRONMENT_ARGUMENTS = frozenset("array tabular alignat alignedat darray empheq".split())

# `\text{…}` that begins with one of these is prose, not the name of a quantity.
PROSE_STARTS = frozenset(
    "where and or if for with when whenever otherwise else since because so then thus hence let such s.t. st subject as "
    "by given i.e. e.g. ie eg is are which from on at of the that this these we using assuming note recall therefore "
    "iff implies while but not under recognizing here now also has have holds be a an in".split()
)
