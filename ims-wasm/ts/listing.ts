/** Which page of a list. */
export interface PageRequest {
  /** The `next` of the page before, or nothing for the first page. */
  readonly after?: string | null | undefined;
  /** At most so many rows, and at most 1,000. */
  readonly limit?: number | undefined;
  /** In which order, where it is not the list's own. */
  readonly sort?: Sort | null | undefined;
}

/** By what a list can be sorted; each list has one of these. */
export type SortBy = "sku" | "code" | "placed_at" | "ordered_at" | "occurred_at" | "key";

/** The order of a list: `-placed_at` has the newest first. */
export type Sort = SortBy | `-${SortBy}`;

/** A part of a list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Where the next page begins, if there is one. */
  readonly next: string | null;
}

/** A list: all of its rows with `for await`, or page by page. */
export class Listing<T> implements AsyncIterable<T> {
  readonly #ask: (page: PageRequest) => Promise<Page<T>>;
  readonly #sort: Sort | null;

  constructor(ask: (page: PageRequest) => Promise<Page<T>>, sort: Sort | null = null) {
    this.#ask = ask;
    this.#sort = sort;
  }

  /** The same list in another order. */
  sorted(sort: Sort): Listing<T> {
    return new Listing(this.#ask, sort);
  }

  /** Reads one page. */
  page(request: PageRequest = {}): Promise<Page<T>> {
    return this.#ask({ ...request, sort: request.sort ?? this.#sort });
  }

  /** Reads all rows. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const row of this) all.push(row);
    return all;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let after: string | null = null;
    do {
      const page: Page<T> = await this.page({ after });
      yield* page.rows;
      after = page.next;
    } while (after !== null);
  }
}
