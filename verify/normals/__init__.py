"""Normal distributions that follow from others: marginals, conditionals, posteriors, predictions."""
