import { type Library, many } from "./effect.ts";

/** Estimators whose `fit` draws no random numbers when no `random_state` is given. Every other one is taken to draw. */
export const deterministicEstimators: ReadonlySet<string> = new Set(
  (
    "LinearRegression Ridge RidgeCV RidgeClassifier Lasso LassoCV LassoLars LassoLarsIC ElasticNet ElasticNetCV LogisticRegression LogisticRegressionCV BayesianRidge ARDRegression HuberRegressor QuantileRegressor " +
    "PoissonRegressor GammaRegressor TweedieRegressor OrthogonalMatchingPursuit TheilSenRegressor_ IsotonicRegression GaussianNB MultinomialNB BernoulliNB ComplementNB CategoricalNB KNeighborsClassifier " +
    "KNeighborsRegressor NearestNeighbors RadiusNeighborsClassifier NearestCentroid LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis SVC NuSVC SVR LinearSVR_ NuSVR OneClassSVM GaussianProcessRegressor_ KernelRidge " +
    "StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer Binarizer PowerTransformer PolynomialFeatures SplineTransformer FunctionTransformer KBinsDiscretizer_ OneHotEncoder OrdinalEncoder LabelEncoder " +
    "LabelBinarizer MultiLabelBinarizer SimpleImputer KNNImputer MissingIndicator Pipeline FeatureUnion ColumnTransformer TransformedTargetRegressor CountVectorizer TfidfVectorizer TfidfTransformer HashingVectorizer " +
    "DictVectorizer FeatureHasher VarianceThreshold SelectKBest SelectPercentile SelectFpr SelectFromModel RFE RFECV GridSearchCV CalibratedClassifierCV VotingClassifier VotingRegressor StackingClassifier StackingRegressor " +
    "OneVsRestClassifier OneVsOneClassifier MultiOutputClassifier MultiOutputRegressor ClassifierChain_ AgglomerativeClustering DBSCAN OPTICS MeanShift AffinityPropagation_ Birch KernelDensity EmpiricalCovariance " +
    "Isomap LocallyLinearEmbedding_ KernelPCA_ KFold StratifiedKFold GroupKFold TimeSeriesSplit LeaveOneOut"
  )
    .split(" ")
    .filter((name) => !name.endsWith("_")),
);

const scorers =
  "accuracy_score roc_auc_score f1_score precision_score recall_score log_loss brier_score_loss average_precision_score balanced_accuracy_score cohen_kappa_score matthews_corrcoef jaccard_score hamming_loss zero_one_loss " +
  "fbeta_score mean_squared_error mean_absolute_error median_absolute_error mean_squared_log_error root_mean_squared_error root_mean_squared_log_error r2_score explained_variance_score max_error mean_absolute_percentage_error " +
  "mean_pinball_loss mean_tweedie_deviance mean_poisson_deviance mean_gamma_deviance d2_tweedie_score d2_absolute_error_score silhouette_score davies_bouldin_score calinski_harabasz_score adjusted_rand_score " +
  "rand_score normalized_mutual_info_score adjusted_mutual_info_score mutual_info_score homogeneity_score completeness_score v_measure_score fowlkes_mallows_score auc top_k_accuracy_score ndcg_score dcg_score hinge_loss";

