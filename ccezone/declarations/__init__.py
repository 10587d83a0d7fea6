"""Declaration lists (CEB603, CEB621): prepared from matched bills, submitted, followed through their life cycle."""
