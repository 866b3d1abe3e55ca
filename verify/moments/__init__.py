"""Means, variances and covariances of sums of random variables, in random worlds of finitely many outcomes."""
