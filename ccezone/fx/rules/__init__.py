"""Pure rules of foreign exchange."""
