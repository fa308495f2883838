"""The production package of the model loan-serving."""
