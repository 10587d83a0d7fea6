"""Templates and routes compiled once for each test process: every site that a test builds would compile its own again."""

from collections.abc import Callable
from dataclasses import dataclass

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart


class CompiledTemplates(BytecodeCache):
    """Keeps what was compiled in memory; a template that changed has another checksum and is compiled anew."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is known of a template."""
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template."""
        self._known[bucket.key] = bucket.bytecode_to_string()


Builder = Callable[..., tuple[str, str]]


@dataclass(frozen=True)
class _Compiled:
    """What werkzeug makes of a route's text: its parts for matching, what it is built from, and the names in it."""

    parts: list[RulePart]
    trace: list[tuple[bool, str]]
    converters: dict[str, BaseConverter]
    arguments: frozenset[str]
    builders: tuple[Builder, Builder]


class CompiledRule(Rule):
    """A route that is compiled once for all sites: that is most of the time a site takes.

    What is compiled depends on the route's text, its defaults and the kinds of converters alone; the converters know nothing
    of the site they were made for first.
    """

    _known: dict[tuple[object, ...], _Compiled] = {}  # noqa: RUF012  # one for all routes, whatever site they belong to

    def compile(self) -> None:
        """Take what is known of such a route, or learn it."""
        assert self.map is not None
        kinds = tuple(self.map.converters.items())
        key = (self.rule, self.subdomain, self.host, self.map.host_matching, self.merge_slashes, repr(self.defaults), kinds)
        known = self._known.get(key)
        if known is None:
            super().compile()
            builders = (self._compile_builder(False), self._compile_builder(True))
            learnt = _Compiled(self._parts, self._trace, self._converters, frozenset(self.arguments), builders)
            self._known[key] = learnt
            return
        self._parts, self._trace, self._converters = known.parts, known.trace, known.converters
        self.arguments = set(known.arguments)
        self._build, self._build_unknown = (each.__get__(self, None) for each in known.builders)
