/** `npm run tools [NAME …]`: installs the servers and build tools that some tests are run against, into .envs/tools. */
import { installTools, optionalTool, type ToolName, toolNames } from "./lib/optional-tools.ts";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !toolNames.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`no tool is called ${unknown.join(", ")}; there are ${toolNames.join(", ")}\n`);
  process.exitCode = 2;
} else {
  const names = toolNames.filter((name) => asked.length === 0 || asked.includes(name));
  await installTools(names as readonly ToolName[], (line) => process.stdout.write(`${line}\n`), true);
  for (const name of names) {
    const tool = optionalTool(name);
    process.stdout.write(`${name}: ${tool.kind === "here" ? tool.command : tool.reason}\n`);
  }
}
