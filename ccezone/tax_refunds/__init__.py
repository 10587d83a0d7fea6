"""Export tax refund: goods ledger, exemption without invoice, assessed income tax, refund amounts and claims.

Caishui 2012 No.39 (amounts), Caishui 2018 No.103 (exemption), STA 2019 No.36 (assessed income tax), STA 2016 No.46 (terms).
"""
