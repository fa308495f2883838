import type { Code } from "../../diagnostics/catalogue.ts";
import type { Law } from "../case.ts";
import { chosenOnTest } from "./chosen-on-test.ts";
import { decompositionBeforeSplit } from "./decomposition-before-split.ts";
import { duplicatesAcrossSplit } from "./duplicates-across-split.ts";
import { encodersBeforeSplit } from "./encoder-before-split.ts";
import { featureLooksAhead } from "./feature-looks-ahead.ts";
import { featureMadeOfLabel } from "./feature-made-of-label.ts";
import { featuresThatMakeLabel } from "./features-that-make-label.ts";
import { groupsAcrossSplit } from "./groups-across-split.ts";
import { labelAmongFeatures } from "./label-among-features.ts";
import { ownLabelEncoded } from "./own-label-encoded.ts";
import { preparedOutsideFolds } from "./prepared-outside-folds.ts";
import { randomSplitInTime } from "./random-split-in-time.ts";
import { resamplingBeforeSplit } from "./resampling-before-split.ts";
import { scalersBeforeSplit } from "./scaler-before-split.ts";
import { searchedOnAllRows } from "./searched-on-all-rows.ts";
import { selectionBeforeSplit } from "./selection-before-split.ts";
import { shuffledFoldsInTime } from "./shuffled-folds-in-time.ts";
import { statisticsBeforeSplit } from "./statistic-before-split.ts";
import { stoppedOnTest } from "./stopped-on-test.ts";
import { targetEncodingBeforeSplit } from "./target-encoding-before-split.ts";
import { testPreparedByItself } from "./test-prepared-by-itself.ts";
import { thresholdOnTest } from "./threshold-on-test.ts";
import { vectorizersBeforeSplit } from "./vectorizer-before-split.ts";

/** The laws of leakage, in the order in which they speak. */
export const leakLaws: readonly { readonly codes: readonly Code[]; readonly law: Law }[] = [
  { codes: ["CW4101"], law: statisticsBeforeSplit },
  { codes: ["CW4102"], law: scalersBeforeSplit },
  { codes: ["CW4103"], law: encodersBeforeSplit },
  { codes: ["CW4104"], law: selectionBeforeSplit },
  { codes: ["CW4105"], law: decompositionBeforeSplit },
  { codes: ["CW4106"], law: resamplingBeforeSplit },
  { codes: ["CW4107"], law: targetEncodingBeforeSplit },
  { codes: ["CW4108"], law: vectorizersBeforeSplit },
  { codes: ["CW4109"], law: duplicatesAcrossSplit },
  { codes: ["CW4110"], law: groupsAcrossSplit },
  { codes: ["CW4111"], law: randomSplitInTime },
  { codes: ["CW4112"], law: shuffledFoldsInTime },
  { codes: ["CW4113"], law: labelAmongFeatures },
  { codes: ["CW4114"], law: featureMadeOfLabel },
  { codes: ["CW4115"], law: featuresThatMakeLabel },
  { codes: ["CW4116"], law: featureLooksAhead },
  { codes: ["CW4117"], law: stoppedOnTest },
  { codes: ["CW4118"], law: searchedOnAllRows },
  { codes: ["CW4119"], law: thresholdOnTest },
  { codes: ["CW4120"], law: chosenOnTest },
  { codes: ["CW4121"], law: testPreparedByItself },
  { codes: ["CW4122"], law: preparedOutsideFolds },
  { codes: ["CW4123"], law: ownLabelEncoded },
];
