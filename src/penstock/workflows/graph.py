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
        return self._before.get(action_id, frozenset())

    @cached_property
    def _before(self) -> Mapping[str, frozenset[str]]:
        before: dict[str, frozenset[str]] = {}
        for group in self._groups:
            # Those that lead into the group stand in groups that came up already.
            found = {source for name in group for source in self._reverse[name]}
            found = found.union(*(before[source] for source in found - group))
            before.update(
                dict.fromkeys(group, frozenset(found | group) if group & found else frozenset(found))
            )
        return before

    @cached_property
    def _groups(self) -> list[frozenset[str]]:
        """The actions in groups of those that can all reach each other, every group after those that lead into it."""
        return list(_strong_components(self._reverse))

    @cached_property
    def _reverse(self) -> Mapping[str, Set[str]]:
        reverse: dict[str, set[str]] = {name: set() for name in self.nodes}
        for source, targets in self.nodes.items():
            for target in targets:
                reverse[target].add(source)
        return reverse

    def loops(self) -> list[frozenset[str]]:
        """Groups of actions that can all reach each other, in the order of their first actions."""
        places = {name: place for place, name in enumerate(self.nodes)}
        found = [group for group in self._groups if any(name in self._before[name] for name in group)]
        return sorted(found, key=lambda loop: min(places[name] for name in loop))

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


def _strong_components(edges: Mapping[str, Set[str]]) -> Iterator[frozenset[str]]:
    """Tarjan's algorithm (Depth-first search and linear graph algorithms, 1972) without recursion.

    A component comes after all those that its edges lead to.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_names: list[str] = []
    is_open: set[str] = set()
    for root in edges:
        if root in index:
            continue
        walk = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        open_names.append(root)
        is_open.add(root)
        while walk:
            name, targets = walk[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    open_names.append(target)
                    is_open.add(target)
                    walk.append((target, iter(edges[target])))
                    break
                if target in is_open:
                    low[name] = min(low[name], index[target])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[name])
                if low[name] == index[name]:
                    group = {open_names.pop()}
                    while name not in group:
                        group.add(open_names.pop())
                    is_open -= group
                    yield frozenset(group)
