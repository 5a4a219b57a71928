"""An example of everything that selects or stops, as it stands in a scenario file, and what to see in its picture."""

SELECTING: dict[str, tuple[tuple[str, str], ...]] = {
    "strategy": (
        ('strategy = { kind = "random" }', "Scores mean nothing, and items come from anywhere: most from where most are."),
        ('strategy = { kind = "in-order" }', "The order of these data is by chance, and so is what comes of it."),
        (
            'strategy = { kind = "least-confident" }',
            "Along the lines, and most where three classes meet: none of them is probable there.",
        ),
        (
            'strategy = { kind = "margin" }',
            "Along the lines, whichever two classes they part; how possible a third is does not count.",
        ),
        (
            'strategy = { kind = "entropy" }',
            "Nearer to where all three classes are possible than `margin`; the far ends of lines, between two classes, wait.",
        ),
        (
            'strategy = { kind = "distance-to-boundary" }',
            "Of a logistic regression almost the same as `margin`: its probabilities are made of its decision function.",
        ),
        (
            'strategy = { kind = "certainty", label = "C" }',
            "What may be C, the likeliest first, whatever a model would learn from it: the whole of the rare cluster.",
        ),
        ('strategy = { kind = "epsilon", share = 0.3, of = "margin" }', "`margin`, and three items in ten from anywhere."),
        (
            'strategy = { kind = "class-balanced", of = "margin" }',
            "C has the fewest labels: what is predicted to be C is asked for, until there are as many of it or none is left.",
        ),
        (
            'strategy = { kind = "vote-entropy" }',
            "Between the members' lines; wherever all members vote alike items score 0, and there are many equals.",
        ),
        (
            'strategy = { kind = "consensus-entropy" }',
            "Where members differ, and where all are alike unsure: so along the middle line, too.",
        ),
        (
            'strategy = { kind = "kl-divergence" }',
            "Where members differ, be it only in how sure they are: above all around C, of whose two labels each drew others.",
        ),
        (
            'strategy = { kind = "variation-ratios" }',
            "Five members make for few different scores; otherwise as `vote-entropy`.",
        ),
        ('strategy = { kind = "mean-deviation" }', "Where the members' probabilities differ most; here much as `kl-divergence`."),
        (
            'strategy = { kind = "bald" }',
            "What members differ about, and not what all of them find a toss-up: little along the middle line. It is the mean of "
            "`kl-divergence` by another formula.",
        ),
        (
            'strategy = { kind = "batch-bald" }',
            "Begins as `bald`; then what the first ones do not tell: fewer items of the rare cluster, more around.",
        ),
        (
            'strategy = { kind = "expected-error-reduction" }',
            "A sample of candidates has scores, and all others are the smallest dots. Best are those whose label would settle many "
            "others, on a line or not.",
        ),
        (
            'strategy = { kind = "variance-reduction" }',
            "Far items on lines tell most of where the lines run; those of a batch come from the ends of several lines.",
        ),
        (
            'strategy = { kind = "expected-model-change" }',
            "Unsure items, and of these the ones far from the middle: they move a model most.",
        ),
        ('strategy = { kind = "quire" }', "What labels say least of: the far items, and the rims of the clusters."),
        (
            'strategy = { kind = "hierarchical" }',
            "By chance, out of clusters whose items may differ from their label: seldom A, where all labels agree.",
        ),
        (
            'strategy = { kind = "dwus" }',
            "Where many items are and classes meet: between A and B, and in the rare cluster; none of the far items.",
        ),
        (
            'strategy = { kind = "k-center" }',
            "Each as far as can be from all before it: the rims first, and then the gaps. No model has a say.",
        ),
        (
            'strategy = { kind = "ranked-batch" }',
            "Most of the pool has no label, so distance counts for most: much as `k-center`, drawn towards the lines.",
        ),
        ('strategy = { kind = "k-means" }', "One item from the midst of each of ten clusters, whatever the model says."),
        (
            'strategy = { kind = "typiclust" }',
            "The thick of clusters that have no label; far items, in clusters of few, come last. Dots are for a single pick.",
        ),
        ('strategy = { kind = "prob-cover" }', "Wherever most items lie near no label: one for each patch, all over the plane."),
        ('strategy = { kind = "badge" }', "By chance, unsure items that are unlike each other: few are neighbours."),
        (
            'strategy = { kind = "information-density", of = "entropy", similarity = "euclidean" }',
            "`entropy`, drawn to the middle of the plane: what lies far from most items counts for less.",
        ),
        (
            'strategy = { kind = "graph-density" }',
            "The thick of what has no label yet; each pick takes from its neighbours, and so the next is elsewhere.",
        ),
        (
            'strategy = { kind = "weighted-sum", parts = ["margin", "k-center"], weights = [0.5, 0.5] }',
            "Far from labels, or unsure: much of the one makes up for little of the other.",
        ),
        (
            'strategy = { kind = "product", parts = ["margin", "graph-density"], exponents = [1.0, 1.0] }',
            "Both must be high: unsure items, there where few around have a label or are under way.",
        ),
        (
            'strategy = { kind = "rank-product", parts = ["margin", "k-center"] }',
            "Among the first by both: the far items that are on lines, then others far from labels.",
        ),
        (
            'strategy = { kind = "then-by", first = "vote-entropy", then = "margin" }',
            "Of all that are equal by `vote-entropy`, the least margin first.",
        ),
        (
            'strategy = { kind = "subsample", number = 50, of = "margin" }',
            "`margin`, among 50 items by chance; the smallest dots are all others, which are not looked at.",
        ),
        (
            'strategy = { kind = "filter", by = "margin", best = 60, then = "k-center" }',
            "The 60 items of least margin, and among these far from each other; the smallest dots are not on the shortlist.",
        ),
        (
            'strategy = { kind = "cost-aware", of = "margin" }',
            "`margin`, where people take the longer the farther to the right: unsure items on the left come first.",
        ),
        (
            'strategy = { kind = "council", members = ["margin", "k-center", "graph-density"], rule = "borda" }',
            "Three members nominate ten items each, the large dots; what two of them name, or one names first, comes first.",
        ),
    ),
    "pending": (
        ('pending = { kind = "ignore" }', "Right beside the diamonds, as if nobody was at work on these."),
        ('pending = { kind = "local-penalisation" }', "Along the same lines, away from the diamonds and from each other."),
        (
            'pending = { kind = "kriging-believer" }',
            "Having learnt its own guesses the model is surer where diamonds are: fewer items beside them, more along other lines.",
        ),
        (
            'pending = { kind = "constant-liar", lie = "most-frequent" }',
            "All diamonds count as A, the class of most labels: the line moves into B, and items are asked for where it would be.",
        ),
    ),
    "stop-rule": (
        (
            'rules = { kind = "kappa", threshold = 0.99, patience = 3 }',
            "Successive versions predict nearly the same, three times in a row.",
        ),
        (
            'rules = { kind = "classification-change", threshold = 0.0, patience = 2 }',
            "Twice in a row, not one item without a label has changed its class.",
        ),
        (
            'rules = { kind = "f1-delta", threshold = 0.005, patience = 3 }',
            "Class by class, what `kappa` sees at once: rare ones count as much.",
        ),
        (
            'rules = { kind = "overall-uncertainty", threshold = 0.05 }',
            "Falls smoothly, as the model grows sure; whether it is right is not asked.",
        ),
        (
            'rules = { kind = "max-confidence", threshold = 0.05 }',
            "One doubtful item is enough to go on: it fires long after the others.",
        ),
    ),
}
"""Lines of TOML by kind of component, each with a sentence or two on its picture."""
