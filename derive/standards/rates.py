"""Rates of decisions by the four counts of a table of confusion, and errors of logarithms."""

from __future__ import annotations

from .scores import ANY, COUNTS
from .standard import Standard, share

SENSITIVITY = share("t", "TPR Recall recall Sensitivity sensitivity")
SPECIFICITY = share("s", "TNR Specificity specificity")
ALARMS = share("a", "FPR")
MISSES = share("b", "FNR")

ROWS: tuple[Standard, ...] = (
    Standard(
        name="false discovery rate",
        settled=True,
        left=rf"(?:FDR|[Ff]alse[Dd]iscovery[Rr]ate){ANY}",
        parts=(*COUNTS, share("p", "PPV Precision precision")),
        formulas=(r"\frac{\mathrm{FP}}{\mathrm{FP} + \mathrm{TP}}", "1 - p"),
    ),
    Standard(
        name="false omission rate",
        settled=True,
        left=rf"[Ff]alse[Oo]mission[Rr]ate{ANY}",
        parts=(*COUNTS, share("p", "NPV")),
        formulas=(r"\frac{\mathrm{FN}}{\mathrm{FN} + \mathrm{TN}}", "1 - p"),
    ),
    Standard(
        name="Youden index",
        settled=True,
        left=rf"(?:[Ii]nformedness|BM|[Yy]ouden(?:'?s)?_?J?){ANY}",
        words=r"youden(?:['’]?s)? (?:\$?J\$? ?)?(?:index|statistic)|informedness",
        parts=(SENSITIVITY, SPECIFICITY, ALARMS),
        formulas=("t + s - 1", "t - a"),
    ),
    Standard(
        name="positive likelihood ratio",
        settled=True,
        left=r"LR_?\+|LR_pos|LR\^\+",
        parts=(SENSITIVITY, SPECIFICITY, ALARMS),
        formulas=(r"\frac{t}{1 - s}", r"\frac{t}{a}"),
    ),
    Standard(
        name="negative likelihood ratio",
        settled=True,
        left=r"LR_?-|LR_neg|LR\^-",
        parts=(SENSITIVITY, SPECIFICITY, MISSES),
        formulas=(r"\frac{1 - t}{s}", r"\frac{b}{s}"),
    ),
    Standard(
        name="prevalence",
        settled=True,
        left=rf"[Pp]revalence{ANY}",
        parts=COUNTS,
        formulas=(r"\frac{\mathrm{TP} + \mathrm{FN}}{\mathrm{TP} + \mathrm{FN} + \mathrm{FP} + \mathrm{TN}}",),
    ),
    Standard(
        name="Fowlkes-Mallows index",
        settled=True,
        left=rf"(?:FMI?|FowlkesMallows){ANY}",
        words=r"fowlkes.mallows",
        parts=COUNTS,
        formulas=(
            r"\frac{\mathrm{TP}}{\sqrt{(\mathrm{TP} + \mathrm{FP}) (\mathrm{TP} + \mathrm{FN})}}",
            r"\sqrt{\frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FP}} \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}}}",
        ),
    ),
)
