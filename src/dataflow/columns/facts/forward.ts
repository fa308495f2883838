import type { Dataflow, UnitFacts } from "../../analyse.ts";
import type { ObjId, Value } from "../../value.ts";
import { type ColumnSet, noColumns, overlaps } from "../column-set.ts";
import { justRows, sameNames } from "../demand-map.ts";
import type { TableChange, TableDerivation, TableEvent, TableWrite } from "../events.ts";
import type { Shape } from "../shape.ts";
import { bothOrigins, isNoOrigin, learnedFrom, noOrigin, type Origin } from "./origin.ts";
import {
  born,
  type RowOrder,
  type RowSet,
  type Rows,
  type Source,
  type Version,
  type VersionFacts,
} from "./version.ts";

/** The versions of every table, each where a unit left it. */
export type Versions = ReadonlyMap<ObjId, readonly Version[]>;

/** Goes once over the program and notes how each version of each table is made of earlier ones. */
export function versionsOf(flow: Dataflow, facts: VersionFacts): Versions {
  const walk = new Walk(flow, facts);
  for (const unit of flow.facts) walk.over(unit);
  return walk.versions;
}

/** The state of one pass: the newest version of each table, and what everything else comes from. */
class Walk {
  readonly versions = new Map<ObjId, Version[]>();
  private readonly flow: Dataflow;
  private readonly facts: VersionFacts;
  private readonly newest = new Map<ObjId, Version>();
  /** What each unit read. */
  private readonly units: Origin[] = [];
  /** What the objects that are no tables come from. */
  private readonly others = new Map<ObjId, Origin>();
  /** What the running unit has read so far. */
  private seen: Origin = noOrigin;
  private unit = -1;
  private isUnsure = false;
  /** Versions before the last write of a table, until something else happens to it. */
  private readonly unwritten = new Map<ObjId, Version>();

  constructor(flow: Dataflow, facts: VersionFacts) {
    this.flow = flow;
    this.facts = facts;
  }

  over({ unit, trace, written }: UnitFacts): void {
    this.unit = unit.id;
    this.isUnsure = trace.unsure;
    this.seen = noOrigin;
    this.unwritten.clear();
    for (const name of trace.reads) this.readName(name);
    const touched = new Set<ObjId>();
    for (const event of trace.tables) {
      this.step(event);
      if (event.kind === "write" || event.kind === "change") touched.add(event.obj);
      if (event.kind === "derive") touched.add(event.to);
    }
    for (const obj of touched) {
      const version = this.newest.get(obj);
      if (!version) continue;
      const list = this.versions.get(obj) ?? [];
      list.push(version);
      this.versions.set(obj, list);
    }
    this.units[unit.id] = this.seen;
    if (isNoOrigin(this.seen)) return;
    const made = this.flow.heap.reach([...trace.mutated, ...[...written.values()].flatMap((value) => [...value.objs])]);
    for (const id of made) {
      const obj = this.flow.heap.get(id);
      if (!obj.table && (trace.mutated.has(id) || obj.history.includes(unit.id)))
        this.others.set(id, bothOrigins(this.others.get(id) ?? noOrigin, this.seen));
    }
  }

  /** A name whose value is a table is read as far as its columns are; anything else as a whole. */
  private readName(name: string): void {
    const binding = this.flow.before[this.unit]?.get(name);
    if (!binding) return;
    const { value, defs } = binding;
    if (value.objs.size === 0) {
      for (const unit of defs) this.read(this.units[unit] ?? noOrigin, value);
      return;
    }
    for (const id of this.flow.heap.reach(value.objs)) {
      const origin = this.others.get(id);
      if (origin && !this.flow.heap.get(id).table) this.read(origin, value);
    }
  }

  /** Columns and arrays have an entry for each row; of anything else it is learned or collected. */
  private read(origin: Origin, value: Value): void {
    const isOfRows = this.flow.knowledge.isTable(value.type);
    this.seen = bothOrigins(this.seen, isOfRows ? origin : learnedFrom(origin));
  }

  private step(event: TableEvent): void {
    switch (event.kind) {
      case "use":
        if (!event.exists) this.seen = bothOrigins(this.seen, this.facts.originOf(this.now(event.obj), event.columns));
        return;
      case "write":
        return event.born ? this.bear(event.obj) : this.write(event);
      case "derive":
        return this.derive(event);
      case "change":
        return this.change(event);
    }
  }

