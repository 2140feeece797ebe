/** A binary heap of numbers by key. */
export class Heap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  push(key: number, value: number): void {
    let at = this.#keys.length;
    this.#keys.push(key);
    this.#values.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#keys[parent] as number) <= key) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): number | undefined {
    const top = this.#values[0];
    if (top === undefined) return undefined;
    const lastKey = this.#keys.pop() as number;
    const lastValue = this.#values.pop() as number;
    if (this.#keys.length === 0) return top;
    this.#keys[0] = lastKey;
    this.#values[0] = lastValue;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#keys.length) break;
      if (child + 1 < this.#keys.length && (this.#keys[child + 1] as number) < (this.#keys[child] as number))
        child++;
      if ((this.#keys[child] as number) >= (this.#keys[at] as number)) break;
      this.#swap(at, child);
      at = child;
    }
    return top;
  }

  #swap(a: number, b: number): void {
    const key = this.#keys[a] as number;
    const value = this.#values[a] as number;
    this.#keys[a] = this.#keys[b] as number;
    this.#values[a] = this.#values[b] as number;
    this.#keys[b] = key;
    this.#values[b] = value;
  }
}
