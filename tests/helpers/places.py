"""Where things lie: the folder of the whole project, and the small sample course."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
SAMPLE = TESTS / "sample_course"
