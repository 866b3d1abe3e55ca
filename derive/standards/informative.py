r"""Information: capacities of channels, divergences of a convex function, entropies of an order."""

from __future__ import annotations

from .standard import Standard, firm, positive, share

FLIPPED = share("p", r"\epsilon \varepsilon \alpha f q \delta e")
NOISY = positive("S", r"SNR \text{SNR}")
LAWS = (firm(share("p", "p_i p_k p(x) P(x) P p_x")), firm(share("q", "q_i q_k q(x) Q(x) Q q_x")))
ORDER = positive("a", r"\alpha q", may_be_number=True)

ROWS: tuple[Standard, ...] = (
    Standard(
        name="capacity of a binary symmetric channel",
        words=r"binary symmetric channel|\bBSC\b",
        letters=r"C(?:_.{1,4})?(?:\(.{1,8}\))?",
        parts=(
            FLIPPED,
            firm(
                positive("h", r"H_b(p) H(p) H_2(p) h(p) H_b(\epsilon) H_2(f) H(\epsilon) H_2(\epsilon) h_2(p) h_b(p)")
            ),
        ),
        formulas=(r"1 - h", r"1 + p \log_2 p + (1 - p) \log_2(1 - p)"),
        also=(r"1 - p", r"\log 2 - h"),
    ),
    Standard(
        name="capacity of an erasure channel",
        words=r"erasure channel|\bBEC\b",
        letters=r"C(?:_.{1,4})?(?:\(.{1,8}\))?",
        parts=(FLIPPED,),
        formulas=(r"1 - p",),
    ),
    Standard(
        name="Rényi entropy",
        words=r"r[ée]nyi",
        letters=r"(?:H|h)_.{1,6}(?:\(.*\)|\[.*\])?",
        parts=(LAWS[0], ORDER),
        formulas=(r"\frac{1}{1 - a} \log \sum_i p_i^a", r"\frac{1}{1 - a} \log_2 \sum_i p_i^a"),
        also=(r"-\log \sum_i p_i^2",),
    ),
    Standard(
        name="Tsallis entropy",
        words=r"tsallis",
        letters=r"(?:S|H)_.{1,6}(?:\(.*\)|\[.*\])?",
        parts=(LAWS[0], ORDER),
        formulas=(r"\frac{1}{a - 1} (1 - \sum_i p_i^a)", r"\frac{1 - \sum_i p_i^a}{a - 1}"),
    ),
    Standard(
        name="Rényi divergence",
        words=r"r[ée]nyi",
        letters=r"D_.{1,6}(?:\(.*\)|\[.*\])?",
        arguments=("p", "q"),
        parts=(*LAWS, ORDER),
        formulas=(
            r"\frac{1}{a - 1} \log \sum_i p_i^a q_i^{1 - a}",
            r"\frac{1}{a - 1} \log \sum_i \frac{p_i^a}{q_i^{a - 1}}",
        ),
    ),
    Standard(
        name="Bhattacharyya coefficient",
        words=r"bhattacharyya",
        letters=r"(?:BC|rho|B)(?:\(.*\))?",
        parts=LAWS,
        formulas=(r"\sum_i \sqrt{p_i q_i}",),
    ),
    Standard(
        name="chi-square divergence",
        words=r"chi\^?2?\$?-?(?:square[d]?)? divergence",
        letters=r"(?:D_)?chi\^2(?:\(.*\))?",
        parts=LAWS,
        formulas=(r"\sum_i \frac{(p_i - q_i)^2}{q_i}", r"\sum_i \frac{p_i^2}{q_i} - 1"),
        also=(r"\sum_i \frac{(p_i - q_i)^2}{p_i}", r"\sum_i \frac{(p_i - q_i)^2}{p_i + q_i}"),
    ),
    Standard(
        name="capacity of a channel with normal noise",
        words=r"shannon[–-]hartley|awgn|gaussian channel|gaussian noise",
        letters=r"C",
        parts=(NOISY, positive("B", "W"), positive("P"), positive("N", r"\sigma^2 N_0")),
        formulas=(r"B \log_2(1 + S)", r"B \log_2(1 + \frac{P}{N})", r"\frac{1}{2} \log_2(1 + \frac{P}{N})"),
        also=(
            r"\frac{1}{2} \log(1 + \frac{P}{N})",
            r"\frac{1}{2} \log_2(1 + S)",
            r"\frac{1}{2} \log(1 + S)",
            r"\log_2(1 + S)",
            r"B \log_2(1 + \frac{P}{N B})",
        ),
    ),
)
