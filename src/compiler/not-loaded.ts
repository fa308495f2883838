/** Something that is loaded only when it is needed was not. Whoever asked loads it and asks again. */
export class NotLoaded extends Error {
  readonly load: () => Promise<void>;
  constructor(what: string, load: () => Promise<void>) {
    super(`${what} is not loaded`);
    this.load = load;
  }
}

/** Does it, and again after loading what was not loaded. */
export async function loading<T>(work: () => T): Promise<T> {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      await error.load();
    }
  }
}
