"""A WeChat platform and its phones, kept in memory, for trial, training and tests."""
