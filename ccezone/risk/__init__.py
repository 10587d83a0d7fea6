"""Risk: dated rules over the hub's own rows, alerts with their evidence, owner and disposition, back-testing of drafts."""
