/** Name and version of every package of a uv.lock. A package may stand there in several versions, for several platforms. */
export function uvPackages(text: string): readonly (readonly [name: string, version: string])[] {
  return text.split(/^\[\[package\]\][ \t]*\r?$/m).flatMap((block, i): [string, string][] => {
    if (i === 0) return [];
    const head = block.split(/^\[/m)[0] ?? "";
    const name = /^name = "([^"]+)"/m.exec(head)?.[1];
    const version = /^version = "([^"]+)"/m.exec(head)?.[1];
    return name === undefined || version === undefined ? [] : [[name, version]];
  });
}
