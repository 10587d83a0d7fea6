"""The customs e-commerce messages (CEB), edition 202205: definition, codec, check, samples."""

from schemas.messages.ceb.definition import MESSAGE_TYPES, Field, MessageDefinition, Node, definition

__all__ = ["MESSAGE_TYPES", "Field", "MessageDefinition", "Node", "definition"]
