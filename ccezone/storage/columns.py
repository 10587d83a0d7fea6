"""Column types that several areas share, so that an amount or a moment is declared the same way everywhere."""

from sqlalchemy import BigInteger, DateTime, LargeBinary, Numeric, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB

# Customs messages count 19 digits in all, five of them decimals: 19 may stand before the point, and sums grow.
AMOUNT = Numeric(38, 5)
MOMENT = DateTime(timezone=True)
SEALED = LargeBinary
KEY8 = BigInteger
SMALL = SmallInteger
DOCUMENT = JSONB
