import { type Library, many } from "./effect.ts";

/** xgboost, lightgbm, catboost, imbalanced-learn, statsmodels: estimators by their own names, results of `fit` as estimators. */
export const boostingLibrary: Library = {
  functions: {
    ...many("-> DMatrix", "xgboost.DMatrix lightgbm.Dataset catboost.Pool"),
    ...many("draws fit -> booster", "xgboost.train lightgbm.train"),
    ...many("draws score -> DataFrame", "xgboost.cv"),
    ...many("draws score -> dict", "lightgbm.cv"),
    ...many("display -> figure", "xgboost.plot_importance xgboost.plot_tree lightgbm.plot_importance"),
    ...many("-> ndarray", "statsmodels.api.add_constant_"),
    "statsmodels.api.add_constant": "-> same",
    ...many(
      "holds -> statsmodel",
      "statsmodels.api.OLS statsmodels.api.Logit statsmodels.api.GLM statsmodels.api.WLS statsmodels.api.GLS statsmodels.api.Probit statsmodels.api.Poisson statsmodels.api.MNLogit statsmodels.api.RLM statsmodels.api.NegativeBinomial",
    ),
    ...many(
      "holds -> statsmodel",
      "statsmodels.formula.api.ols statsmodels.formula.api.logit statsmodels.formula.api.glm statsmodels.formula.api.wls statsmodels.formula.api.poisson statsmodels.formula.api.probit statsmodels.formula.api.mixedlm statsmodels.formula.api.quantreg statsmodels.formula.api.rlm",
    ),
    ...many(
      "-> unknown-pure",
      "statsmodels.stats.outliers_influence.variance_inflation_factor statsmodels.api.families.Poisson statsmodels.api.families.Gamma statsmodels.api.families.Binomial statsmodels.api.families.Gaussian statsmodels.api.families.links.log statsmodels.api.families.Tweedie statsmodels.api.families.links.Log",
    ),
    "statsmodels.api.qqplot": "display -> figure",
    "statsmodels.api.stats.anova_lm": "-> DataFrame",
  },
  types: {
    DMatrix: {
      methods: { ...many("-> ndarray", "get_label get_weight"), "*": "mutates -> unknown" },
      attributes: { "*": "-> unknown" },
    },
    booster: {
      artifact: "joblib",
      methods: {
        predict: "prediction -> ndarray",
        ...many("-> dict", "get_score get_fscore"),
        feature_importance: "-> ndarray",
        save_model: "stores -> None",
        "*": "mutates -> unknown",
      },
      attributes: { "*": "view -> unknown" },
    },
    statsmodel: {
      methods: {
        ...many("fit -> results", "fit fit_regularized"),
        predict: "prediction -> ndarray",
        "*": "-> unknown",
      },
      attributes: { "*": "view -> unknown" },
    },
    results: {
      artifact: "joblib",
      methods: {
        ...many("prediction -> Series", "predict"),
        ...many("-> report", "summary summary2"),
        ...many("-> DataFrame", "conf_int cov_params pvalues_"),
        get_prediction: "prediction -> unknown-pure",
        ...many("-> unknown-pure", "t_test f_test wald_test get_influence test_heteroskedasticity"),
        remove_data: "mutates -> None",
        save: "stores -> None",
      },
      attributes: {
        ...many(
          "-> Series",
          "params bse pvalues tvalues resid fittedvalues resid_deviance resid_pearson resid_response",
        ),
        ...many(
          "-> float",
          "rsquared rsquared_adj aic bic llf fvalue f_pvalue mse_resid deviance nobs df_resid df_model scale pearson_chi2 prsquared",
        ),
        "*": "view -> unknown",
      },
    },
  },
};
