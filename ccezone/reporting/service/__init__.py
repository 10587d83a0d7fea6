"""Use cases of the reporting chain: order, draft, send, judge, compile, sign, remind, note lateness and excuse it."""
