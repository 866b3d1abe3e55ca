"""Closed forms of recursions: x_k = x_0 − η Σ g_j where x_{k+1} = x_k − η g_k, by running the recursion on numbers."""
