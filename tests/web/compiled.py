"""Templates and routes compiled once for each test process: every site that a test builds would compile its own again."""

from collections.abc import Callable

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


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


class CompiledRule(Rule):
    """A route whose way to build an address is compiled once for all sites: that is two thirds of the time a site takes.

    What is compiled depends on the route's text and defaults alone; the converters are those of the route it is bound to.
    """

    _known: dict[tuple[object, ...], Builder] = {}  # noqa: RUF012  # one for all routes, whatever site they belong to

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        converters = tuple((name, type(converter)) for name, converter in self._converters.items())
        key = (tuple(self._trace), converters, repr(self.defaults), append_unknown)
        if key not in self._known:
            self._known[key] = super()._compile_builder(append_unknown)
        return self._known[key]
