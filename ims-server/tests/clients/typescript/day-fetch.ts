// A shop's day by openapi-fetch, with the types that openapi-typescript makes of the document.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './generated/fetch.js'

const [url = '', name = '', password = ''] = process.argv.slice(2)
const key = () => ({ 'Idempotency-Key': randomUUID() })
const main = 'code:MAIN'
const tea = 'sku:TEA-1'
const client = createClient<paths>({ baseUrl: url })

/** The answer, which has to be there. */
function done<Data>({ data, error }: { data?: Data; error?: components['schemas']['Problem'] }): Data {
  assert.ok(data !== undefined, error?.detail)
  return data
}

const refused = await client.POST('/v1/tokens', { body: { name, password: 'another one' } })
assert.equal(refused.error?.code, 'sign_in_failed')
const tokens = done(await client.POST('/v1/tokens', { body: { name, password } }))
const signedIn: Middleware = {
  onRequest({ request }) {
    request.headers.set('Authorization', `Bearer ${tokens.access_token}`)
    return request
  },
}
client.use(signedIn)

const opened = done(
  await client.PUT('/v1/shop', {
    params: { header: key() },
    body: {
      name: 'Corner shop',
      currency: 'EUR',
      time_zone: 'Europe/Berlin',
      rounding: { digits: 2, mode: 'half-even' },
      costing: 'fifo',
    },
  }),
)
assert.equal(opened.currency, 'EUR')
done(await client.POST('/v1/locations', { params: { header: key() }, body: { code: 'MAIN', name: 'Main street 1' } }))
const made = await client.POST('/v1/items', {
  params: { header: key() },
  body: { sku: 'TEA-1', name: 'Green tea', brand: 'Leaf', price: '4.50' },
})
const item: components['schemas']['Item'] = done(made)
assert.equal(item.price, '4.5')
const changed = await client.PATCH('/v1/items/{item}', {
  params: { path: { item: item.id }, header: { ...key(), 'If-Match': made.response.headers.get('etag') ?? '' } },
  body: { price: '5.00' },
})
assert.equal(done(changed).price, '5')
const received = await client.POST('/v1/stock/receipts', {
  params: { header: key() },
  body: { site: main, lines: [{ item: tea, quantity: '20', unit_cost: '2.10' }] },
})
assert.equal(done(received).lines[0]?.quantity, '20')

const sale = { params: { header: { 'Idempotency-Key': 'till-1/1' } }, body: { site: main, lines: [{ item: tea, quantity: '3' }] } }
const sold = await client.POST('/v1/sales', sale)
assert.equal(done(sold).order.total, '15')
const again = await client.POST('/v1/sales', sale)
assert.equal(done(again).order.id, done(sold).order.id)
assert.equal(again.response.headers.get('idempotent-replayed'), 'true')
const tooMany = await client.POST('/v1/sales', {
  params: { header: key() },
  body: { site: main, lines: [{ item: tea, quantity: '1000' }] },
})
assert.equal(tooMany.error?.code, 'insufficient_stock')

const page = done(await client.GET('/v1/items', { params: { query: { brand: 'Leaf', limit: 10 } } }))
assert.deepEqual(page.rows.map((row) => row.sku), ['TEA-1'])
const csv: string = done(await client.GET('/v1/items.csv', { parseAs: 'text' }))
assert.match(csv, /^id,sku,name,/)
const found = done(await client.GET('/v1/orders', { params: { query: { from: '2000-01-01', item: tea } } }))
assert.equal(found.rows[0]?.id, done(sold).order.id)

const back = await client.POST('/v1/returns', {
  params: { header: key() },
  body: { goods: { of_order: { order: done(sold).order.id, lines: [{ line: 0, quantity: '1' }] } } },
})
assert.equal(done(back).lines[0]?.quantity, '1')
const shelf = done(await client.GET('/v1/stock', { params: { query: { item: tea } } }))
assert.equal(shelf.rows[0]?.on_hand, '18')
const earned = done(await client.GET('/v1/reports/profit', { params: { query: { by: 'day' } } }))
assert.equal(earned.rows.length, 1)
const nothing = await client.GET('/v1/items/{item}', { params: { path: { item: 'sku:NONE' } } })
assert.equal(nothing.error?.code, 'unknown_name')
console.log('openapi-fetch: a day is over')
