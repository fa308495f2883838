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
  get(id: number): string;
  /** The number of a text; it is added where it is new. */
  intern(text: string): number;
  /** The number of a text; `none` where it is not there. */
  find(text: string): number;
  /** All texts as one, and where each ends. */
  dump(): { readonly text: string; readonly ends: Uint32Array };
}

export function strings(text = "", ends: Uint32Array = new Uint32Array(0)): Strings {
  const added: string[] = [];
  let numbered: Map<string, number> | undefined;
  const get = (id: number): string =>
    id < ends.length ? text.slice(id === 0 ? 0 : ends[id - 1], ends[id]) : (added[id - ends.length] ?? "");
  const known = (): Map<string, number> => {
    if (numbered) return numbered;
    numbered = new Map();
    for (let id = 0; id < ends.length; id++) numbered.set(get(id), id);
    return numbered;
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
    find: (one) => known().get(one) ?? none,
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
/** So many digests are looked for by walking through all; then a table pays. */
const walks = 64;

export function digests(start: Uint8Array = new Uint8Array(0)): Digests {
  let data = start;
  let count = start.length / width;
  let slots: Int32Array | undefined;
  let walked = 0;
  const scratch = Buffer.alloc(width);
  /** All digests as a buffer, for as long as they stand in the same memory. */
  let view = Buffer.from(data.buffer, data.byteOffset, data.length);

  const firstWord = (bytes: Uint8Array, at: number): number =>
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>>
    0;
  const same = (id: number): boolean => {
    for (let i = 0; i < width; i++) if (data[id * width + i] !== scratch[i]) return false;
    return true;
  };
  /** The slot where the digest in `scratch` stands or would stand. */
  const slotOf = (table: Int32Array): number => {
    let slot = firstWord(scratch, 0) & (table.length - 1);
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
    slots = new Int32Array(size).fill(-1);
    for (let id = 0; id < count; id++) {
      let slot = firstWord(data, id * width) & (size - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (size - 1);
      slots[slot] = id;
    }
    return slots;
  };
  const append = (): number => {
    if ((count + 1) * width > data.length) {
      const grown = new Uint8Array(Math.max(64 * width, data.length * 2));
      grown.set(data);
      data = grown;
    }
    data.set(scratch, count * width);
    return count++;
  };
  /** Where the digest in `scratch` stands, without a table. */
  const walk = (): number => {
    const all = Buffer.from(data.buffer, data.byteOffset, count * width);
    for (let at = all.indexOf(scratch); at >= 0; at = all.indexOf(scratch, at + 1))
      if (at % width === 0) return at / width;
    return none;
  };
  const find = (hex: string): number => {
    scratch.write(hex, "hex");
    if (slots === undefined && walked++ < walks) return walk();
    const found = table()[slotOf(table())] ?? -1;
    return found < 0 ? none : found;
  };
  return {
    size: () => count,
    hex(id) {
      if (view.buffer !== data.buffer) view = Buffer.from(data.buffer, data.byteOffset, data.length);
      return view.toString("hex", id * width, (id + 1) * width);
    },
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
