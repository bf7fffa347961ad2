"""How fast it is, in ratios against a limit measured in the same run. `python -m benchmarks [W1a W2 …]`."""
