"""The parts of tools/bench/dysr."""
