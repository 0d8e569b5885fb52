"""The parts of tools/bench/suite: dycc beside the engines that PyPI has."""
