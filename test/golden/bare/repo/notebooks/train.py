# %% [markdown]
# # Churn

# %%
%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

# %% [markdown]
# ## Load the customers

# %%
DATA = "../data/"
df = pd.read_csv(DATA + "customers.csv")
df.head()

# %%
df["age"].hist()
plt.show()

# %% [markdown]
# ## Prepare

# %%
cap = df["spend"].quantile(0.95)


def clipped(values):
    """Cut off the largest."""
    return values.clip(upper=cap)


# spend has a long tail
df["spend"] = clipped(df["spend"])
df.loc[df["tenure"] < 0, "tenure"] = np.nan
df = df.dropna()
ratio = lambda a, b: a / (b + 1)
df["per_month"] = ratio(df["spend"], df["tenure"])

# %% [markdown]
# ## Fit and judge

# %%
TEST_SIZE = 0.25
features = ["age", "spend", "tenure", "per_month"]
X_train, X_test, y_train, y_test = train_test_split(
    df[features], df["churned"], test_size=TEST_SIZE, random_state=7
)
model = LogisticRegression(max_iter=500).fit(X_train, y_train)
p = model.predict_proba(X_test)[:, 1]
print("AUC", roc_auc_score(y_test, p))

# %%
tmp = df.groupby("plan")["churned"].mean()
tmp.plot.bar()
