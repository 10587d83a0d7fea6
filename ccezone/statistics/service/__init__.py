"""Use cases of exports."""

from ccezone.statistics.service.exports import JOB, KEPT, drop_expired_parts, request_export

__all__ = ["JOB", "KEPT", "drop_expired_parts", "request_export"]
