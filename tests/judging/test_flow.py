"""Both solvers find a cheapest flow, or agree that there is none."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging import flow
from contest.judging.flow import Network, cheapest, plain_cheapest


def network(arcs: list[tuple[int, int, int, int]], supply: list[int]) -> Network:
    columns = np.array(arcs, dtype=np.int64).reshape(-1, 4).T
    return Network(columns[0], columns[1], columns[2], columns[3], np.array(supply, dtype=np.int64))


def drawn(seed: int) -> Network:
    draw = random.Random(seed)
    nodes = draw.randint(1, 7)
    supply = [draw.randint(-2, 2) for _ in range(nodes)]
    supply[-1] -= sum(supply)
    ends = sorted({(draw.randrange(nodes), draw.randrange(nodes)) for _ in range(draw.randint(0, 14))})
    arcs = [(tail, head, draw.randint(0, 4), draw.randint(-5, 9)) for tail, head in ends if tail < head]
    return network(arcs, supply)


def reference(given: Network) -> int | None:
    graph = nx.DiGraph()
    for node, supply in enumerate(given.supply.tolist()):
        graph.add_node(node, demand=-supply)
    for tail, head, capacity, cost in zip(*(a.tolist() for a in (given.tail, given.head, given.capacity, given.cost))):  # noqa: B905 - one length
        graph.add_edge(tail, head, capacity=capacity, weight=cost)
    try:
        return int(nx.min_cost_flow_cost(graph))
    except nx.NetworkXUnfeasible:
        return None


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_both_solvers_cost_what_networkx_costs(seed: int) -> None:
    given = drawn(seed)
    expected = reference(given)
    for solve in (cheapest, plain_cheapest):
        found = solve(given)
        if expected is None or found is None:
            assert found is None
            assert expected is None
            continue
        assert int(found @ given.cost) == expected
        assert ((found >= 0) & (found <= given.capacity)).all()
        sent = np.bincount(given.tail, found, minlength=len(given.supply))
        got = np.bincount(given.head, found, minlength=len(given.supply))
        assert (sent - got == given.supply).all()


def test_a_network_without_arcs() -> None:
    assert cheapest(network([], [0, 0])) is not None
    assert cheapest(network([], [1, -1])) is None
    assert plain_cheapest(network([], [1, -1])) is None


def test_without_the_library_the_own_solver_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def __getattr__(self, name: str) -> None:
            raise ImportError(name)

    monkeypatch.setattr(flow, "ortools", Missing())
    found = cheapest(network([(0, 1, 2, 5), (0, 2, 2, 1), (2, 1, 1, 1)], [2, -2, 0]))
    assert found is not None
    assert found.tolist() == [1, 1, 1]
