"""Papers: documents of the hub as PDF that people print, keep and hand on; each carries a code anybody can verify."""