export const sklearnLibrary: Library = {
  functions: {
    ...many(
      "score -> float",
      scorers
        .split(" ")
        .map((name) => `sklearn.metrics.${name}`)
        .join(" "),
    ),
    ...many("score -> ndarray", "sklearn.metrics.confusion_matrix sklearn.metrics.multilabel_confusion_matrix"),
    ...many(
      "score -> tuple",
      "sklearn.metrics.roc_curve sklearn.metrics.precision_recall_curve sklearn.metrics.det_curve sklearn.metrics.precision_recall_fscore_support sklearn.calibration.calibration_curve",
    ),
    "sklearn.metrics.classification_report": "score -> report",
    "sklearn.metrics.make_scorer": "holds -> unknown-pure",
    ...many("draws -> list", "sklearn.model_selection.train_test_split"),
    ...many(
      "draws score -> ndarray",
      "sklearn.model_selection.cross_val_score sklearn.model_selection.cross_val_predict",
    ),
    ...many("draws score -> dict", "sklearn.model_selection.cross_validate"),
    ...many("draws score -> tuple", "sklearn.model_selection.learning_curve sklearn.model_selection.validation_curve"),
    "sklearn.inspection.permutation_importance": "draws score -> bunch",
    "sklearn.inspection.partial_dependence": "score -> bunch",
    ...many(
      "holds -> estimator",
      "sklearn.pipeline.make_pipeline sklearn.pipeline.make_union sklearn.compose.make_column_transformer sklearn.base.clone",
    ),
    ...many("-> selector", "sklearn.compose.make_column_selector"),
    ...many(
      "draws -> tuple",
      "sklearn.datasets.make_classification sklearn.datasets.make_regression sklearn.datasets.make_blobs sklearn.datasets.make_moons sklearn.datasets.make_circles sklearn.datasets.make_swiss_roll sklearn.datasets.make_s_curve sklearn.datasets.make_friedman1 sklearn.datasets.make_friedman2 sklearn.datasets.make_friedman3 sklearn.datasets.make_gaussian_quantiles sklearn.datasets.make_hastie_10_2",
    ),
    ...many(
      "-> bunch",
      "sklearn.datasets.load_iris sklearn.datasets.load_digits sklearn.datasets.load_wine sklearn.datasets.load_breast_cancer sklearn.datasets.load_diabetes sklearn.datasets.load_boston sklearn.datasets.load_linnerud sklearn.datasets.load_sample_images",
    ),
    ...many(
      "loads -> bunch",
      "sklearn.datasets.fetch_california_housing sklearn.datasets.fetch_openml sklearn.datasets.fetch_20newsgroups sklearn.datasets.fetch_olivetti_faces sklearn.datasets.fetch_lfw_people sklearn.datasets.fetch_covtype sklearn.datasets.load_files sklearn.datasets.load_svmlight_file",
    ),
    "sklearn.datasets.load_sample_image": "-> ndarray",
    ...many("draws -> list", "sklearn.utils.shuffle sklearn.utils.resample"),
    "sklearn.utils.class_weight.compute_class_weight": "-> ndarray",
    "sklearn.set_config": "settings -> None",
    "sklearn.tree.export_text": "-> str",
    "sklearn.tree.export_graphviz": "display -> unknown",
    "sklearn.tree.plot_tree": "display -> unknown",
    ...many(
      "-> ndarray",
      "sklearn.preprocessing.scale sklearn.preprocessing.normalize sklearn.preprocessing.minmax_scale sklearn.preprocessing.label_binarize sklearn.preprocessing.add_dummy_feature",
    ),
    ...many("fit -> unknown", "sklearn.cluster.k_means"),
    ...many(
      "-> tuple",
      "sklearn.feature_selection.f_classif sklearn.feature_selection.f_regression sklearn.feature_selection.chi2",
    ),
    ...many(
      "-> ndarray",
      "sklearn.feature_selection.mutual_info_classif sklearn.feature_selection.mutual_info_regression",
    ),
    ...many("-> ndarray", "sklearn.linear_model.lasso_path sklearn.linear_model.enet_path"),
  },
  modules: { "sklearn.metrics.pairwise": "-> ndarray", "sklearn.feature_selection": "-> tuple" },
  types: {
    /** Every scikit-learn class that is not listed: fitted by `fit`, asked by `predict` and `transform`. */
    estimator: {
      artifact: "joblib",
      methods: {
        ...many("fit self draws -> estimator", "fit partial_fit"),
        ...many("fit draws -> ndarray", "fit_transform fit_resample"),
        fit_predict: "fit draws prediction -> ndarray",
        ...many(
          "prediction -> ndarray",
          "predict predict_proba predict_log_proba decision_function score_samples staged_predict_ predict_quantiles",
        ),
        ...many("prediction -> iterator", "staged_predict staged_predict_proba staged_decision_function"),
        ...many(
          "-> ndarray",
          "transform inverse_transform apply kneighbors_ embed sample_ cost_complexity_pruning_path_",
        ),
        ...many("-> tuple", "kneighbors radius_neighbors"),
        kneighbors_graph: "-> sparse",
        score: "score -> float",
        ...many("score -> ndarray", "bic_ aic_ mahalanobis"),
        ...many("score -> float", "bic aic"),
        sample: "draws -> tuple",
        set_params: "mutates self -> estimator",
        set_output: "mutates self -> estimator",
        get_params: "holds -> dict",
        ...many("-> ndarray", "get_feature_names_out get_support get_feature_names get_booster_ build_analyzer_"),
        ...many(
          "-> unknown",
          "get_n_splits get_depth get_n_leaves build_analyzer build_tokenizer build_preprocessor get_metadata_routing",
        ),
        split: "draws -> iterator",
        cost_complexity_pruning_path: "-> bunch",
      },
      attributes: {
        ...many("view -> dict", "steps transformers_ cv_results_ best_params_ vocabulary_ class_weight_"),
        ...many("view -> parts", "named_steps named_transformers_ named_estimators_"),
        ...many("view -> estimator", "best_estimator_"),
        ...many("view -> list", "estimators_"),
        ...many("-> float", "best_score_ oob_score_ inertia_ lower_bound_ noise_variance_ rank_ alpha_"),
        ...many("-> int", "n_features_in_ n_iter_ n_clusters_ best_index_ n_components_"),
        ...many(
          "view -> ndarray",
          "coef_ intercept_ feature_importances_ classes_ components_ explained_variance_ explained_variance_ratio_ mean_ var_ scale_ labels_ cluster_centers_ support_ support_vectors_ ranking_ scores_ pvalues_ " +
            "feature_names_in_ categories_ statistics_ singular_values_ idf_ means_ covariances_ weights_ embedding_ data_min_ data_max_ dual_coef_ theta_",
        ),
        "*": "view -> unknown",
      },
      subscript: "view -> estimator",
    },
    parts: {
      methods: { get: "view -> estimator", keys: "-> list", values: "view -> list", items: "view -> iterator" },
      attributes: { "*": "view -> estimator" },
      subscript: "view -> estimator",
    },
    bunch: {
      methods: { get: "view -> unknown", keys: "-> list" },
      attributes: {
        DESCR: "-> str",
        frame: "view -> DataFrame",
        ...many("view -> ndarray", "data target images"),
        ...many("view -> list", "target_names feature_names"),
        "*": "view -> unknown",
      },
      subscript: "view -> unknown",
    },
    report: { methods: {}, extends: "str", immutable: true, artifact: "json" },
    selector: { methods: {}, immutable: true },
  },
};
