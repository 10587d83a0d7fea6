"""Read models of foreign exchange."""
