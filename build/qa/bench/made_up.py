"""Made-up households of a chosen size, every one different, for the measurements."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

DAY = date(2017, 6, 1)


def _member(chance: random.Random, number: int) -> dict[str, Any]:
    born = date(1935, 1, 1) + timedelta(days=chance.randrange(29_900))
    age = DAY.year - born.year
    member: dict[str, Any] = {
        "member_id": f"m{number}",
        "sex": chance.choice(["male", "female"]),
        "birth_date": born.isoformat(),
        "health": {"insured": chance.random() < 0.9, "premium_covered": chance.random() < 0.5},
    }
    if age < 24:
        stage = "preschool" if age < 6 else "primary" if age < 12 else "junior_high"
        member["schooling"] = {
            "stage": stage if age < 15 else chance.choice(["senior_high", "undergraduate", "none"]),
            "boarding": chance.random() < 0.4,
            "full_time": True,
            "new_student": chance.random() < 0.3,
            "in_region": chance.random() < 0.8,
            "grant_tier": chance.choice(["first", "second"]),
            "paired_helper": chance.random() < 0.5,
        }
        return member
    member["schooling"] = {"stage": "none"}
    member["labour"] = {
        "able": age < 65,
        "wants_public_job": chance.random() < 0.2,
        "farming": chance.random() < 0.6,
    }
    if chance.random() < 0.3:
        member["trainings"] = [
            {
                "training_id": "t1",
                "type": chance.choice(["short_term_skill", "vocational"]),
                "organiser": chance.choice(["poverty_office", "other"]),
                "certificate": chance.random() < 0.7,
                "verifiable_online": chance.random() < 0.7,
            }
        ]
    if chance.random() < 0.15:
        total = chance.randrange(500, 60_000)
        member["stays"] = [
            {
                "stay_id": "s1",
                "level": chance.choice(["township", "county", "city"]),
                "place": "in_area",
                "total": str(total),
                "in_scope": str(total * 8 // 10),
                "major_spend": str(total // 5),
                "aid": "0",
            }
        ]
    return member


def household(chance: random.Random, members: int) -> dict[str, Any]:
    """Return a made-up household with the given number of members; some facts are absent."""
    return {
        "record_id": str(UUID(int=chance.getrandbits(128))),
        "kind": "household",
        "survey": {"date": DAY.isoformat()},
        "place": {"county": "451024", "poor_county": True, "poor_village": chance.random() < 0.6},
        "registration": {
            "registered_poor": chance.random() < 0.8,
            "attribute": chance.choice(["general", "low_income", "five_guarantee"]),
            "score": str(chance.randrange(20, 90)),
            "in_information_system": chance.random() < 0.9,
        },
        "population": members,
        "housing": {
            "danger_grade": chance.choice(["C", "D"]),
            "relocation_listed": chance.random() < 0.1,
            "renovation": chance.choice(["rebuild", "repair"]),
            "floor_area_m2": str(chance.randrange(400, 1500) / 10),
            "storage_area_m2": str(chance.randrange(0, 200) / 10),
            "self_funding": chance.random() < 0.7,
            "stage": "applied",
        },
        "water": {"tap": chance.random() < 0.7, "quality_ok": chance.random() < 0.7},
        "farming": {
            "microloan": {
                "wanted": chance.random() < 0.5,
                "can_repay": True,
                "amount": str(chance.randrange(1, 60) * 1000),
                "months": chance.randrange(6, 48),
            }
        },
        "income": {
            "operating": str(chance.randrange(0, 30_000)),
            "operating_last_year": str(chance.randrange(0, 30_000)),
        },
        "members": [_member(chance, number) for number in range(1, members + 1)],
    }
