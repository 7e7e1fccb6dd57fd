"""What all tests share."""

from hypothesis import settings

# The same examples on every machine: what one finds, all find, and a red run is red again.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")
