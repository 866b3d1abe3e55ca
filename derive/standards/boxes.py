r"""Boxes of detectors, sizes of dilated and padded filters, and the score of translations."""

from __future__ import annotations

from .standard import Standard, firm, natural, positive, real, share

BOX = r"\byolo|anchor|prior box|proposal|R-CNN|bounding[- ]box|default box"
FILTER = natural("k", r"K f F k_h k_w")
DILATION = natural("d", r"D r l \ell", may_be_number=True)

ROWS: tuple[Standard, ...] = (
    Standard(
        name="size of a box predicted by an anchor",
        words=BOX,
        letters=r"b_[wh]",
        parts=(positive("p", r"p_w p_h a_w a_h w_a h_a"), real("t", r"t_w t_h d_w d_h")),
        formulas=(r"p e^t",),
        also=(r"p (2 \mathrm{sigmoid}(t))^2", r"e^t", r"p (1 + t)"),
    ),
    Standard(
        name="place of a box predicted in a cell",
        words=BOX,
        letters=r"b_[xy]",
        parts=(real("c", r"c_x c_y"), real("t", r"t_x t_y")),
        formulas=(r"\mathrm{sigmoid}(t) + c",),
        also=(r"2 \mathrm{sigmoid}(t) - 0.5 + c", r"t + c", r"\mathrm{sigmoid}(t)"),
    ),
    Standard(
        name="size of a box as a target of regression",
        words=BOX,
        letters=r"t_[wh](?:\^\*)?",
        parts=(
            positive("g", r"G_w G_h w h w^* h^* g_w g_h w_g h_g w_b h_b"),
            positive("p", r"P_w P_h w_a h_a p_w p_h w_p h_p"),
        ),
        formulas=(r"\log \frac{g}{p}",),
        also=(r"\frac{g}{p}", r"\log g - \log p"),
    ),
    Standard(
        name="score of a translation",
        left=r"BLEU(?:[-_].{1,3})?(?:\(.*\))?",
        words=r"\bBLEU\b",
        usual=r"modif\w*|clipped",
        letters=r"BLEU.*|B",
        parts=(share("B", "BP b bp"), share("w", "w_n w_i"), share("p", r"p_n p_i"), natural("N", "n K")),
        formulas=(
            r"B \exp(\sum_{n=1}^N w_n \log p_n)",
            r"B \exp(\frac{1}{N} \sum_{n=1}^N \log p_n)",
            r"B \prod_{n=1}^N p_n^{w_n}",
            r"B (\prod_{n=1}^N p_n)^{\frac{1}{N}}",
        ),
        also=(r"\exp(\sum_{n=1}^N w_n \log p_n)", r"(\prod_{n=1}^N p_n)^{\frac{1}{N}}"),
    ),
    Standard(
        name="padding that keeps the size",
        words=r"same[\"'”’]?[- ]padding|padding[^.$]*(?:same|keep|preserv)|(?:same|keep|preserv)[^.$]*padding",
        letters="[pP]",
        parts=(firm(FILTER), DILATION),
        formulas=(r"\frac{k - 1}{2}", r"\frac{d (k - 1)}{2}"),
        also=(r"\lfloor \frac{k}{2} \rfloor", r"\frac{k}{2}", "k - 1", r"d (k - 1)"),
    ),
    Standard(
        name="effective size of a dilated filter",
        words=r"dilat[^.$]*(?:effective|cover|spans|enlarg|inflat)"
        r"|effective[^.$]*dilat|dilat(?s:.)*effective (?:kernel|filter|size)",
        letters=r"(?:hat|tilde)?[kKfF](?:'|_eff|_e|\^.{1,4})?",
        parts=(FILTER, DILATION),
        formulas=(r"k + (k - 1) (d - 1)", r"d (k - 1) + 1"),
        also=(r"d (k - 1)", r"(k - 1) (d - 1)", r"k + (k - 1) d"),
    ),
)
