"""A firm's own data as a whole: exports to take away."""
