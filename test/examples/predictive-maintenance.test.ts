import { testExample } from "./suite.ts";

testExample("predictive-maintenance");
