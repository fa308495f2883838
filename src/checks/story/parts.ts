/** What classes of libraries are good for, by name: knowledge, no code. */

const table: Readonly<Record<string, string>> = {
  scaler:
    "StandardScaler MinMaxScaler RobustScaler MaxAbsScaler QuantileTransformer PowerTransformer SimpleImputer Imputer KNNImputer IterativeImputer KBinsDiscretizer SplineTransformer KernelCenterer",
  encoder: "OneHotEncoder OrdinalEncoder LabelEncoder LabelBinarizer CountEncoder BinaryEncoder",
  target:
    "TargetEncoder MEstimateEncoder JamesSteinEncoder WOEEncoder CatBoostEncoder LeaveOneOutEncoder GLMMEncoder MeanEncoder",
  selection:
    "SelectKBest SelectPercentile SelectFpr SelectFdr SelectFwe GenericUnivariateSelect RFE RFECV SelectFromModel SequentialFeatureSelector VarianceThreshold BorutaPy",
  decomposition:
    "PCA IncrementalPCA KernelPCA SparsePCA MiniBatchSparsePCA TruncatedSVD FastICA NMF FactorAnalysis LatentDirichletAllocation LinearDiscriminantAnalysis TSNE UMAP Isomap LocallyLinearEmbedding PLSRegression DictionaryLearning",
  vectorizer: "CountVectorizer TfidfVectorizer TfidfTransformer Tokenizer Word2Vec Doc2Vec",
  sampler:
    "SMOTE SMOTENC SMOTEN BorderlineSMOTE SVMSMOTE KMeansSMOTE ADASYN RandomOverSampler RandomUnderSampler SMOTEENN SMOTETomek NearMiss TomekLinks ClusterCentroids EditedNearestNeighbours",
  search: "GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV",
  container: "Pipeline ColumnTransformer FeatureUnion",
  cluster:
    "KMeans MiniBatchKMeans DBSCAN AgglomerativeClustering GaussianMixture Birch IsolationForest LocalOutlierFactor",
  // Learn nothing from the values of the rows that they are fitted on.
  pure: "FunctionTransformer Normalizer Binarizer HashingVectorizer PolynomialFeatures DictVectorizer MultiLabelBinarizer MissingIndicator",
};

const roles = new Map(
  Object.entries(table).flatMap(([role, names]) => names.split(" ").map((name) => [name, role] as const)),
);

/** Factory functions of containers. */
const factories: ReadonlySet<string> = new Set([
  "make_pipeline",
  "make_column_transformer",
  "make_union",
  "make_imb_pipeline",
]);

/** Libraries whose classes with capital letters are estimators. */
const libraries =
  /^(?:sklearn|imblearn|xgboost|lightgbm|catboost|category_encoders|umap|feature_engine|boruta|mlxtend|skopt)\b/;

/** The role of a class of a library that is fitted; undefined for everything else. */
export function roleOf(member: string): { readonly name: string; readonly role: string } | undefined {
  const name = member.slice(member.lastIndexOf(".") + 1);
  if (factories.has(name)) return { name, role: "container" };
  const role = roles.get(name);
  if (role !== undefined && member.includes(".")) return { name, role };
  if (!libraries.test(member) || !/^[A-Z]/.test(name)) return undefined;
  if (splitterOf(member) || /DMatrix$|^Dataset$|^Pool$|Display$|Warning$|Error$/.test(name)) return undefined;
  return { name, role: "model" };
}

/** Class names of cross-validation splitters. */
const splitters =
  /^(?:(?:Repeated)?(?:Stratified)?K?Fold|(?:Repeated)?(?:Stratified)?KFold|(?:Stratified|Group)?ShuffleSplit|(?:Stratified)?GroupKFold|LeaveOneOut|LeavePOut|LeaveOneGroupOut|LeavePGroupsOut|TimeSeriesSplit|PredefinedSplit)$/;

/** What is known of a splitter by its class. */
export function splitterOf(
  member: string,
):
  | { readonly name: string; readonly isShuffled: boolean; readonly isGrouped: boolean; readonly isOrdered: boolean }
  | undefined {
  const name = member.slice(member.lastIndexOf(".") + 1);
  if (!splitters.test(name)) return undefined;
  return {
    name,
    isShuffled: /Shuffle|^Repeated/.test(name),
    isGrouped: /Group|Predefined/.test(name),
    isOrdered: name === "TimeSeriesSplit",
  };
}

/** Methods and functions that make one figure of many rows, and that a column may be made with. */
export const statistics: ReadonlySet<string> = new Set(
  "mean median mode std var min max quantile percentile sum prod skew kurt kurtosis sem mad describe nanmean nanmedian nanstd nanvar nanmin nanmax nanpercentile nanquantile average amin amax ptp zscore iqr value_counts agg aggregate corr corrwith cov nlargest nsmallest idxmax idxmin".split(
    " ",
  ),
);

/** Statistics whose figures tell which columns go with the label. */
export const relations: ReadonlySet<string> = new Set(["corr", "corrwith", "cov"]);

/** Methods that give the same columns of the same rows, values changed one by one or not at all. */
export const keepers: ReadonlySet<string> = new Set(
  "copy astype fillna replace to_numpy to_frame squeeze ravel flatten tolist to_list rename clip round abs set_axis infer_objects convert_dtypes toarray todense reset_index reindex add_prefix add_suffix where mask apply_map rename_axis tz_localize tz_convert ffill pad to_dense sort_index compute".split(
    " ",
  ),
);

/** Methods that give other rows: some of them, or in another order. */
export const choosers: ReadonlySet<string> = new Set(
  "head tail dropna query drop_duplicates sort_values sample nlargest nsmallest loc truncate between_time last first filter explode".split(
    " ",
  ),
);

/** Figures of sklearn.metrics and the like that take labels and answers. */
export const metrics =
  /(?:_score|_error|_loss|^(?:roc_curve|precision_recall_curve|confusion_matrix|classification_report|log_loss|auc|mse|mae|rmse|det_curve|precision_recall_fscore_support|calibration_curve))$/;

/** Calls that fit and measure in folds. */
export const crossValidated: ReadonlySet<string> = new Set(["cross_val_score", "cross_validate", "cross_val_predict"]);

/** Functions of a library that score features by how they go with the label. */
export const featureScores =
  /(?:^|\.)(?:mutual_info_(?:classif|regression)|chi2|f_classif|f_regression|r_regression|chi2_contingency|pearsonr|spearmanr)$/;
