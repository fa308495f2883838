"""The steps of the pipeline, one pure function each."""
