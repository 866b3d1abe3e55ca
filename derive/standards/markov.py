r"""Hidden chains step by step, steps of samplers, averages over weighted samples, Poisson processes."""

from __future__ import annotations

from .standard import Standard, count, firm, natural, positive, real, share, vector

HIDDEN = r"hidden markov|\bHMMs?\b|forward[- ]backward|baum|viterbi"
STATES = count("n", "N K S")
FORWARD = firm(share("a", r"\alpha_t(i) \alpha_t(j) \alpha_{t-1}(i) \alpha_t \alpha_{t-1}(j)"))
IMPORTANCE = r"importance"
FROM_Q = (
    r"(?:importance[\s\S]{0,400}(?:from|proposal(?: distribution| density)?|sim)[^.]{0,30}(?<![a-zA-Z])q(?![a-zA-Z])"
    r"|(?:from|proposal(?: distribution| density)?|sim)[^.]{0,30}(?<![a-zA-Z])q(?![a-zA-Z])[\s\S]{0,400}importance"
    r"|(?:expect\w+|mean|integral)[^.]{0,60}\bunder \$p[\s\S]{0,60}(?:sampl|draw)[^.]{0,30}from \$q)"
)
DRAWN_FROM_Q = (
    r"(?:sampl|draw|simulat|generat|propos|taken)"
    r"(?:(?!\btest|\btarget|\bp\b)[^.]){0,60}(?<![a-zA-Z])q(?![a-zA-Z])"
)
TARGET = firm(
    positive(
        "p", r"p p(x_i) p(x) p(z) p(z^{(l)}) p(z_l) p(x_s) p(x^{(i)}) p(X_i) p(z_i) p(z_s) \tilde{p}(x_i) \tilde{p} P"
    )
)
PROPOSED = firm(positive("q", r"q q(x_i) q(x) q(z) q(z^{(l)}) q(z_l) q(x_s) q(x^{(i)}) q(X_i) q(z_i) q(z_s) Q"))
AVERAGED = real("f", r"f(x_i) f(x) f(z) h(x_i) f(z^{(l)}) f(x^{(i)}) f(X_i) h(X_i) g(x_i) \phi(x_i)")
SAMPLES = count("n", "N L S M m T")
WEIGHT = positive("w", r"w_i w(x_i) w_s w^{(i)} \tilde{w}_i W_i w_l w^{(l)}")
NABLA = vector(r"\nabla")
ESTIMATE = r"(?:hat|widehat)?(?:mu|E|I|mathbbE|f|theta|J|mathcalI|m)(?:_.{1,8}|\^.{1,8})?(?:[(\[].*[)\]])?"

