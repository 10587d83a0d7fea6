"""Set-up of a checkout: ``make run`` and ``make test`` on a machine that has Python, make and the package registries.

Runs before any package is installed, so it uses the standard library alone and imports nothing else of this project.
"""
