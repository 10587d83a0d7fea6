"""Values and rules that need no framework and no I/O: ids, clock, money, errors, check digits, working days."""
