"""Vectors, matrices and functions of them by numbers: for what has no reading as index expressions."""
