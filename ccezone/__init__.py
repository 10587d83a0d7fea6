"""Online service platform of a cross-border e-commerce comprehensive pilot zone."""
