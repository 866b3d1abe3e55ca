"""The normal distribution function Φ in NumPy alone, which has no erf.

With t = 1/(1 + |z|/√8), Φ(−|z|) = t/2 · e^{P(2t − 1) − z²/2}, where P is the polynomial that meets
log(e^{z²/2} erfc(|z|/√2) / t) at the 27 Chebyshev nodes. The error is below 3·10⁻¹⁶, and relative to Φ below
10⁻¹⁴ for |z| < 8.
"""

from __future__ import annotations

COEFFICIENTS = (  # of P, the highest power first
    4.059203416871319e-09,
    -1.6257634004200004e-09,
    -3.9153823681150644e-08,
    3.996584549064402e-08,
    1.532694522477242e-07,
    -3.175036568175422e-07,
    -1.6833321758830403e-07,
    1.3278447814608566e-06,
    -1.2725384918465064e-06,
    -3.0087258428155394e-06,
    8.562827807038024e-06,
    1.7065643682608049e-07,
    -3.0188008635174027e-05,
    3.1732769210255435e-05,
    7.140106496969276e-05,
    -0.00017429974539128116,
    -9.373504499208804e-05,
    0.0006736782487619259,
    -0.00014624686098279685,
    -0.002345812442194841,
    0.0017589335575530585,
    0.008824938553557172,
    -0.009872689366376865,
    -0.04689561023107716,
    0.04734330684190415,
    0.6726432239776559,
    -0.6717940840566923,
)

_SHRINK = "(1 + 0.35355339059327373 * np.abs({z}))"  # 1/t
_POLYNOMIAL = f"np.asarray([{', '.join(map(repr, COEFFICIENTS))}], np.result_type({{z}}, np.float32))"
NORMAL_CDF = (
    "np.abs(np.heaviside({z}, 0) - 0.5 * np.exp("
    f"np.polyval({_POLYNOMIAL}, 2 / {_SHRINK} - 1) - 0.5 * {{z}} * {{z}}) / {_SHRINK})"
)
