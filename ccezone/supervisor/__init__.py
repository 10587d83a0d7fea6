"""Keeping several processes alive on one machine: start in order, watch, restart, stop all, leave none behind."""
