"""Anything that runs after the answer to the person: desk (submit, retry, watch) and runner."""
