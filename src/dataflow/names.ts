/**
 * Names and what they stand for, as they are now. A snapshot costs nothing, however many names there are: changes copy
 * the few nodes on their way (a radix trie over numbers that names get in the order of their first binding), all else is
 * shared. So the names before each statement can be kept, and branches joined where they differ, in linear space.
 */
export interface Names<V> extends Iterable<readonly [string, V]> {
  get(name: string): V | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
  readonly size: number;
}

/** Names that can be bound and unbound. */
export interface NameTable<V> extends Names<V> {
  set(name: string, value: V): void;
  delete(name: string): void;
  /** The names as they are now; later changes leave it alone. */
  snapshot(): NameSnapshot<V>;
  /** Makes the names what they were. */
  restore(from: NameSnapshot<V>): void;
  /** Names that are bound differently here and there, in order. */
  differences(there: NameSnapshot<V>): Iterable<readonly [name: string, here: V | undefined, there: V | undefined]>;
}

/** Names at one point of a run. */
export interface NameSnapshot<V> extends Names<V> {
  readonly root: Node<V>;
  readonly depth: number;
}

const bits = 5;
const width = 1 << bits;

/** A node holds nodes, down to the leaves, which hold values. All leaves are equally deep. */
type Node<V> = readonly (Node<V> | V | undefined)[];

interface Index {
  readonly numbers: Map<string, number>;
  readonly names: string[];
}

/** An empty table. */
export function nameTable<V extends object>(): NameTable<V> {
  const index: Index = { numbers: new Map(), names: [] };
  let root: Node<V> = [];
  let depth = 1;
  let size = 0;
  // Snapshots taken while the trie was lower stand under its first branch.
  const deepened = (node: Node<V>, from: number): Node<V> => {
    let out = node;
    for (let d = from; d < depth; d++) out = [out];
    return out;
  };
  const look = (name: string): V | undefined => {
    const number = index.numbers.get(name);
    return number === undefined ? undefined : at(root, depth, number);
  };
  const put = (name: string, value: V | undefined): void => {
    let number = index.numbers.get(name);
    if (number === undefined) {
      number = index.names.length;
      index.numbers.set(name, number);
      index.names.push(name);
      while (number >= width ** depth) {
        root = [root];
        depth++;
      }
    }
    root = replaced(root, depth, number, value);
  };
  return {
    get: look,
    has: (name) => look(name) !== undefined,
    keys: () => keysOf(entries(root, depth, 0, index)),
    [Symbol.iterator]: () => entries(root, depth, 0, index),
    get size() {
      return size;
    },
    set(name, value) {
      if (look(name) === undefined) size++;
      put(name, value);
    },
    delete(name) {
      if (look(name) === undefined) return;
      size--;
      put(name, undefined);
    },
    snapshot: () => frozen(root, depth, size, index),
    restore(from) {
      root = deepened(from.root, from.depth);
      size = from.size;
    },
    *differences(there) {
      yield* compared(root, deepened(there.root, there.depth), depth, 0, index);
    },
  };
}

function frozen<V extends object>(root: Node<V>, depth: number, size: number, index: Index): NameSnapshot<V> {
  const get = (name: string): V | undefined => {
    const number = index.numbers.get(name);
    return number === undefined || number >= width ** depth ? undefined : at(root, depth, number);
  };
  return {
    root,
    depth,
    size,
    get,
    has: (name) => get(name) !== undefined,
    keys: () => keysOf(entries(root, depth, 0, index)),
    [Symbol.iterator]: () => entries(root, depth, 0, index),
  };
}

function at<V>(root: Node<V>, depth: number, number: number): V | undefined {
  let node: Node<V> | undefined = root;
  for (let d = depth - 1; d > 0; d--) node = node?.[(number >> (d * bits)) % width] as Node<V> | undefined;
  return node?.[number % width] as V | undefined;
}

function replaced<V>(node: Node<V>, depth: number, number: number, value: V | undefined): Node<V> {
  const place = depth === 1 ? number % width : (number >> ((depth - 1) * bits)) % width;
  const out = [...node];
  while (out.length <= place) out.push(undefined);
  out[place] = depth === 1 ? value : replaced((node[place] as Node<V> | undefined) ?? [], depth - 1, number, value);
  return out;
}

function* entries<V>(node: Node<V>, depth: number, start: number, index: Index): Generator<readonly [string, V]> {
  for (let i = 0; i < node.length; i++) {
    const item = node[i];
    if (item === undefined) continue;
    if (depth > 1) yield* entries(item as Node<V>, depth - 1, start + i * width ** (depth - 1), index);
    else yield [index.names[start + i] ?? "", item as V];
  }
}

function* keysOf<V>(all: Iterable<readonly [string, V]>): Generator<string> {
  for (const [name] of all) yield name;
}

function* compared<V>(
  here: Node<V>,
  there: Node<V>,
  depth: number,
  start: number,
  index: Index,
): Generator<readonly [string, V | undefined, V | undefined]> {
  if (here === there) return;
  for (let i = 0; i < Math.max(here.length, there.length); i++) {
    const [a, b] = [here[i], there[i]];
    if (a === b) continue;
    if (depth > 1) {
      const next = start + i * width ** (depth - 1);
      yield* compared((a ?? []) as Node<V>, (b ?? []) as Node<V>, depth - 1, next, index);
    } else yield [index.names[start + i] ?? "", a as V | undefined, b as V | undefined];
  }
}
