# Databricks notebook source
# MAGIC %md
# MAGIC # Scoring
# MAGIC ## Loans

# COMMAND ----------

# MAGIC %run ./common

# COMMAND ----------

loans = pd.read_parquet("loans.parquet")
display(loans)

# COMMAND ----------

# MAGIC %md ## Scores

# COMMAND ----------

from sklearn.linear_model import LinearRegression

loans["load"] = ratio(loans, "debt", "income")
train = loans[loans["year"] < 2024]
test = loans[loans["year"] >= 2024]
model = LinearRegression()
model.fit(train[["load"]], train["loss"])
predicted = model.predict(test[["load"]])
error = abs(predicted - test["loss"]).mean()
print(error)

# COMMAND ----------

# MAGIC %sql
# MAGIC select * from loans
