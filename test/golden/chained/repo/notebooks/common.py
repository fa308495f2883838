# Databricks notebook source
# MAGIC %md # What all notebooks share

# COMMAND ----------

import pandas as pd


def ratio(frame, top, bottom):
    return frame[top] / frame[bottom].clip(lower=floor)


floor = 1

# COMMAND ----------

# MAGIC %pip install pandas==2.2.3
