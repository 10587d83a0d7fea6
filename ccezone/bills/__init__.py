"""The three bills and the shipping link: intake of orders, payments, waybills and links as append-only versions."""
