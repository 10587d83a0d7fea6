"""The demo: its month of traffic, its zone, its loading."""
