"""Writes tests/golden/sobol.json: points of SciPy's Sobol sequence, which src/core/random/sobol.ts must give too.

python models/training/sobol_golden.py   # needs SciPy alone
"""

import json
import pathlib

import scipy
from scipy.stats import qmc

DIMENSIONS = 67
PLACES = [0, 1, 2, 3, 5, 37, 63, 1_000_000]


def point(place):
    """Point `place` in SciPy's order, that of the Gray code, times 2^32."""
    sequence = qmc.Sobol(DIMENSIONS, scramble=False, bits=32)
    if place > 0:
        sequence.fast_forward(place)
    return [int(x * 2**32) for x in sequence.random(1)[0]]


if __name__ == "__main__":
    found = {
        "source": f"scipy.stats.qmc.Sobol({DIMENSIONS}, scramble=False, bits=32), SciPy {scipy.__version__}, in its own order",
        "points": [{"place": place, "point": point(place)} for place in PLACES],
    }
    file = pathlib.Path(__file__).parents[2] / "tests" / "golden" / "sobol.json"
    file.write_text(json.dumps(found) + "\n")
