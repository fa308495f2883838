"""The production package of the model credit-sample."""
