"""The shared samples beside the checkout, where they are."""

from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"

SHARED: Path | None = _BESIDE if _BESIDE.is_dir() else None

needs_samples = pytest.mark.skipif(SHARED is None, reason="the shared samples are not beside this checkout")


def samples(*names: str) -> Path:
    """A folder of samples; the test that asks is skipped where there is none."""
    if SHARED is None:
        pytest.skip("the shared samples are not beside this checkout")
    return SHARED.joinpath("samples", *names)
