import type { Finding } from "./record.ts";

/** What the product's training run came to. */
export interface Training {
  readonly code: number;
  readonly said: string;
  readonly selfCheck: string | null;
  readonly isTrained: boolean;
  readonly seconds: number;
}

/** A product that does not train, or whose own check stops it, differs from a notebook that runs to its end. */
export function trainingFindings({ code, said, selfCheck, isTrained }: Training): Finding[] {
  const failed = (name: string, product: string): Finding => ({
    kind: "run",
    name,
    outcome: "different",
    at: name,
    notebook: "runs to its end",
    product: product.slice(0, 600),
  });
  const findings: Finding[] = [];
  if (code !== 0 || !isTrained) findings.push(failed("training", said || `ended with ${code}`));
  if (selfCheck?.startsWith("different: ")) findings.push(failed("self-check", selfCheck.slice("different: ".length)));
  return findings;
}
