"""Who may do what: users, sessions, one-time links, API credentials, audit trail (Cybersecurity Law art. 21; PIPL art. 51)."""