ROWS: tuple[Standard, ...] = (
    Standard(
        name="weighted mean of samples of a proposal",
        words=FROM_Q,
        usual=r"weighted|reweighted|(?:un)?normali[sz]ed|approximat\w*",
        letters=ESTIMATE,
        relation="approx",
        parts=(TARGET, PROPOSED, AVERAGED, WEIGHT, SAMPLES),
        formulas=(
            r"\frac{1}{n} \sum_{i=1}^n f_i \frac{p_i}{q_i}",
            r"\frac{1}{n} \sum_{i=1}^n w_i f_i",
            r"\frac{\sum_{i=1}^n w_i f_i}{\sum_{i=1}^n w_i}",
        ),
        also=(r"\frac{1}{n} \sum_{i=1}^n f_i", r"\sum_{i=1}^n w_i f_i", r"\frac{1}{n} \sum_{i=1}^n \frac{p_i}{q_i}"),
    ),
    Standard(
        name="importance weight",
        words=FROM_Q,
        usual=r"(?:un)?normali[sz]ed|weighted|reweighted",
        letters=r"(?:tilde|hat|bar)?(?:w|W|r|omega|rho)(?:_.{1,6}|\^.{1,6})?(?:\(.*\))?",
        parts=(TARGET, PROPOSED, WEIGHT, SAMPLES),
        formulas=(r"\frac{p}{q}",),
        also=(r"\frac{p / q}{\sum_i p_i / q_i}", r"\frac{w}{\sum_i w_i}", r"\frac{q}{p}"),
        told=((DRAWN_FROM_Q, (r"\frac{q}{p}",)),),  # where training data come from p, it is those from q that count
    ),
    Standard(
        name="half step of a momentum",
        words=r"leapfrog|hamiltonian",
        letters=r"(?:p|r|rho|v)(?:_.{1,7}|\^.{1,9}|\(.{1,16}\))?",
        parts=(
            vector("p", "r rho v p(t) p_t r_t p_0 p_n r(t) p^{(t)}"),
            firm(positive("E", r"\epsilon \varepsilon \eta \delta h \tau")),
            NABLA,
            firm(real("U", "U(q) U(q(t)) U(x) U(x_t) V(q) U(q_t) U(\\theta) U(q_n) V(q_n)")),
            firm(real("L", r"\log\pi(q) \log\pi(x)")),
        ),
        formulas=(r"p - \frac{E}{2} \nabla U", r"p - E \nabla U"),
    ),
    Standard(
        name="mass of the number of events of a Poisson process",
        words=r"poisson process",
        letters=r"(?:P|Pr|p|mathbbP)(?:_.{1,4})?[(\[](?:N.*=.{1,2}|.{1,8})[)\]]",
        parts=(natural("n", "k m j x"), positive("r", r"\lambda \mu \nu"), positive("t", r"T \tau s h")),
        formulas=(r"\frac{(r t)^n e^{-r t}}{n!}",),
        also=(r"\frac{r^n e^{-r}}{n!}", r"e^{-r t}", r"1 - e^{-r t}", r"r e^{-r t}", r"r t e^{-r t}"),
    ),
    Standard(
        name="density of an arrival time of a Poisson process",
        words=r"poisson process|erlang",
        letters=r"f(?:_.{1,4})?\(.{1,2}\)|p(?:_.{1,4})?\(.{1,2}\)",
        parts=(natural("n", "k m j r"), positive("r", r"\lambda \mu \beta"), positive("t", "x s")),
        formulas=(r"\frac{r^n t^{n - 1} e^{-r t}}{(n - 1)!}",),
        also=(r"r e^{-r t}", r"\frac{r (r t)^{n - 1} e^{-r t}}{\Gamma(n)}", r"\frac{(r t)^n e^{-r t}}{n!}"),
    ),
    Standard(
        name="share of time in a state of a chain with two states",
        words=r"two[- ]state",
        letters=r"pi(?:_\w|\(\w\))|p_\w",
        parts=(firm(share("a", r"\alpha p \lambda p_{01} p_{12}")), firm(share("b", r"\beta q \mu p_{10} p_{21}"))),
        formulas=(r"\frac{a}{a + b}", r"\frac{b}{a + b}"),
    ),
    Standard(
        name="chance that a gambler wins",
        words=r"gambler",
        letters=r"(?:P|Pr|p|u|q|r|h|R)(?:_.{1,3}|\(.{1,8}\))",
        parts=(share("p"), share("q"), natural("i", "k n a z j x"), natural("N", "M B b T K")),
        formulas=(
            r"\frac{1 - (\frac{q}{p})^i}{1 - (\frac{q}{p})^N}",
            r"\frac{(\frac{q}{p})^i - (\frac{q}{p})^N}{1 - (\frac{q}{p})^N}",
            r"\frac{1 - (\frac{1 - p}{p})^i}{1 - (\frac{1 - p}{p})^N}",
        ),
        also=(r"\frac{i}{N}", r"1 - \frac{i}{N}", r"(\frac{q}{p})^i", r"1 - (\frac{q}{p})^i", r"\frac{N - i}{N}"),
    ),
)
