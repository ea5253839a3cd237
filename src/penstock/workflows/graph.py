"""The graph of a flow: who leads to whom, who comes before, where the loops are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from penstock.workflows.document import FlowDocument


@dataclass(frozen=True)
class Graph:
    """Edges by actionId, dangling ones left out. `ends` holds the actions at which a record's way can end."""

    nodes: Mapping[str, frozenset[str]]
    ends: frozenset[str]

    @classmethod
    def of(cls, document: FlowDocument) -> Graph:
        """The graph of a document; of two actions with one id the first counts."""
        known = {node.action_id for node in document.nodes}
        nodes: dict[str, frozenset[str]] = {}
        ends: set[str] = set()
        for node in document.nodes:
            if node.action_id in nodes:
                continue
            edges = [edge.next_action_id for _, edge in node.edges()]
            nodes[node.action_id] = frozenset(target for target in edges if target in known)
            if len(edges) < node.exit_count():
                ends.add(node.action_id)
        return cls(nodes, frozenset(ends))

    @property
    def free_id(self) -> str:
        """The lowest number above all numeric actionIds, which is HubSpot's nextAvailableActionId."""
        numbers = [int(name) for name in self.nodes if name.isascii() and name.isdigit() and len(name) < 19]
        return str(max(numbers, default=0) + 1)

    def reachable(self, start: str) -> Set[str]:
        """All actions that a record can get to from `start`, with `start` itself."""
        return _closure(self.nodes, start) | {start}

    def before(self, action_id: str) -> frozenset[str]:
        """All actions that can have run before `action_id`; itself too, when it stands in a loop."""
        return frozenset(_closure(self._reverse, action_id))

    @cached_property
    def _reverse(self) -> Mapping[str, Set[str]]:
        reverse: dict[str, set[str]] = {name: set() for name in self.nodes}
        for source, targets in self.nodes.items():
            for target in targets:
                reverse[target].add(source)
        return reverse

    def loops(self) -> Iterator[frozenset[str]]:
        """Groups of actions that can all reach each other, each group once."""
        done: set[str] = set()
        reach = {name: _closure(self.nodes, name) for name in self.nodes}
        for name in self.nodes:
            if name in done or name not in reach[name]:
                continue
            loop = frozenset(other for other in reach[name] if name in reach[other])
            done |= loop
            yield loop

    def has_way_out(self, loop: Set[str]) -> bool:
        """Whether a record can leave the loop: by an edge out of it, or by ending inside it."""
        return bool(loop & self.ends) or any(self.nodes[name] - loop for name in loop)


def _closure(edges: Mapping[str, Set[str]], start: str) -> set[str]:
    """Everything reached from `start` by one edge or more."""
    found: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(edges.get(name, ()))
    return found
