"""The mock single window: e-port intake and customs of the retail e-commerce system, as far as messages show them.

It judges by the schema file derived from the field table (edition 202205), and checks bills against lists with an
implementation of its own, the one permitted second one. See ``docs/mock-single-window.md``.
"""
