"""Foreign exchange of exports: money received, matched to orders, routed, settled, given back.

Huifa 2019 No.13 and 2020 No.11 (electronic trade data), Huifa 2019 No.28 (verification account), Huifa 2024 No.11 (refunds abroad).
"""
