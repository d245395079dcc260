// Starts the google service of npm's `emulate` and prints its URL. The seed comes as one line of JSON on standard
// input; the end of standard input ends the process, so that it never outlives the tests that started it.
import { createInterface } from "node:readline"
import { createEmulator } from "emulate"

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const seed = JSON.parse((await lines.next()).value)
const emulator = await createEmulator({ service: "google", port: 0, seed: { google: seed } })
console.log(emulator.url)
await lines.next()
await emulator.close()
process.exit(0)
