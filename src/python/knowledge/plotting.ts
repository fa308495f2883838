import type { Library } from "./effect.ts";

/** Libraries that only draw. What they return is display, never data; data handed to them is left as it is. */
export const plottingLibrary: Library = {
  functions: {
    "seaborn.load_dataset": "loads -> DataFrame",
    "matplotlib.pyplot.savefig": "display -> None",
    "matplotlib.pyplot.imread": "loads -> ndarray",
    "matplotlib.image.imread": "loads -> ndarray",
    "matplotlib.pyplot.hist": "display -> figure",
  },
  modules: Object.fromEntries(
    "matplotlib matplotlib.pyplot matplotlib.pylab matplotlib.cm matplotlib.colors matplotlib.ticker matplotlib.dates matplotlib.gridspec matplotlib.patches mpl_toolkits seaborn plotly plotly.express plotly.graph_objects plotly.graph_objs plotly.offline plotly.subplots plotly.io altair bokeh bokeh.plotting bokeh.io IPython IPython.display ipywidgets graphviz pydotplus missingno yellowbrick mglearn.plots mlxtend.plotting statsmodels.graphics statsmodels.graphics.api statsmodels.graphics.gofplots statsmodels.graphics.tsaplots statsmodels.graphics.regressionplots tabulate"
      .split(" ")
      .map((name) => [name, "display -> figure"]),
  ),
  types: {
    figure: {
      methods: { "*": "display -> figure" },
      attributes: { "*": "display -> figure" },
      subscript: "display -> figure",
      iterates: "figure",
    },
  },
};
