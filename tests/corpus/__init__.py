"""The corpus lint: counts, compares and slices the training utterances in data/nlu and holds them to corpus.toml."""
