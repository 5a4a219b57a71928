"""An example of each behaviour, as it stands in a scenario file."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "noise": (
        'noise = { kind = "one-coin", accuracy = 0.8 }',
        'noise = { kind = "confusion", matrix = [[0.9, 0.1, 0, 0], [0.4, 0.6, 0, 0], [0, 0, 0.8, 0.2], [0.1, 0.1, 0.1, 0.7]] }',
    ),
    "latency": (
        'latency = { kind = "fixed", time = "30s" }',
        'latency = { kind = "exponential", mean = "30s" }',
        'latency = { kind = "lognormal", median = "25s", sigma = 0.8 }',
    ),
    "change": ('changes = { kind = "practice", rate = 0.05 }',),
    "family": ('family = { kind = "common-draw", name = "model-x", share = 0.4 }',),
    "distribution": (
        'accuracy = { kind = "beta", a = 8, b = 2 }',
        'accuracy = { kind = "uniform", low = 0.6, high = 0.9 }',
        'accuracy = { kind = "normal", mean = 0.8, sd = 0.1 }',
        'median = { kind = "lognormal", median = 25, sigma = 0.55 }',
    ),
}
"""Lines of TOML by kind of component: a line for each of its members that can be pictured."""
