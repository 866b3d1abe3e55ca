"""Recursions of hidden Markov models in the letters of Rabiner, by small models with random probabilities."""
