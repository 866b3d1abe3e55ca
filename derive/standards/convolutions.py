r"""Sizes of convolutional layers: parameters, receptive fields, outputs of transposed convolutions."""

from __future__ import annotations

from .standard import Standard, count, natural, positive

KERNEL = positive("f", r"F K k k_l f_l k_i k_n m K_l", may_be_number=True)
CHANNELS = positive("c", r"C C_{in} c_{in} D D_1 D_{in} n_c d C_i M C_1", may_be_number=True)
FILTERS = positive("m", r"K C_{out} c_{out} N M n_f D_2 C_o F C_2", may_be_number=True)
_STRIDES = r"\prod_{i=1}^{L-1} s_i"
SQUARE = r"(?<!times )(?<!\w)(\w)\s*\\times\s*\1(?!\w|\s*\\times)"  # k × k, but not k × k × k

ROWS: tuple[Standard, ...] = (
    Standard(
        name="number of parameters of a convolution",
        words=r"(?:conv|filter|kernel)(?s:.)*(?:parameters|weights|with (?:a|one|its) bias)",
        letters=r"(?:P|N|n|p|W|params?|parameters|\#.*|N_p\w*|n_p\w*|N_w\w*)(?:_.{1,8})?",
        parts=(
            KERNEL,
            CHANNELS,
            FILTERS,
            positive("h", r"k_h F_h K_h f_h H h k_1", may_be_number=True),
            positive("w", r"k_w F_w K_w f_w W w k_2", may_be_number=True),
        ),
        formulas=(r"f^2 c m + m", r"f f c m + m", r"(f^2 c + 1) m", r"(h w c + 1) m", r"h w c m + m"),
        also=(
            r"f^2 c m",
            r"h w c m",
            r"f^2 c",
            r"h w c",
            r"f^2 c + 1",
            r"h w c + 1",
            r"f^2 c + c m",
            r"f^2 c + c",
            r"h w c + c",
            r"h w c + c m",
            r"(f^3 c + 1) m",
            r"f^3 c m + m",
            r"f^3 c m",
            r"c m + m",
            r"(c + 1) m",
            r"f c m",
            r"f c m + m",
        ),
        told=((SQUARE, ("f c m + m", "f^3 c m + m", "(f^3 c + 1) m")),),
    ),
    Standard(
        name="receptive field",
        carries=("r",),
        words=r"receptive field",
        letters=r"(?:r|R|RF|rf|F)(?:_.{1,3})?(?:\^.{1,4})?",
        parts=(
            natural("r", r"r_{l-1} R_{k-1} RF_{l-1} R_{l-1} r_{i-1} r_{n-1} r_{in} RF_{i-1} r_{k-1}"),
            KERNEL,
            positive("j", r"S J S_{l-1} j_{in} j_{l-1} S_l"),
            positive("s", r"S s_i S_i stride", may_be_number=True),
            natural("L", "l k n i"),
            count("n", "L N"),
        ),
        formulas=(
            r"r + (f - 1) j",
            rf"r + (f - 1) {_STRIDES}",
            r"r + (f - 1) \prod_{i} s_i",
            r"s (r - 1) + f",
        ),
        also=(r"r + f - 1", r"s r + f - s", r"1 + n (f - 1)", r"r + (f - 1) s"),
    ),
    Standard(
        name="output size of a transposed convolution",
        words=r"transposed? conv|deconvolution|fractionally[- ]strided",
        letters=r"(?:o|O|H|W|n|L|out|H'|W'|n'|N)(?:_.{1,6})?(?:')?",
        parts=(
            positive("n", r"i I H W H_{in} W_{in} h w N L_{in} n_h n_w n_{in} i'", may_be_number=True),
            positive("f", r"F K k kernel k_h k_w m", may_be_number=True),
            positive("p", r"P padding p_h", may_be_number=True),
            positive("s", r"S stride s_h", may_be_number=True),
            positive("D", r"d dilation", may_be_number=True),
            positive("o", r"output\_padding op p_{out} a"),
        ),
        formulas=(
            r"s (n - 1) + f - 2 p",
            r"s (n - 1) + f - 2 p + o",
            r"s (n - 1) + f",
            r"s (n - 1) - 2 p + D (f - 1) + o + 1",
        ),
        also=(
            r"s (n - 1) + f - p",
            r"s n",
            r"n + f - 1",
            r"n + (f - 1) - 2 p",
            r"n + (f - 1)",
            r"\frac{n + 2 p - f}{s} + 1",
            r"\lfloor \frac{n + 2 p - f}{s} \rfloor + 1",
            r"n - f + 1",
            r"n + (n - 1) (s - 1)",
            r"s (n - 1) + D (f - 1) + 1 - 2 p",
            r"s n + f - s - 2 p",
            r"f - p - 1",
        ),
    ),
)
