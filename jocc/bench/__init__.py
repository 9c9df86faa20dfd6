"""The benchmark: throughput and delay of the whole centre over real HTTP, as ratios measured in one run."""
