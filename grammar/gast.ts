import { type Alternation, Alternative, type IProduction } from "chevrotain";

/** The alternatives of a choice, each as the sequence it reads. */
export function alternatives(choice: Alternation): readonly (readonly IProduction[])[] {
  return choice.definition.map((p: IProduction) => (p instanceof Alternative ? p.definition : [p]));
}
