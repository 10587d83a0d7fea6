"""The mock tax bureau: takes refund claims, and tells step by step what becomes of them. In its own process, with its own store."""
