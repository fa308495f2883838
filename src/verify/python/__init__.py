"""What `crosswalk verify` runs in the user's Python: notebook, product, comparison."""
