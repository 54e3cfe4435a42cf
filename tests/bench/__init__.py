"""Speed and memory, measured side by side in one run: `uv run python -m tests.bench`."""
