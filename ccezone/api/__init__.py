"""The JSON API: one file per resource under ``v1``; access by bearer token of an enterprise's credential."""

from ccezone.api.blueprint import Services, create_blueprints

__all__ = ["Services", "create_blueprints"]
