import { type Library, many } from "./effect.ts";

const np = (effect: string, names: string): Record<string, string> =>
  Object.fromEntries(
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [`numpy.${name}`, effect]),
  );

const draws =
  "rand randn random random_sample ranf sample randint random_integers uniform normal standard_normal choice binomial poisson exponential gamma beta lognormal multivariate_normal chisquare geometric laplace logistic " +
  "multinomial pareto weibull triangular vonmises gumbel f standard_t standard_cauchy standard_exponential standard_gamma negative_binomial hypergeometric dirichlet power rayleigh wald zipf permutation bytes";

/** numpy and scipy. Slices, reshapes and transposes are views. */
export const numpyLibrary: Library = {
  functions: {
    // Applied element by element: a frame stays a frame.
    ...np(
      "-> same",
      "log log1p log10 log2 exp expm1 sqrt cbrt abs absolute fabs sign floor ceil rint trunc round around clip sin cos tan arcsin arccos arctan sinh cosh tanh square power isnan isfinite isinf maximum minimum fmax fmin add subtract multiply divide true_divide mod negative reciprocal logical_not logical_and logical_or deg2rad rad2deg",
    ),
    ...np(
      "-> ndarray",
      "zeros ones empty full eye identity arange linspace logspace geomspace zeros_like ones_like full_like empty_like array copy diag tri tril triu vander meshgrid_ indices fromfunction fromiter",
    ),
    ...np(
      "view -> ndarray",
      "asarray ravel reshape squeeze expand_dims transpose swapaxes moveaxis rollaxis atleast_1d atleast_2d atleast_3d broadcast_to asanyarray ascontiguousarray asfortranarray asmatrix asfarray require diagonal einsum frombuffer nditer ma.array ma.masked_array ma.asarray ma.asanyarray ma.masked_where ma.masked_invalid ma.masked_equal ma.getdata flip fliplr flipud rot90 real imag",
    ),
    ...np("holds -> list", "meshgrid split array_split hsplit vsplit broadcast_arrays"),
    ...np("-> tuple", "unravel_index shape histogram histogram2d nonzero where_ polyfit_ ix_ ogrid_ divmod modf"),
    ...np("-> ndarray", "histogram_bin_edges"),
    ...np("-> float", "pi e nan inf NaN Inf euler_gamma trapz trapezoid"),
    ...np("-> bool", "allclose array_equal isscalar any all"),
    ...np("-> int", "ndim size argmax argmin count_nonzero"),
    ...np(
      "-> float-or-array",
      "mean sum std var median percentile quantile average min max amin amax nanmean nanmedian nanstd nansum nanmin nanmax nanpercentile nanquantile prod dot ptp interp corrcoef_",
    ),
    ...np("-> None", "newaxis"),
    ...np("settings -> dict", "seterr errstate"),
    ...np("display -> None", "set_printoptions"),
    ...np("loads -> ndarray", "load loadtxt genfromtxt fromfile"),
    ...np("stores -> None", "save savetxt savez savez_compressed"),
    ...np("mutates0 -> None", "fill_diagonal put place copyto putmask put_along_axis random.shuffle"),
    // `np.add.at(a, …)` and its like change their first argument.
    ...np(
      "mutates0 -> None",
      "add.at subtract.at multiply.at divide.at maximum.at minimum.at logical_or.at logical_and.at",
    ),
    // Only `copy=False` changes the argument, and then it is the result.
    ...np("view mutates0 -> same", "nan_to_num"),
    ...np(
      "draws -> ndarray",
      draws
        .split(" ")
        .map((name) => `random.${name}`)
        .join(" "),
    ),
    "numpy.random.shuffle": "draws mutates0 -> None",
    "numpy.random.seed": "seeds -> None",
    "numpy.random.set_state": "seeds -> None",
    "numpy.random.get_state": "draws -> unknown",
    "numpy.random.RandomState": "-> RandomState",
    "numpy.random.default_rng": "-> RandomState",
    "numpy.random.Generator": "-> RandomState",
    ...np("calls -> ndarray", "apply_along_axis vectorize frompyfunc piecewise"),
    ...np(
      "-> dtype",
      "dtype int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 bool_ object_ str_ complex64 complex128 number integer floating datetime64 timedelta64",
    ),
    ...many(
      "calls -> unknown",
      "scipy.optimize.minimize scipy.optimize.curve_fit scipy.optimize.fsolve scipy.optimize.root scipy.optimize.brentq scipy.optimize.minimize_scalar scipy.integrate.quad scipy.integrate.odeint scipy.integrate.solve_ivp",
    ),
  },
  modules: {
    numpy: "-> ndarray",
    "numpy.random": "draws -> ndarray",
    "numpy.linalg": "-> ndarray",
    "numpy.fft": "-> ndarray",
    "numpy.ma": "-> ndarray",
    "scipy.stats": "-> unknown-pure",
    "scipy.special": "-> ndarray",
    "scipy.linalg": "-> ndarray",
    "scipy.spatial": "-> unknown-pure",
    "scipy.spatial.distance": "-> ndarray",
    "scipy.interpolate": "-> unknown-pure",
    "scipy.cluster.hierarchy": "-> ndarray",
    "scipy.signal": "-> ndarray",
    "scipy.ndimage": "-> ndarray",
    "scipy.sparse": "-> sparse",
    "scipy.misc": "-> ndarray",
  },
  types: {
    ndarray: {
      annotation: "numpy.ndarray",
      artifact: "npz",
      methods: {
        ...many("view -> ndarray", "reshape ravel transpose squeeze swapaxes view diagonal"),
        ...many(
          "-> ndarray",
          "copy flatten astype round clip argsort repeat cumsum cumprod dot take compress nonzero searchsorted conj conjugate trace choose argpartition",
        ),
        ...many("-> float-or-array", "sum mean std var min max prod ptp argmax argmin"),
        ...many("-> bool", "any all"),
        item: "-> unknown-scalar",
        tolist: "-> list",
        tobytes: "-> bytes",
        ...many("mutates -> None", "fill sort partition put itemset resize setflags byteswap"),
        tofile: "stores -> None",
      },
      attributes: {
        ...many("view -> ndarray", "T flat real imag base"),
        shape: "-> tuple",
        ...many("-> int", "size ndim itemsize nbytes"),
        dtype: "-> dtype",
        "*": "view -> unknown",
      },
      subscript: "view -> ndarray",
      iterates: "float-or-array",
    },
    "float-or-array": { methods: {}, extends: "ndarray", artifact: "json", annotation: "float" },
    "unknown-pure": {
      // Distributions of scipy.stats draw from numpy's generator.
      methods: { "*": "-> unknown-pure", rvs: "draws -> ndarray", resample: "draws -> ndarray" },
      attributes: { "*": "-> unknown-pure" },
      subscript: "-> unknown-pure",
      immutable: true,
    },
    sparse: {
      artifact: "npz",
      methods: {
        ...many("-> sparse", "tocsr tocsc tocoo copy dot multiply transpose astype power"),
        ...many("-> ndarray", "toarray todense sum mean max min getnnz diagonal"),
        sort_indices: "mutates -> None",
        eliminate_zeros: "mutates -> None",
      },
      attributes: { shape: "-> tuple", nnz: "-> int", T: "-> sparse", "*": "view -> ndarray" },
      subscript: "-> sparse",
    },
    RandomState: { methods: { shuffle: "mutates mutates0 -> None", "*": "mutates -> ndarray" }, attributes: {} },
  },
};
