"""Private functions that are the same in every library whose arrays have methods `sum` and their kind."""

LOG_LIKELIHOOD = '''
def _log_likelihood(z, targets, slopes=False):
    """Σ y log p for targets y, rows or labels, and shares p of rows z, softmax(z); with slopes also y - p Σ y."""
    _, p, logs = _log_sum_exp(z, 1, shares=True, logs=True, masked=True, targets=targets)
    return (logs.sum(), _residual(targets, p)) if slopes else logs.sum()
'''

COLUMN_SUMS = '''
def _column_sums(a):
    """Σ_s a[s, j]."""
    return a.sum(axis=0)
'''

TOTAL = '''
def _total(a):
    """Σ_s a[s]."""
    return a.sum()
'''
