"""A fictional zone to try everything on: its enterprises, people, goods, and a month of traffic through the public intake."""
