"""The single window (e-port and customs) as a counterparty: transport over DXP envelopes, translation of CEB messages."""

from integrations.single_window.client import HttpSingleWindow
from integrations.single_window.settings import SingleWindowSettings
from integrations.single_window.translation import CebReader, CebWriter
from integrations.single_window.treatments import HttpTreatments

__all__ = ["CebReader", "CebWriter", "HttpSingleWindow", "HttpTreatments", "SingleWindowSettings"]
