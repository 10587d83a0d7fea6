"""A partner's side of the hub's public interface: what a file holds, posting it, following its batch to the end."""

from ccezone.submission.bodies import Body, Unrecognised, read_body
from ccezone.submission.client import Answer, Client, Finding, HubUnreachable, Progress, Refusal, Rows

__all__ = ["Answer", "Body", "Client", "Finding", "HubUnreachable", "Progress", "Refusal", "Rows", "Unrecognised", "read_body"]
