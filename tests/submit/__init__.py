"""The command that posts files of bills, and the client behind it."""
