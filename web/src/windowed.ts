// A long list of which only what is near the screen is in the document. Rows are kept together in blocks; a block far
// away is one empty element of the same height. A block that holds the focus or an opened mail stays.

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Rows of one block: as many as are drawn well within one frame. */
export const BLOCK = 10;
/** What is drawn above and below the screen, so that neither Tab nor a quick finger comes upon nothing. */
const MARGIN = "1000px 0px";
const GUESSED_ROW_PX = 88;

/** Rows that are drawn together, or not. `at` is where the first of them stands in the list. */
export interface Block<Row> {
  number: number;
  at: number;
  rows: Row[];
}

/** Tells which blocks are to be drawn. `root` is where the elements with `data-block` are. */
export class Windowed implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #root: () => ParentNode;
  readonly #near = new Set<number>([0]);
  readonly #heights = new Map<number, number>();
  #watch: IntersectionObserver | undefined;
  #watched = new Set<Element>();
  #places = new Map<string, number>();

  constructor(host: ReactiveControllerHost & Element, root: () => ParentNode) {
    this.#host = host;
    this.#root = root;
    host.addController(this);
  }

  hostConnected(): void {
    // scrollMargin: also where the list lies in a part of the page that scrolls by itself.
    const options = { rootMargin: MARGIN, scrollMargin: MARGIN };
    this.#watch = new IntersectionObserver((entries) => this.#seen(entries), options);
    // Moved to another place of the page, it watches its blocks again once it is updated.
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#watch?.disconnect();
    this.#watch = undefined;
    this.#watched.clear();
  }

  hostUpdated(): void {
    const watch = this.#watch;
    // Lit also updates what is in no page.
    if (!watch) return;
    const blocks = new Set(this.#root().querySelectorAll("[data-block]"));
    for (const gone of this.#watched) if (!blocks.has(gone)) watch.unobserve(gone);
    for (const block of blocks) if (!this.#watched.has(block)) watch.observe(block);
    this.#watched = blocks;
  }

  /**
   * Divides the list. A row stays in the block where it was first, whatever comes before it: a row that moved would be
   * drawn anew, and what is being written in it lost. A new row joins the block of the next one that was known.
   */
  blocks<Row>(rows: readonly Row[], key: (row: Row) => string): Block<Row>[] {
    const places = new Map<string, number>();
    const blocks: Block<Row>[] = [];
    const known = followed(rows.map((row) => this.#places.get(key(row))));
    for (const [at, row] of rows.entries()) {
      const last = blocks.at(-1);
      const room = last && last.rows.length < BLOCK ? last.number : (last?.number ?? -1) + 1;
      const number = Math.max(known[at] ?? room, last?.number ?? 0);
      places.set(key(row), number);
      if (last?.number === number) last.rows.push(row);
      else blocks.push({ number, at, rows: [row] });
    }
    this.#places = places;
    return blocks;
  }

  /** Another list begins: nothing is known of its rows. */
  forget(): void {
    this.#places.clear();
    this.#heights.clear();
    this.#near.clear();
    this.#near.add(0);
  }

  /** Whether the block's rows are to be drawn. */
  isNear(block: number): boolean {
    return this.#near.has(block);
  }

  /** CSS pixels of a block that is not drawn: as it was last seen, else guessed from the others. */
  heightOf(block: number, rows: number): number {
    const known = this.#heights.get(block);
    if (known !== undefined) return known;
    const seen = [...this.#heights.values()];
    const row = seen.length > 0 ? seen.reduce((sum, height) => sum + height, 0) / (seen.length * BLOCK) : GUESSED_ROW_PX;
    return Math.round(row * rows);
  }

  /** The row is drawn at once, without waiting until its block is seen. */
  bring<Row>(row: Row, rows: readonly Row[], key: (row: Row) => string): void {
    const block = this.blocks(rows, key).find((one) => one.rows.includes(row));
    if (block) this.#near.add(block.number);
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    const before = this.#heights.size;
    let changed = false;
    for (const entry of entries) {
      const block = Number((entry.target as HTMLElement).dataset["block"]);
      const drawn = this.#near.has(block);
      if (drawn) this.#heights.set(block, entry.boundingClientRect.height);
      const near = entry.isIntersecting || isHeld(entry.target);
      if (near === drawn) continue;
      changed = true;
      if (near) this.#near.add(block);
      else this.#near.delete(block);
    }
    // The first height that is known makes a better guess of all others.
    if (changed || (before === 0 && this.#heights.size > 0)) this.#host.requestUpdate();
  }
}

/** Each place, where it is not known the next one that is; undefined where none follows. */
function followed(places: readonly (number | undefined)[]): (number | undefined)[] {
  let next: number | undefined;
  return places.toReversed().map((place) => (next = place ?? next)).toReversed();
}

/** Whether the reader is at work in the block: it has the focus, or an opened mail. */
function isHeld(block: Element): boolean {
  return block.matches(":focus-within") || block.querySelector("gmail-message") !== null;
}