  /** The newest version of a table; one that nobody saw coming is raw. */
  private now(obj: ObjId): Version {
    return this.newest.get(obj) ?? this.set(obj, { isRaw: true });
  }

  private set(obj: ObjId, given: Partial<Version>): Version {
    const version = born({
      obj,
      unit: this.unit,
      isRaw: false,
      isOpen: false,
      sources: [],
      rest: noOrigin,
      stored: undefined,
      rows: { ...this.otherRows(), labels: "source" },
      ...given,
    });
    this.newest.set(obj, version);
    return version;
  }

  private isWeak(obj: ObjId): boolean {
    return this.isUnsure || this.flow.heap.get(obj).several;
  }

  private bear(obj: ObjId): void {
    const { loaded, opened } = this.flow.heap.get(obj);
    const before = this.isWeak(obj) ? this.newest.get(obj) : undefined;
    const isRaw = loaded || (isNoOrigin(this.seen) && !before);
    const sources = before ? [this.source(before)] : [];
    this.set(obj, { isRaw, isOpen: opened, sources, rest: isRaw ? noOrigin : this.seen });
    this.unwritten.delete(obj);
  }

  private write({ obj, columns, replaces, removes }: TableWrite): void {
    const before = this.now(obj);
    const isSure = !this.isWeak(obj);
    // A change of whatever columns may be one of which columns there are.
    const shape: Shape = columns.cofinite ? {} : { columns: isSure || !removes ? "mapped" : "some" };
    const sure = (set: ColumnSet | undefined): ColumnSet => (isSure && set ? set : noColumns);
    this.set(obj, {
      sources: [{ version: before, map: sameNames, shape }],
      stored: { columns, origin: this.seen, replaces: sure(replaces), removes: sure(removes) },
      rows: overlaps(columns, justRows) ? this.rowsOf(before.rows, {}) : before.rows,
    });
    this.unwritten.set(obj, before);
  }

  private derive({ from, to, map, shape = {} }: TableDerivation): void {
    const source = this.now(from);
    const before = this.newest.get(to);
    const isWeak = this.isWeak(to);
    const others = before?.unit === this.unit ? before.sources : [];
    const made: Source = { version: source, map, shape: isWeak ? loosened(shape) : shape };
    const isMapped = shape.columns !== undefined || shape.exactly !== undefined;
    this.set(to, {
      isOpen: before?.isOpen === true,
      sources: [...others, made],
      rest: isMapped && !shape.computed ? noOrigin : this.seen,
      stored: map.made && { columns: map.made, origin: this.seen, replaces: map.made, removes: noColumns },
      rows: others.length > 0 || isWeak ? this.otherRows(shape.index) : this.rowsOf(source.rows, shape),
    });
    this.unwritten.delete(to);
  }

  private change({ obj, map, shape = {}, sure }: TableChange): void {
    const before = this.unwritten.get(obj) ?? this.now(obj);
    const isWeak = !sure || this.isWeak(obj);
    const changed: Source = { version: before, map, shape: isWeak ? loosened(shape) : shape };
    const isMapped = shape.columns !== undefined || shape.exactly !== undefined;
    this.set(obj, {
      sources: isWeak ? [changed, this.source(before)] : [changed],
      rest: isMapped && !shape.computed ? noOrigin : this.seen,
      rows: isWeak ? this.rowsOf(before.rows, {}) : this.rowsOf(before.rows, shape),
    });
    this.unwritten.delete(obj);
  }

  /** A version that this one may still be. */
  private source(version: Version): Source {
    return { version, map: sameNames, shape: { columns: "some" } };
  }

  private otherRows(index?: Shape["index"]): Rows {
    const { unit } = this;
    return {
      set: { kind: "made", unit },
      order: { unit },
      labels: index === "kept" ? "unknown" : (index ?? "unknown"),
    };
  }

  private rowsOf(rows: Rows, { rows: kept, order, index }: Shape): Rows {
    const { unit } = this;
    const set: RowSet = kept === "all" ? rows.set : { kind: kept === "some" ? "some" : "changed", of: rows.set, unit };
    const isKept = order === "kept" && kept !== undefined;
    const sorted: RowOrder = isKept ? rows.order : { unit };
    return { set, order: sorted, labels: index === "kept" ? rows.labels : (index ?? "unknown") };
  }
}

/** Nothing that may not happen makes a column surely be there. */
function loosened(shape: Shape): Shape {
  const { exactly: _exactly, ...rest } = shape;
  return { ...rest, columns: shape.columns === "mapped" ? "some" : shape.columns };
}
