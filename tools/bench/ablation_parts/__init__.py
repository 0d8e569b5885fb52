"""What tools/bench/ablation consists of."""
