# %%
import pandas as pd

sales = pd.read_csv("sales.csv")

# %%
by_region = sales.groupby("region")["amount"].sum()
total = by_region.sum()
share = by_region / total
print(share)

# %%
lowest = share.min()
names = ["north", "south"]
label = f"{len(names)} regions"
