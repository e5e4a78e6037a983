// Holds the server's OpenAPI document against what finds faults in it, makes two clients of it, and has each run a shop's
// day against a server.
//
//   node run.mjs PROGRAM
//
// PROGRAM is `ims`. Every shop is in a folder of its own, and is removed at the end.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const program = resolve(process.argv[2] ?? '')
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname
const [name, password] = ['ada', 'lovelace-1843!']

/** Runs a program of the package. */
function tool(file, ...words) {
  execFileSync(join(here, 'node_modules/.bin', file), words, { cwd: here, stdio: 'inherit' })
}

/** Serves a store with an admin and no shop, for as long as `work` takes. */
async function served(work) {
  const folder = mkdtempSync(join(tmpdir(), 'ims-'))
  const env = { ...process.env, IMS_STORE: `sqlite:${join(folder, 'shop.db')}`, IMS_PASSWORD: password }
  execFileSync(program, ['user', 'add', name, '--role', 'admin'], { env, stdio: 'ignore' })
  const server = spawn(program, ['serve', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((done) => server.once('exit', done))
  try {
    await work(await address(server))
  } finally {
    server.kill()
    await ended
    rmSync(folder, { recursive: true })
  }
}

/** Where a server listens. */
async function address(server) {
  for await (const line of createInterface({ input: server.stderr })) {
    const url = line.split('listening at ')[1]
    // Nobody reads what else it says, and it must not wait for that.
    if (url) {
      server.stderr.resume()
      return url.trim()
    }
  }
  throw new Error('the server ended before it listened')
}

rmSync(join(here, 'generated'), { recursive: true, force: true })
mkdirSync(join(here, 'generated'))
await served(async (url) => {
  const response = await fetch(`${url}/openapi.json`)
  assert.equal(response.status, 200)
  writeFileSync(join(here, 'generated/openapi.json'), await response.text())
})
tool('redocly', 'lint', 'generated/openapi.json', '--format', 'stylish')
tool('spectral', 'lint', 'generated/openapi.json', '--fail-severity', 'error')
tool('openapi-ts')
tool('openapi-typescript', 'generated/openapi.json', '-o', 'generated/fetch.d.ts')
tool('tsc', '--outDir', 'generated/built')
for (const day of ['day-hey', 'day-fetch']) {
  await served(async (url) => {
    execFileSync(process.execPath, [join(here, `generated/built/${day}.js`), url, name, password], { stdio: 'inherit' })
  })
}
