"""The cheapest flow through a network, by OR-Tools where it is installed, else by a short solver of our own.

Both give an optimal flow; among equally cheap ones they may choose differently.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from ortools.graph.python import min_cost_flow as ortools

    Ints = NDArray[np.int64]
else:
    np = lazy("numpy")
    ortools = lazy("ortools.graph.python.min_cost_flow")

LARGEST = 2**61  # costs times nodes stay below it: the solvers multiply them


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Arcs as arrays of one length, and the supply of each node (negative: a demand); supplies sum up to 0."""

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints
    supply: Ints


def cheapest(network: Network) -> Ints | None:
    """Return the flow on each arc of a cheapest flow that serves every demand, None when there is none.

    Capacities and costs are whole numbers, costs of any sign without a cycle of negative cost. The same network gives
    the same flow. Costs times the number of nodes must stay below `LARGEST`.
    """
    try:
        solver = ortools.SimpleMinCostFlow()
    except ImportError:
        return plain_cheapest(network)
    arcs = len(network.tail)
    if not arcs:
        return None if network.supply.any() else np.zeros(0, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        network.tail.astype(np.int32, copy=False),
        network.head.astype(np.int32, copy=False),
        network.capacity.astype(np.int64, copy=False),
        network.cost.astype(np.int64, copy=False),
    )
    solver.set_nodes_supplies(np.arange(len(network.supply), dtype=np.int32), network.supply)
    del network  # the solver has copies of its own, and needs the room when rounds are large
    if solver.solve() != solver.OPTIMAL:
        return None
    flows: Any = solver.flows(np.arange(arcs, dtype=np.int32))
    return np.asarray(flows)


def plain_cheapest(network: Network) -> Ints | None:
    """Do what `cheapest` does in plain Python, by successive shortest paths: right, and slow beyond a few hundred."""
    residual = _Residual(network)
    while residual.has_supply():
        if not residual.augment():
            return None
    return residual.flows(len(network.tail))


@dataclass(slots=True, eq=False)
class _Residual:
    """The arcs with room left; arc `2 i` is arc `i` of the network and `2 i + 1` its reverse."""

    network: Network
    heads: list[int] = field(init=False)
    room: list[int] = field(init=False)
    cost: list[int] = field(init=False)
    out: list[list[int]] = field(init=False)
    excess: list[int] = field(init=False)
    potential: list[int] = field(init=False)

    def __post_init__(self) -> None:
        given = self.network
        self.heads = np.column_stack((given.head, given.tail)).ravel().tolist()
        self.room = np.column_stack((given.capacity, np.zeros_like(given.capacity))).ravel().tolist()
        self.cost = np.column_stack((given.cost, -given.cost)).ravel().tolist()
        self.excess = given.supply.tolist()
        self.out = [[] for _ in self.excess]
        for arc in range(len(self.heads)):
            self.out[self.heads[arc ^ 1]].append(arc)
        self._start_potential()

    def _start_potential(self) -> None:
        """Make every reduced cost non-negative (Bellman-Ford)."""
        self.potential = [0] * len(self.excess)
        for _ in self.excess:
            lowered = False
            for arc, room in enumerate(self.room):
                reached = self.potential[self.heads[arc ^ 1]] + self.cost[arc]
                if room and reached < self.potential[self.heads[arc]]:
                    self.potential[self.heads[arc]] = reached
                    lowered = True
            if not lowered:
                return

    def has_supply(self) -> bool:
        return any(amount > 0 for amount in self.excess)

    def augment(self) -> bool:
        """Send as much as fits along a cheapest path from a supply to a demand; False when there is no path."""
        distance, came = self._distances()
        ends = [node for node, amount in enumerate(self.excess) if amount < 0 and node in distance]
        if not ends:
            return False
        end = min(ends, key=lambda node: (distance[node], node))
        farthest = max(distance.values())
        for node in range(len(self.potential)):
            self.potential[node] += distance.get(node, farthest)
        self._send(end, came)
        return True

    def _distances(self) -> tuple[dict[int, int], dict[int, int]]:
        """Walk from all supplies at once (Dijkstra over reduced costs): distance and last arc of each node reached."""
        distance: dict[int, int] = {}
        came: dict[int, int] = {}
        heap = [(0, node, -1) for node, amount in enumerate(self.excess) if amount > 0]
        while heap:
            far, node, arc = heapq.heappop(heap)
            if node in distance:
                continue
            distance[node] = far
            came[node] = arc
            for onward in self.out[node]:
                head = self.heads[onward]
                if self.room[onward] and head not in distance:
                    step = self.cost[onward] + self.potential[node] - self.potential[head]
                    heapq.heappush(heap, (far + step, head, onward))
        return distance, came

    def _send(self, end: int, came: dict[int, int]) -> None:
        path, node = [], end
        while came[node] >= 0:
            path.append(came[node])
            node = self.heads[came[node] ^ 1]
        amount = min(-self.excess[end], self.excess[node], *(self.room[arc] for arc in path))
        for arc in path:
            self.room[arc] -= amount
            self.room[arc ^ 1] += amount
        self.excess[node] -= amount
        self.excess[end] += amount

    def flows(self, arcs: int) -> Ints:
        return np.array([self.room[2 * arc + 1] for arc in range(arcs)], dtype=np.int64)
