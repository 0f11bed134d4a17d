"""Makes golden.csv: points and amounts of cases by Python's decimal, without a line of the engine.

Run in this folder: python3 make_golden.py
"""

import csv
import random
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "toward_zero": ROUND_DOWN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}
LOWS = ["as_normal", "cost", "pool_ratio", "stay_ratio_f", "stay_ratio"]
HIGHS = ["as_normal", "linear_add", "linear_add_f", "deduct", "cap", "excess_cost", "cost"]


def rounded(value: Fraction, digits: int, mode: str) -> Decimal:
    """Rounds a fraction exactly: by its sign and by twice its remainder."""
    scaled = value * 10**digits
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    # A decimal with one digit below the last, which says under, on or over the half.
    below = 0 if rest == 0 else 3 if 2 * rest < scaled.denominator else 5 if 2 * rest == scaled.denominator else 7
    number = Decimal(whole * 10 + below) / 10 * (-1 if scaled < 0 else 1)
    return number.quantize(Decimal(1), rounding=MODES[mode]).scaleb(-digits)


def price(case: dict) -> tuple[str, Fraction, Fraction]:
    """Kind, points and amount of a case before rounding."""
    rw, f, a, m, s = (Fraction(case[key]) for key in ("weight", "coefficient", "mean", "pool_mean", "scale"))
    cost, low, high = (Fraction(case[key]) for key in ("cost", "low", "high"))
    normal = rw * s * f
    if cost < low * a:
        rules = {
            "as_normal": (normal, 0),
            "cost": (0, cost),
            "pool_ratio": (cost / m * s, 0),
            "stay_ratio_f": (min(rw * s * f * cost / a, rw * s), 0),
            "stay_ratio": (min(rw * s * cost / a, rw * s), 0),
        }
        points, amount = rules[case["low_case"]]
        return "low", Fraction(points), Fraction(amount)
    if cost > high * a:
        rules = {
            "as_normal": (normal, 0),
            "linear_add": (normal + (cost / a - high) * rw * s, 0),
            "linear_add_f": (normal + (cost / a - high) * rw * s * f, 0),
            "deduct": (max(Fraction(0), (cost / m - (high - 1) * rw * f) * s), 0),
            "cap": (a * high * f / m * s, 0),
            "excess_cost": (normal, Fraction(7, 10) * (cost - high * a)),
            "cost": (0, cost),
        }
        points, amount = rules[case["high_case"]]
        return "high", Fraction(points), Fraction(amount)
    return "normal", normal, Fraction(0)


def main() -> None:
    rng = random.Random(20_260_301)
    rows = []
    for number in range(4_000):
        block = number // 40
        setting = random.Random(block)
        mean = Decimal(rng.randrange(50_000, 9_000_000)) / 100
        low, high = setting.choice(["0.3", "0.35", "0.4", "0.5"]), setting.choice(["1.3", "2", "2.5", "3"])
        edge = rng.choice([None, None, None, Decimal(low), Decimal(high)])
        if edge is None:
            cost = (mean * Decimal(rng.randrange(5, 500)) / 100).quantize(Decimal("0.01"))
        else:
            cost = (mean * edge).quantize(Decimal("0.01")) + Decimal(rng.randrange(-1, 2)) / 100
        case = {
            "block": block,
            "weight": str(Decimal(rng.randrange(1_000, 220_000)) / 10_000),
            "coefficient": str(Decimal(rng.randrange(700, 1_300)) / 1_000),
            "mean": str(mean),
            "cost": str(cost),
            "pool_mean": setting.choice(["8000", "9575.25", "7331.47"]),
            "scale": setting.choice(["1", "100", "1000"]),
            "low": low,
            "high": high,
            "low_case": setting.choice(LOWS),
            "high_case": setting.choice(HIGHS),
            "digits": setting.choice(["4", "4", "2", "0"]),
            "mode": setting.choice(list(MODES)),
        }
        kind, points, amount = price(case)
        case["kind"] = kind
        case["points"] = format(rounded(points, int(case["digits"]), case["mode"]).quantize(Decimal("0.0001")), "f")
        case["amount"] = format(rounded(amount, 2, case["mode"]), "f")
        rows.append(case)
    with open("golden.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
