"""An import contract that import-linter has not: what a package may import at all, everything else being forbidden."""

import re
import sys
from collections.abc import Iterable, Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """Modules of ``source_modules`` import, directly, only ``allowed_modules``, their own package and the standard library.

    Names may hold ``*`` for one component; each stands for its submodules too. ``any_third_party`` allows every package
    but this project's; ``refused_modules`` are not allowed all the same.
    """

    type_name = "only"

    source_modules = fields.ListField(subfield=fields.StringField())
    allowed_modules = fields.ListField(subfield=fields.StringField())
    refused_modules = fields.ListField(subfield=fields.StringField(), required=False, default=())
    any_third_party = fields.BooleanField(required=False, default=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect every import that is not allowed."""
        wrong = [f"{source} -> {target}" for source, target in self._imports(graph) if not self._allows(source, target)]
        return ContractCheck(kept=not wrong, metadata={"wrong": sorted(wrong)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each."""
        for line in check.metadata["wrong"]:
            output.print_error(line)

    def _imports(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        for source in sorted(graph.modules):
            if _package(source, _texts(self.source_modules)):
                for target in sorted(graph.find_modules_directly_imported_by(source)):
                    yield source, target

    def _allows(self, source: str, target: str) -> bool:
        if _package(target, _texts(self.refused_modules)):
            return False
        root = target.partition(".")[0]
        ours = root in self.session_options["root_packages"]
        if root in sys.stdlib_module_names or (self.any_third_party and not ours):
            return True
        own = _package(source, _texts(self.source_modules))
        return bool(_package(target, [*_texts(self.allowed_modules), own]))


def _texts(values: object) -> list[str]:
    assert isinstance(values, Iterable)
    return [str(value) for value in values]


def _package(module: str, patterns: Iterable[str]) -> str:
    """The part of ``module`` that one of the patterns names, or an empty text."""
    for pattern in patterns:
        spelled = re.escape(pattern).replace(r"\*", "[^.]+")
        if found := re.match(rf"{spelled}(?=\.|$)", module):
            return found.group()
    return ""
