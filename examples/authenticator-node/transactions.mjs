// What is asked and not answered yet. A transaction has one result, and then it is over.

const LIFE = 5 * 60 * 1000
const CAPACITY = 10_000

export class Transactions {
  #all = new Map()

  /** The transaction of a request: a repeated request finds the one that is there. */
  open(request) {
    this.#forget()
    const known = this.#all.get(request.transaction)
    if (known) return known
    if (this.#all.size >= CAPACITY) throw new Error('too many transactions')
    const opened = { request, openedAt: Date.now(), ended: false, result: undefined }
    this.#all.set(request.transaction, opened)
    return opened
  }

  find(id) {
    this.#forget()
    return this.#all.get(id)
  }

  /** Those that wait for an answer, for the list on the simulated phone. */
  waiting(form) {
    this.#forget()
    return [...this.#all.values()].filter((one) => !one.ended && one.request.form === form)
  }

  // The oldest come first, and an ended one is remembered until its request has expired: a repeated
  // request must not begin again.
  #forget() {
    const before = Date.now() - LIFE
    for (const [id, { openedAt }] of this.#all) {
      if (openedAt >= before) break
      this.#all.delete(id)
    }
  }
}
