"""Posterior distributions under conjugate priors: a prior times a likelihood, up to a factor."""
