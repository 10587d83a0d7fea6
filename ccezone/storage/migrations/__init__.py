"""Numbered schema migrations; the newest one's number is pinned in ``HEAD``."""
