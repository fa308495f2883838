import { testExample } from "./suite.ts";

testExample("credit-risk");
