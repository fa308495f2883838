import type { Blueprint } from "../../blueprint/blueprint.ts";

/** Whether the product answers new rows, and so carries the modules and the extra `serve` for that. */
export function serves(b: Blueprint): boolean {
  return "serving" in b && b.serving !== undefined;
}

/** What the command `serve` needs beside the product's own requirements; `predict` needs none of it. */
export const serveRequirements: readonly string[] = [
  "fastapi>=0.115",
  "prometheus-client>=0.20",
  "pydantic>=2",
  "uvicorn>=0.30",
];

/** What tracing needs, where a variable OTEL_… asks for it; the image of the service has it. */
export const traceRequirements: readonly string[] = [
  "opentelemetry-exporter-otlp-proto-http>=1.25",
  "opentelemetry-sdk>=1.25",
];

/** Import names of what `serve` needs: a product is checked for types where they are not installed too. */
export const serveModules: readonly string[] = ["fastapi", "prometheus_client", "pydantic", "uvicorn"];
