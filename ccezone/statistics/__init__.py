"""A firm's own data as a whole: exports to take away, and figures of its declaration lists."""
