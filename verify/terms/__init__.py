"""Claims as identities of terms: functions at arguments, sums, means and integrals, whatever their values are."""
