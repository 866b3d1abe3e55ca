"""Relations of vectors and matrices of any size, as sums of products in order."""
