"""The longest wait of a test, in seconds. It only ends tests that hang, so it is long enough for a slow machine."""

DEADLINE = 300
