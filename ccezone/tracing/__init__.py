"""One order through all seven strands (关检税汇商融企): customs, inspection, tax, FX, commerce, finance, the firm."""
