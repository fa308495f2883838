"""What this package raises on purpose; each error knows the exit code it ends with."""

from __future__ import annotations


class ProductError(Exception):
    """Something this package found wrong and can explain."""

    exit_code = 1


class UsageError(ProductError):
    """The call, the configuration or the environment is not as it must be."""

    exit_code = 2


class SettingsError(UsageError):
    """A parameter or a settings file is not as it must be."""


class DatasetError(UsageError):
    """Data is missing or is bound in a way that cannot be read."""


class SecretError(UsageError):
    """A secret is missing from the environment."""


class ArtifactError(ProductError):
    """A value cannot be kept as plain files, or its files are not what was kept."""


class MissingArtifactError(ArtifactError):
    """A step was asked for before the step that it builds on has run."""

    exit_code = 2


class ContractError(ProductError):
    """Data does not keep its contract."""


class ExpectationError(ProductError):
    """A statement that the notebook promises does not hold."""


class MetricError(ProductError):
    """A release gate failed: a metric is missing or out of its bounds."""


class StepError(ProductError):
    """A step stopped; the message names the step and its notebook cell."""
