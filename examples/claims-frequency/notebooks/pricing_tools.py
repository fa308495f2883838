"""Small tools of the pricing desk. Notebooks take them with `%run pricing_tools.py`."""

import numpy as np


def weighted(values, weight):
    """Mean, weighted by exposure."""
    return np.average(values, weights=weight)


def gini(actual, predicted, weight):
    """Area between the Lorenz curve and the diagonal, exposure weighted."""
    order = np.argsort(predicted, kind="stable")
    a, w = np.asarray(actual)[order], np.asarray(weight)[order]
    x = np.insert(np.cumsum(w) / w.sum(), 0, 0.0)
    y = np.insert(np.cumsum(a) / a.sum(), 0, 0.0)
    return 1 - 2 * np.trapz(y, x)


def concentration(actual, predicted, weight, share=0.1):
    """Share of the claims in the worst policies; used by the fleet desk."""
    order = np.argsort(predicted)[::-1]
    w = np.cumsum(np.asarray(weight)[order])
    return np.asarray(actual)[order][w <= share * w[-1]].sum() / np.sum(actual)
