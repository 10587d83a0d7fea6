"""The envelope of the China E-port data exchange platform (DXP): ``DxpMsg`` carries one business message as base64."""

from schemas.messages.dxp.codec import DxpMessage, decode, encode

__all__ = ["DxpMessage", "decode", "encode"]
