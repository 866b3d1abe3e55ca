r"""Players rated by their games, boxes and what encloses both, activations of straight pieces, π by throwing points."""

from __future__ import annotations

from .standard import Standard, firm, natural, positive, real

OWN, OTHER = firm(real("a", r"R_A r_A R_a r_a R_i r_i R_1 r_1")), firm(real("b", r"R_B r_B R_b r_b R_j r_j R_2 r_2"))
PIECES = r"\begin{cases} %s & %s \\ %s & %s \\ %s & \text{otherwise} \end{cases}"
Z = real("x", "z u s t a")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="expected score in the Elo system",
        words=r"\bElo\b",
        letters=r"(?:E|e|P|p|mathbb\{?E\}?)(?:_.{1,6}|[(\[].{1,12}[)\]])?",
        parts=(OWN, OTHER),
        formulas=(r"\frac{1}{1 + 10^{(b - a) / 400}}", r"\frac{10^{a / 400}}{10^{a / 400} + 10^{b / 400}}"),
        also=(r"\frac{1}{1 + \exp(b - a)}", r"\frac{1}{1 + 10^{b - a}}"),
    ),
    Standard(
        name="generalised intersection over union",
        left=r"GIoU(?:\(.*\))?|L_GIoU",
        usual=r"generali[sz]\w*",
        parts=(
            firm(positive("i", "IoU")),
            firm(positive("C", r"A_C A_c")),
            firm(positive("U", r"A_U \mathcal{U}")),
        ),
        formulas=(r"i - \frac{C - U}{C}", r"i - 1 + \frac{U}{C}"),
        also=("1 - i", r"1 - i + \frac{C - U}{C}"),
    ),
    Standard(
        name="hard sigmoid",
        left=r"(?:[Hh]ard_?-?[Ss]igmoid|h-?sigmoid)(?:\(.*\))?",
        words=r"hard[- ]?sigmoid",
        usual=r"approximat\w*",
        letters=r"(?:f|g|sigma|phi|h)(?:_.{1,4})?(?:\(.*\))?",
        parts=(Z,),
        formulas=(
            PIECES % ("0", r"x \le -3", "1", r"x \ge 3", "x / 6 + 1 / 2"),
            PIECES % ("0", r"x < -2.5", "1", "x > 2.5", "0.2 x + 0.5"),
            r"\max(0, \min(1, \frac{x + 3}{6}))",
            r"\max(0, \min(1, 0.2 x + 0.5))",
            r"\min(1, \max(0, 0.2 x + 0.5))",
        ),
        also=(
            r"\max(0, \min(1, \frac{x + 1}{2}))",
            PIECES % ("0", r"x \le -1", "1", r"x \ge 1", "x / 2 + 1 / 2"),
            PIECES % ("0", r"x \le -2", "1", r"x \ge 2", "x / 4 + 1 / 2"),
            r"\max(0, \min(1, \frac{x}{4} + \frac{1}{2}))",
        ),
    ),
    Standard(
        name="estimate of pi by points in a square",
        words=r"(?s:(?:unit square|quarter|unit circle|uniform\w*).*?(?:fall|inside|within|in the (?:circle|disc|disk))"
        r"|(?:fall|inside|within).*?(?:unit square|quarter|unit circle))",
        letters=r"(?:hat)?pi",
        relation="approx",
        parts=(
            firm(natural("k", r"N_{in} N_{inside} N_{circle} n_{in} n_c M N_c k m N_{\mathrm{in}} n_{\mathrm{in}}")),
            firm(natural("n", r"N N_{total} n_{total} N_{tot} n N_{all}")),
        ),
        formulas=(r"4 \frac{k}{n}",),
    ),
)
