"""Column types that several areas share, so that an amount or a moment is declared the same way everywhere."""

from sqlalchemy import BigInteger, DateTime, LargeBinary, Numeric, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB

AMOUNT = Numeric(19, 5)  # the width customs messages give every amount and quantity
MOMENT = DateTime(timezone=True)
SEALED = LargeBinary
KEY8 = BigInteger
SMALL = SmallInteger
DOCUMENT = JSONB
