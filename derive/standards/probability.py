"""Divergences, entropies and moments by name."""

from __future__ import annotations

from .standard import Standard, count, firm, matrix, natural, positive, real, share, vector

N = count("n", "N m T")
MEANS = r"\mu \mu_0 \mu_1 \mu_2 \mu_p \mu_q"
COVARIANCES = r"\Sigma \Sigma_0 \Sigma_1 \Sigma_2 \Sigma_p \Sigma_q"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="Kullback-Leibler divergence",
        left=r"(?:D_?)?KL(?:D|D_KL|_div)?(?:\(.*\)|\[.*\])?|D_KL(?:\(.*\)|\[.*\])|(?:L|ell)_(?:KL|KLD)",
        words=r"\bKL\b(?:[- ]divergence)?|kullback",
        usual=r"regulari[sz]\w*",
        letters=r"D(?:\(.*\)|\[.*\])|K(?:\(.*\))|KLD?",
        parts=(
            share("p", "P f"),
            share("q", "Q g"),
            real("m", r"\mu \mu_1 \mu_p \mu_0 a \mu_q"),
            positive("s", r"\sigma \sigma_1 \sigma_p \sigma_0 \sigma_q"),
            real("u", r"\mu_2 \mu_q b \mu_1 \mu_p"),
            positive("t", r"\sigma_2 \sigma_q \sigma_1 \sigma_p"),
            real("v", r"\log\sigma^2 logvar \rho l"),
            vector(r"\mathbf{m}", MEANS),  # which of two is the first, the arguments tell
            vector(r"\mathbf{u}", MEANS),
            matrix(r"\mathbf{S}", COVARIANCES),
            matrix(r"\mathbf{T}", COVARIANCES),
            real(r"\mathrm{cc}", r"H(p,q) H(P,Q) H_{CE}(p,q) CE(p,q)"),
            real(r"\mathrm{hh}", r"H(p) H(P)"),
            real(r"\mathrm{dd}", r"H(q,p) H(Q,P) H_{CE}(q,p) CE(q,p)"),
            real(r"\mathrm{gg}", r"H(q) H(Q)"),
            count("k", "d n D K J"),
        ),
        arguments=("p", "q"),
        normals=(
            (("m", r"\mathbf{m}"), ("s", r"\mathbf{S}")),
            (("u", r"\mathbf{u}"), ("t", r"\mathbf{T}")),
        ),
        formulas=(
            r"\sum_x p_x \log \frac{p_x}{q_x}",
            r"\int p(x) \log \frac{p(x)}{q(x)} \, dx",
            r"\sum_x p_x (\log p_x - \log q_x)",
            r"-\sum_x p_x \log \frac{q_x}{p_x}",
            r"\log \frac{t}{s} + \frac{s^2 + (m - u)^2}{2 t^2} - \frac{1}{2}",
            r"\frac{1}{2} (s^2 + m^2 - 1 - \log s^2)",
            r"\frac{1}{2} (\mathrm{tr}(\mathbf{T}^{-1} \mathbf{S}) + (\mathbf{u} - \mathbf{m})^\top"
            r" \mathbf{T}^{-1} (\mathbf{u} - \mathbf{m}) - k"
            r" + \log \frac{|\mathbf{T}|}{|\mathbf{S}|})",
            r"\sum_x p_x \log_2 \frac{p_x}{q_x}",
            r"\mathrm{cc} - \mathrm{hh}",
            r"\frac{1}{2} (e^v + m^2 - 1 - v)",
            r"\frac{1}{2} \sum_j (s_j^2 + m_j^2 - 1 - \log s_j^2)",
            r"\frac{1}{2} \sum_j (e^{v_j} + m_j^2 - 1 - v_j)",
            r"\frac{(m - u)^2}{2 s^2}",
        ),
        also=(
            r"\frac{1}{2} (e^{2 v} + m^2 - 1) - v",  # v = log σ
            r"\frac{1}{2} \sum_j (e^{2 v_j} + m_j^2 - 1) - \sum_j v_j",
            r"\mathbb{E}[\log \frac{p}{q}]",
            r"\mathbb{E}[\log p - \log q]",
            r"\mathbb{E}[\log p] - \mathbb{E}[\log q]",
            r"p \log \frac{p}{q} + (1 - p) \log \frac{1 - p}{1 - q}",
            r"\frac{1}{2} \sum_j (s_j + m_j^2 - 1 - \log s_j)",
            r"\sum_x q_x \log \frac{q_x}{p_x}",
            r"\frac{1}{2} \log \frac{t}{s} + \frac{s + (m - u)^2}{2 t} - \frac{1}{2}",
        ),
    ),
    Standard(
        name="divergence of two Bernoulli distributions",
        left=r"(?:D_?)?KL(?:D|D_KL|_div)?(?:\(.*\)|\[.*\])?|D_KL(?:\(.*\)|\[.*\])",
        parts=(
            firm(share("p", r"\rho")),
            firm(share("q", r"\hat{\rho} \hat{\rho}_j \hat{p}")),
        ),
        arguments=("p", "q"),
        formulas=(r"p \log \frac{p}{q} + (1 - p) \log \frac{1 - p}{1 - q}",),
    ),
    Standard(
        name="Jensen-Shannon divergence",
        left=r"(?:D_)?JSD?(?:\(.*\)|\[.*\])|D_JS(?:\(.*\)|\[.*\])",
        words="jensen[-–]+shannon",
        usual=r"smooth\w*|versions?|symmetri\w*",
        letters=r"D(?:\(.*\)|\[.*\])",
        parts=(
            share("p", "P p_r p_1 p_d p_{data} p_{\\mathrm{data}} P_r"),
            share("q", "Q p_g p_2 p_\\theta P_g"),
            share("m", "M p_m"),
            real("c", r"H(M) H(m)"),
            real("g", "H(P) H(p)"),
            real("h", "H(Q) H(q)"),
        ),
        formulas=(
            r"\frac{1}{2} KL(p \| m) + \frac{1}{2} KL(q \| m)",
            r"\frac{1}{2} KL(p \| \frac{p + q}{2}) + \frac{1}{2} KL(q \| \frac{p + q}{2})",
        ),
        also=(
            r"c - \frac{1}{2} (g + h)",
            r"KL(p \| \frac{p + q}{2}) + KL(q \| \frac{p + q}{2})",
            r"KL(p \| m) + KL(q \| m)",
        ),
    ),
    Standard(
        name="entropy",
        left=r"H\([pPXxYy]\)|H\[[pPXxY]\]|[Ee]ntropy(?:\(.*\))?",
        words=(
            r"(?<!cross )(?<!cross-)(?<!conditional )(?<!joint )(?<!relative )(?<!differential )(?<!maximum"
            r" )(?<!maximum-)\bentropy (?:of|is|H|\$)"
        ),
        letters=r"[HSEh](?:\(.*\)|\[.*\])?",
        parts=(
            share("p", r"P q p(x) P(x) p(y) f(x) p_{mk} \hat{p}_{mk} \hat{p} \theta \mu"),
            count("n", "N K"),
            positive("s", r"\sigma"),
            positive("v", r"\sigma^2"),
        ),
        formulas=(
            r"\frac{1}{2} \log(2 \pi s^2) + \frac{1}{2}",  # of a normal variable
            r"-\sum_x p_x \log p_x",
            r"-\sum_x p_x \log_2 p_x",
            r"\sum_x p_x \log \frac{1}{p_x}",
            r"\sum_x p_x \log_2 \frac{1}{p_x}",
            r"-p \log p - (1 - p) \log (1 - p)",
            r"-p \log_2 p - (1 - p) \log_2 (1 - p)",
            r"-\int p(x) \log p(x) \, dx",
        ),
        also=(
            r"\frac{1}{2} \log(2 \pi v) + \frac{1}{2}",
            r"\frac{1}{2} \log_2(2 \pi s^2) + \frac{1}{2} \log_2(2.718281828459045)",
            r"\log s",
            r"-\mathbb{E}[\log p]",
            r"-\mathbb{E}[\log_2 p]",
            r"\mathbb{E}[\log \frac{1}{p}]",
            r"\mathbb{E}[-\log p]",
            r"\mathbb{E}[-\log_2 p]",
            r"\log n",
            r"-\sum_x p_x \log_n p_x",
        ),
    ),
    Standard(
        name="Gini impurity",
        left=r"(?:G|Gini|gini)(?:_.{1,6})?(?:\(.*\))?|I_G(?:\(.*\))?",
        words=r"gini(?:['’]s)? (?:impurity|index|diversity)",
        letters=r"[GIQiH](?:_.{1,4})?(?:\(.*\))?",
        parts=(share("p", r"\hat{p} f p_{mk} p(k)"),),
        formulas=(r"1 - \sum_k p_k^2", r"\sum_k p_k (1 - p_k)"),
        also=(r"2 p (1 - p)", r"\sum_k \sum_{l \ne k} p_k p_l", r"\sum_k p_k - \sum_k p_k^2"),
    ),
    Standard(
        name="mutual information",
        left=r"(?:I|MI)\([XxAW][,;][YyBZCS]\)|MI",
        words=r"(?<!pointwise )mutual information",
        letters=r"I(?:\(.*\)|\[.*\])?",
        parts=(
            real(r"\mathrm{hh}", r"H(X) H(x)"),
            real(r"\mathrm{kk}", r"H(Y) H(y)"),
            real(r"\mathrm{cc}", r"H(X|Y) H(x|y)"),
            real(r"\mathrm{ee}", r"H(Y|X) H(y|x)"),
            real(r"\mathrm{jj}", r"H(X,Y)"),
        ),
        formulas=(
            r"\mathrm{hh} - \mathrm{cc}",
            r"\mathrm{kk} - \mathrm{ee}",
            r"\mathrm{hh} + \mathrm{kk} - \mathrm{jj}",
        ),
        also=(r"\mathrm{jj} - \mathrm{cc} - \mathrm{ee}",),
    ),
    Standard(
        name="variance",
        left=r"(?:Var|var|V|mathbbV|operatornameVar)(?:\([XxY]\)|\[[XxY]\])",
        parts=(real("x", "X Y"), real("m", r"\bar{x} \mathbb{E}[X]"), real(r"\mu", r"\mu_X \mu_x"), N),
        formulas=(
            r"\mathbb{E}[(x - m)^2]",
            r"\mathbb{E}[(x - \mu)^2]",  # a small Greek letter is no variable
            r"\mathbb{E}[x^2] - \mu^2",
            r"\mathbb{E}[x^2] - m^2",
            r"\mathbb{E}[x^2] - \mathbb{E}[x]^2",
            r"\mathbb{E}[(x - \mathbb{E}[x])^2]",
        ),
        also=(
            r"\frac{1}{n} \sum_i (x_i - m)^2",
            r"\frac{1}{n - 1} \sum_i (x_i - m)^2",
            r"\mathbb{E}[x^2]",
            r"\frac{1}{n} \sum_i x_i^2 - m^2",
            r"\mathbb{E}[|x - m|^2]",
            r"\mathbb{E}[x (x - m)]",
        ),
    ),
    Standard(
        name="sample variance",
        words=r"(?:sample|unbiased|empirical) variance|unbiased estimat\w+ of (?:the |a )?(?:population )?variance",
        letters=r"(?:s|S|hatsigma|sigma|tildesigma)\^2(?:_.{1,4})?|s_.{1,3}\^2|Var.*|var.*|v",
        parts=(real("x", "y X"), real("m", r"\bar{x} \bar{y} \bar{X} \hat{\mu} \mu \bar{x}_n \mu_x"), N),
        formulas=(r"\frac{1}{n - 1} \sum_{i=1}^n (x_i - m)^2",),
        also=(
            r"\frac{1}{n} \sum_{i=1}^n (x_i - m)^2",
            r"\frac{1}{n - 1} (\sum_{i=1}^n x_i^2 - n m^2)",
            r"\frac{1}{n} \sum_{i=1}^n x_i^2 - m^2",
        ),
    ),
    Standard(
        name="covariance",
        left=r"(?:Cov|cov)(?:\([XxY],[XxY]\)|\[[XxY],[XxY]\])",
        parts=(real("x", "X"), real("y", "Y"), real("m", r"\mu_X \mu_x \bar{x}"), real("u", r"\mu_Y \mu_y \bar{y}"), N),
        formulas=(
            r"\mathbb{E}[(x - m) (y - u)]",
            r"\mathbb{E}[x y] - m u",
            r"\mathbb{E}[x y] - \mathbb{E}[x] \mathbb{E}[y]",
            r"\mathbb{E}[(x - \mathbb{E}[x]) (y - \mathbb{E}[y])]",
        ),
        also=(
            r"\frac{1}{n} \sum_i (x_i - m) (y_i - u)",
            r"\frac{1}{n - 1} \sum_i (x_i - m) (y_i - u)",
            r"\mathbb{E}[x y]",
            r"\mathbb{E}[(x - m) y]",
            r"\mathbb{E}[x (y - u)]",
        ),
    ),
    Standard(
        name="sample covariance matrix",
        words=(
            r"(?:sample|empirical|data) covariance(?: matrix)?|covariance matrix of the (?:data|sample)"
            r"|(?:likelihood (?:estimat\w+|solution)|MLE|estimat\w+) (?:of|for) the (?:\S+ )?covariance(?: matrix)?"
        ),
        letters=r"(?:C|S|Sigma|hatSigma|K|Q)(?:_.{1,3})?",
        parts=(
            vector(r"\mathbf{x}", "x"),
            vector(r"\mathbf{m}", r"\bar{x} \mu \hat{\mu} m"),
            matrix(r"\mathbf{X}", "X B A Z"),
            N,
        ),
        formulas=(
            r"\frac{1}{n - 1} \sum_{i=1}^n (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
            r"\frac{1}{n} \sum_{i=1}^n (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
        ),
        also=(
            r"\frac{1}{n} \mathbf{X}^\top \mathbf{X}",
            r"\frac{1}{n - 1} \mathbf{X}^\top \mathbf{X}",
            r"\frac{1}{n} \mathbf{X} \mathbf{X}^\top",
            r"\frac{1}{n - 1} \mathbf{X} \mathbf{X}^\top",
            r"\frac{1}{n} \sum_{i=1}^n \mathbf{x}_i \mathbf{x}_i^\top",
            r"\mathbf{X}^\top \mathbf{X}",
            r"\mathbf{X} \mathbf{X}^\top",
            r"\frac{1}{n - 1} \sum_{i=1}^n \mathbf{x}_i \mathbf{x}_i^\top",
            r"\sum_{i=1}^n (\mathbf{x}_i - \mathbf{m}) (\mathbf{x}_i - \mathbf{m})^\top",
            r"\frac{1}{n} \sum_{i=1}^n \mathbf{x}_i \mathbf{x}_i^\top - \mathbf{m} \mathbf{m}^\top",
        ),
    ),
    Standard(
        name="density of the normal distribution",
        words=(
            r"(?:density|pdf|p\.d\.f\.) of (?:a |the )?(?:univariate )?(?:normal|gaussian)"
            r"|(?:normal|gaussian) (?:density|pdf|distribution)(?! with)(?: is| has| given by|:)"
        ),
        letters=r"(?:f|p|phi|N|g|varphi)(?:_.{1,9})?(?:\(.*\))",
        parts=(
            real("x", "y z t X"),
            real("m", r"\mu", may_be_number=True),
            positive("s", r"\sigma", may_be_number=True),
            positive("v", r"\sigma^2 \nu v"),
            positive("b", r"\beta \tau \lambda"),
        ),
        formulas=(
            r"\frac{1}{\sqrt{2 \pi s^2}} \exp(-\frac{(x - m)^2}{2 s^2})",
            r"\frac{1}{\sqrt{2 \pi}} \exp(-\frac{x^2}{2})",
        ),
        also=(
            r"\sqrt{\frac{b}{2 \pi}} \exp(-\frac{1}{2} b (x - m)^2)",
            r"\frac{1}{\sqrt{2 \pi v}} \exp(-\frac{(x - m)^2}{2 v})",
            r"\frac{1}{\sqrt{2 \pi s^2}} \exp(-\frac{x^2}{2 s^2})",
            r"\frac{1}{\sqrt{2 \pi}} \exp(-\frac{(x - m)^2}{2})",
            r"\exp(-\frac{(x - m)^2}{2 s^2})",
        ),
    ),
    Standard(
        name="Mahalanobis distance",
        words="mahalanobis",
        letters=r"(?:D|d|Delta|d_M|D_M|MD)(?:_.{1,4})?(?:\^2)?(?:\(.*\))?(?:\^2)?",
        parts=(
            vector(r"\mathbf{x}", "x u"),
            vector(r"\mathbf{m}", r"\mu y v \bar{x} m"),
            matrix(r"\mathbf{S}", r"\Sigma S C V"),
        ),
        formulas=(
            r"\sqrt{(\mathbf{x} - \mathbf{m})^\top \mathbf{S}^{-1} (\mathbf{x} - \mathbf{m})}",
            r"(\mathbf{x} - \mathbf{m})^\top \mathbf{S}^{-1} (\mathbf{x} - \mathbf{m})",
        ),
        also=(
            r"\sqrt{(\mathbf{x} - \mathbf{m})^\top \mathbf{S} (\mathbf{x} - \mathbf{m})}",
            r"(\mathbf{x} - \mathbf{m})^\top \mathbf{S} (\mathbf{x} - \mathbf{m})",
            r"\mathbf{x}^\top \mathbf{S}^{-1} \mathbf{x}",
        ),
    ),
    Standard(
        name="Minkowski distance",
        settled=True,
        words="minkowski",
        parts=(real("x", "a u"), real("y", "b v"), natural("p", "q r k")),
        formulas=(r"(\sum_i |x_i - y_i|^p)^{1/p}",),
        also=(r"(\sum_i |x_i|^p)^{1/p}",),
    ),
)
