"""Telling people: mail now; the message centre and webhooks join here."""
