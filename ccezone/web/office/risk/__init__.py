"""Pages of risk: alerts and what is done about them, rules and their trials."""
