import altair from "./data/altair.json" with { type: "json" };
import beautifulsoup4 from "./data/beautifulsoup4.json" with { type: "json" };
import bokeh from "./data/bokeh.json" with { type: "json" };
import builtins from "./data/builtins.json" with { type: "json" };
import catboost from "./data/catboost.json" with { type: "json" };
import categoryEncoders from "./data/category_encoders.json" with { type: "json" };
import chainladder from "./data/chainladder.json" with { type: "json" };
import dill from "./data/dill.json" with { type: "json" };
import dotenv from "./data/dotenv.json" with { type: "json" };
import featureEngine from "./data/feature_engine.json" with { type: "json" };
import graphviz from "./data/graphviz.json" with { type: "json" };
import imblearn from "./data/imblearn.json" with { type: "json" };
import ipython from "./data/ipython.json" with { type: "json" };
import ipywidgets from "./data/ipywidgets.json" with { type: "json" };
import joblib from "./data/joblib.json" with { type: "json" };
import lightgbm from "./data/lightgbm.json" with { type: "json" };
import matplotlib from "./data/matplotlib.json" with { type: "json" };
import mglearn from "./data/mglearn.json" with { type: "json" };
import missingno from "./data/missingno.json" with { type: "json" };
import mlxtend from "./data/mlxtend.json" with { type: "json" };
import networkx from "./data/networkx.json" with { type: "json" };
import nltk from "./data/nltk.json" with { type: "json" };
import numpy from "./data/numpy.json" with { type: "json" };
import palmerpenguins from "./data/palmerpenguins.json" with { type: "json" };
import pandas from "./data/pandas.json" with { type: "json" };
import patsy from "./data/patsy.json" with { type: "json" };
import pillow from "./data/pillow.json" with { type: "json" };
import plotly from "./data/plotly.json" with { type: "json" };
import pydotplus from "./data/pydotplus.json" with { type: "json" };
import pyspark from "./data/pyspark.json" with { type: "json" };
import python from "./data/python.json" with { type: "json" };
import pyyaml from "./data/pyyaml.json" with { type: "json" };
import requests from "./data/requests.json" with { type: "json" };
import scikitLearn from "./data/scikit-learn.json" with { type: "json" };
import scipy from "./data/scipy.json" with { type: "json" };
import seaborn from "./data/seaborn.json" with { type: "json" };
import shap from "./data/shap.json" with { type: "json" };
import sklearnPandas from "./data/sklearn_pandas.json" with { type: "json" };
import sqlalchemy from "./data/sqlalchemy.json" with { type: "json" };
import statsmodels from "./data/statsmodels.json" with { type: "json" };
import tabulate from "./data/tabulate.json" with { type: "json" };
import tqdm from "./data/tqdm.json" with { type: "json" };
import watermark from "./data/watermark.json" with { type: "json" };
import xgboost from "./data/xgboost.json" with { type: "json" };
import ydataProfiling from "./data/ydata-profiling.json" with { type: "json" };
import yellowbrick from "./data/yellowbrick.json" with { type: "json" };
import type { LibraryFile } from "./library-file.ts";

/** The libraries that Crosswalk knows: one file each in data/, every one listed here. */
export const libraryFiles = [
  altair,
  beautifulsoup4,
  bokeh,
  builtins,
  catboost,
  categoryEncoders,
  chainladder,
  dill,
  dotenv,
  featureEngine,
  graphviz,
  imblearn,
  ipython,
  ipywidgets,
  joblib,
  lightgbm,
  matplotlib,
  mglearn,
  missingno,
  mlxtend,
  networkx,
  nltk,
  numpy,
  palmerpenguins,
  pandas,
  patsy,
  pillow,
  plotly,
  pydotplus,
  pyspark,
  python,
  pyyaml,
  requests,
  scikitLearn,
  scipy,
  seaborn,
  shap,
  sklearnPandas,
  sqlalchemy,
  statsmodels,
  tabulate,
  tqdm,
  watermark,
  xgboost,
  ydataProfiling,
  yellowbrick,
] as readonly LibraryFile[];
