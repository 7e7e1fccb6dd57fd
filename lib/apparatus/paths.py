"""Where everything lies. The only module that knows the layout of the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
CATALOG = SEEDS / "catalog.toml"
TEXTS = SEEDS / "texts"
KNOWLEDGE = SEEDS / "knowledge"
READINGS = SEEDS / "readings"
NOTEBOOKS = ROOT / "notebooks"
PLAN = NOTEBOOKS / "plan.toml"
BOOK = ROOT / "book"
BUILD = ROOT / "build"
LOCK = ROOT / "requirements.txt"
