import { testExample } from "./suite.ts";

testExample("claims-frequency");
