"""Run by the peer's own Python: one household with the tracer on, or many in columns.

usage: openfisca_side.py household TIMES | batch HOUSEHOLDS
"""

import json
import statistics
import sys
import time
from typing import Any

import numpy as np
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_country_template import CountryTaxBenefitSystem

MONTH = "2017-01"
VARIABLES = (
    "age", "basic_income", "income_tax", "pension", "social_security_contribution",
    "disposable_income", "household_income", "housing_allowance", "housing_tax",
    "parenting_allowance", "total_benefits", "total_taxes",
)  # fmt: skip
PERSONS = ("a", "b", "c", "d", "e")


def _period(variable: str) -> str:
    return "2017" if variable == "housing_tax" else MONTH


def _situation() -> dict[str, Any]:
    births = ("1970-02-01", "1972-02-01", "2005-02-01", "2008-02-01", "1945-02-01")
    salaries = (3000, 1000, 0, 0, 0)
    persons = {
        name: {"birth": {"ETERNITY": birth}, "salary": {MONTH: salary}}
        for name, birth, salary in zip(PERSONS, births, salaries)
    }
    home = {
        "adults": ["a", "b", "e"],
        "children": ["c", "d"],
        "rent": {MONTH: 300},
        "accommodation_size": {MONTH: 60},
        "housing_occupancy_status": {MONTH: "tenant"},
    }
    return {"persons": persons, "households": {"h": home}}


def household(times: int) -> dict[str, Any]:
    """Seconds to build the simulation and answer every variable with the trace."""
    system, situation = CountryTaxBenefitSystem(), _situation()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        simulation = SimulationBuilder().build_from_entities(system, situation)
        simulation.trace = True
        for variable in VARIABLES:
            simulation.calculate(variable, _period(variable))
        taken.append(time.perf_counter() - start)
    return {"seconds": statistics.median(taken), "answers": len(VARIABLES)}


def batch(households: int) -> dict[str, Any]:
    """Seconds to build and to answer every variable of made-up households."""
    random = np.random.default_rng(1)
    sizes = random.choice((1, 2, 3, 3, 4, 4, 4, 5, 5, 7), households)
    persons = int(sizes.sum())
    home = np.repeat(np.arange(households), sizes)
    first = np.zeros(persons, bool)
    first[np.concatenate(([0], np.cumsum(sizes)[:-1]))] = True
    inputs = {
        "birth": (np.datetime64("1930-01-01") + random.integers(0, 31_000, persons)).astype(
            "M8[D]"
        ),
        "salary": random.integers(0, 5000, persons).astype(float),
        "rent": random.integers(0, 900, households).astype(float),
        "accommodation_size": random.integers(20, 200, households).astype(float),
    }
    system = CountryTaxBenefitSystem()
    start = time.perf_counter()
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(persons))
    entity = builder.declare_entity("household", np.arange(households))
    builder.join_with_persons(entity, home, np.where(first, "adult", "child"))
    simulation = builder.build(system)
    for name, values in inputs.items():
        simulation.set_input(name, MONTH, values)
    answers = sum(len(simulation.calculate(name, _period(name))) for name in VARIABLES)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "answers": answers,
        "persons": persons,
        "variables": len(VARIABLES),
    }


if __name__ == "__main__":
    work = {"household": household, "batch": batch}[sys.argv[1]]
    print(json.dumps(work(int(sys.argv[2]))))
