"""What tools/bench/dydca measures, and the parts of its page."""
