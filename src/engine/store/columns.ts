/** A growing list of numbers in one block of memory: read as it is from disk, and written as it is. */
export interface Column<T extends Uint32Array | Float64Array> {
  /** Longer than the list when it has grown; only the first `length` count. */
  data: T;
  length: number;
}

export function ids(data: Uint32Array = new Uint32Array(0)): Column<Uint32Array> {
  return { data, length: data.length };
}

export function numbers(data: Float64Array = new Float64Array(0)): Column<Float64Array> {
  return { data, length: data.length };
}

export function pushId(column: Column<Uint32Array>, value: number): number {
  if (column.length === column.data.length) grow(column, new Uint32Array(Math.max(64, column.length * 2)));
  column.data[column.length] = value;
  return column.length++;
}

export function pushNumber(column: Column<Float64Array>, value: number): number {
  if (column.length === column.data.length) grow(column, new Float64Array(Math.max(64, column.length * 2)));
  column.data[column.length] = value;
  return column.length++;
}

function grow<T extends Uint32Array | Float64Array>(column: Column<T>, room: T): void {
  room.set(column.data);
  column.data = room;
}

/** Stands for nothing in a column of ids. */
export const none = 0xffffffff;

/** Texts by number. Those from disk are one text that is cut where one is asked for. */
export interface Strings {
  readonly size: () => number;
  /** The text of a number, from its n-th character on. */
  get(id: number, from?: number): string;
  /** The number of a text; it is added where it is new. */
  intern(text: string): number;
  /** The number of a text; `none` where it is not there. */
  find(text: string): number;
  /** All texts as one, and where each ends. */
  dump(): { readonly text: string; readonly ends: Uint32Array };
}

/** So many texts are searched for in the one that all are; then a table pays. And so many places are tried for one of them. */
const searches = 24;
const mostHits = 50;

export function strings(text = "", ends: Uint32Array = new Uint32Array(0)): Strings {
  const added: string[] = [];
  let numbered: Map<string, number> | undefined;
  let sought = 0;
  const get = (id: number, from = 0): string =>
    id < ends.length
      ? text.slice((id === 0 ? 0 : (ends[id - 1] ?? 0)) + from, ends[id])
      : (added[id - ends.length] ?? "").slice(from);
  const known = (): Map<string, number> => {
    if (numbered) return numbered;
    numbered = new Map();
    for (let id = 0; id < ends.length; id++) numbered.set(get(id), id);
    return numbered;
  };
  /** The first text that ends at a place or after it. */
  const endingAt = (end: number): number => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  /** The number of a text without a table of all; -1 where that would take too long. */
  const walk = (one: string): number => {
    if (one === "" || added.length > 0) return -1;
    let at = text.indexOf(one);
    for (let hits = 0; at >= 0; at = text.indexOf(one, at + 1)) {
      if (hits++ === mostHits) return -1;
      const id = endingAt(at + one.length);
      if (ends[id] === at + one.length && at === (id === 0 ? 0 : ends[id - 1])) return id;
    }
    return none;
  };
  return {
    size: () => ends.length + added.length,
    get,
    intern(one) {
      const found = known().get(one);
      if (found !== undefined) return found;
      const id = ends.length + added.push(one) - 1;
      known().set(one, id);
      return id;
    },
    find(one) {
      const found = numbered === undefined && sought++ < searches ? walk(one) : -1;
      return found < 0 ? (known().get(one) ?? none) : found;
    },
    dump() {
      const all = new Uint32Array(ends.length + added.length);
      all.set(ends);
      let end = text.length;
      for (const [i, one] of added.entries()) {
        end += one.length;
        all[ends.length + i] = end;
      }
      return { text: text + added.join(""), ends: all };
    },
  };
}

/** SHA-256 digests by number: 32 bytes each, found by a table of numbers that is made when first needed. */
export interface Digests {
  readonly size: () => number;
  hex(id: number): string;
  intern(hex: string): number;
  find(hex: string): number;
  dump(): Uint8Array;
}

const width = 32;
const wordsWide = width / 4;
/** So many digests are looked for by walking through all; then a table pays. */
const walks = 12;

export function digests(start: Uint8Array = new Uint8Array(0)): Digests {
  let data = start;
  /** The same memory as numbers and as a buffer: what is done for each digest takes one step instead of 32. */
  let words: Uint32Array = new Uint32Array(0);
  let view: Buffer = Buffer.alloc(0);
  const stand = (bytes: Uint8Array): void => {
    data = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
    words = new Uint32Array(data.buffer, data.byteOffset, data.length >> 2);
    view = Buffer.from(data.buffer, data.byteOffset, data.length);
  };
  stand(start);
  let count = start.length / width;
  let slots: Int32Array | undefined;
  let walked = 0;
  const sought = new Uint32Array(wordsWide);
  const scratch = Buffer.from(sought.buffer);

  const same = (id: number): boolean => {
    for (let i = 0, at = id * wordsWide; i < wordsWide; i++, at++) if (words[at] !== sought[i]) return false;
    return true;
  };
  /** The slot where the digest in `scratch` stands or would stand. */
  const slotOf = (table: Int32Array): number => {
    let slot = (sought[0] ?? 0) & (table.length - 1);
    for (let id = table[slot] ?? -1; id >= 0; id = table[slot] ?? -1) {
      if (same(id)) return slot;
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  };
  const table = (): Int32Array => {
    if (slots && slots.length > count * 2) return slots;
    let size = 64;
    while (size <= count * 4) size *= 2;
    const made = new Int32Array(size).fill(-1);
    for (let id = 0, at = 0; id < count; id++, at += wordsWide) {
      let slot = (words[at] ?? 0) & (size - 1);
      while ((made[slot] ?? -1) >= 0) slot = (slot + 1) & (size - 1);
      made[slot] = id;
    }
    slots = made;
    return made;
  };
  const append = (): number => {
    if ((count + 1) * width > data.length) {
      const grown = new Uint8Array(Math.max(64 * width, data.length * 2));
      grown.set(data);
      stand(grown);
    }
    data.set(scratch, count * width);
    return count++;
  };
  /** Where the digest in `scratch` stands, without a table. */
  const walk = (): number => {
    const all = view.subarray(0, count * width);
    for (let at = all.indexOf(scratch); at >= 0; at = all.indexOf(scratch, at + 1))
      if (at % width === 0) return at / width;
    return none;
  };
  const find = (hex: string): number => {
    scratch.write(hex, "hex");
    if (slots === undefined && walked++ < walks) return walk();
    const now = table();
    const found = now[slotOf(now)] ?? -1;
    return found < 0 ? none : found;
  };
  return {
    size: () => count,
    hex: (id) => view.toString("hex", id * width, (id + 1) * width),
    intern(hex) {
      scratch.write(hex, "hex");
      const now = table();
      const slot = slotOf(now);
      const found = now[slot] ?? -1;
      if (found >= 0) return found;
      const id = append();
      now[slot] = id;
      return id;
    },
    find,
    dump: () => data.subarray(0, count * width),
  };
}
