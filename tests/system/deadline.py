"""The longest wait of a test, in seconds. It only ends tests that hang, so it is generous: a machine may be slow."""

DEADLINE = 300
