// A shop's day by the client that @hey-api/openapi-ts makes of the document.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { client } from './generated/hey/client.gen.js'
import {
  createItem,
  createLocation,
  item,
  items,
  itemsCsv,
  openShop,
  order,
  orders,
  profit,
  receiveStock,
  returnGoods,
  sell,
  shop,
  signIn,
  stock,
  updateItem,
} from './generated/hey/index.js'

const [url = '', name = '', password = ''] = process.argv.slice(2)
const key = () => ({ 'Idempotency-Key': randomUUID() })
const main = 'code:MAIN'
const tea = 'sku:TEA-1'

client.setConfig({ baseUrl: url })
const refused = await signIn({ body: { name, password: 'another one' } })
assert.equal(refused.data, undefined)
assert.equal(refused.error?.code, 'sign_in_failed')
const tokens = await signIn({ body: { name, password }, throwOnError: true })
client.setConfig({ auth: () => tokens.data.access_token })

const opened = await openShop({
  body: {
    name: 'Corner shop',
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    rounding: { digits: 2, mode: 'half-even' },
    costing: 'fifo',
  },
  headers: key(),
  throwOnError: true,
})
assert.equal(opened.data.currency, 'EUR')
assert.equal((await shop({ throwOnError: true })).data.name, 'Corner shop')
const site = await createLocation({ body: { code: 'MAIN', name: 'Main street 1' }, headers: key(), throwOnError: true })
assert.equal(site.data.code, 'MAIN')

const made = await createItem({
  body: { sku: 'TEA-1', name: 'Green tea', brand: 'Leaf', price: '4.50' },
  headers: key(),
  throwOnError: true,
})
const price: string | null | undefined = made.data.price
assert.equal(price, '4.5')
const etag = made.response.headers.get('etag') ?? ''
const changed = await updateItem({
  path: { item: made.data.id },
  body: { price: '5.00' },
  headers: { ...key(), 'If-Match': etag },
  throwOnError: true,
})
assert.equal(changed.data.price, '5')
const stale = await updateItem({ path: { item: tea }, body: { price: '6' }, headers: { ...key(), 'If-Match': etag } })
assert.equal(stale.error?.code, 'changed')

const received = await receiveStock({
  body: { site: main, lines: [{ item: tea, quantity: '20', unit_cost: '2.10' }] },
  headers: key(),
  throwOnError: true,
})
assert.equal(received.data.lines[0]?.quantity, '20')

const till = { 'Idempotency-Key': 'till-1/1' }
const sale = { site: main, lines: [{ item: tea, quantity: '3' }] }
const sold = await sell({ body: sale, headers: till, throwOnError: true })
assert.equal(sold.data.order.total, '15')
assert.equal(sold.response.headers.get('idempotent-replayed'), null)
const again = await sell({ body: sale, headers: till, throwOnError: true })
assert.equal(again.data.order.id, sold.data.order.id)
assert.equal(again.response.headers.get('idempotent-replayed'), 'true')
const tooMany = await sell({ body: { site: main, lines: [{ item: tea, quantity: '1000' }] }, headers: key() })
assert.equal(tooMany.error?.code, 'insufficient_stock')
assert.equal(tooMany.response?.status, 409)

const page = await items({ query: { brand: 'Leaf', limit: 10 }, throwOnError: true })
assert.deepEqual(page.data.rows.map((row) => row.sku), ['TEA-1'])
assert.equal(page.data.next, null)
const csv: string = (await itemsCsv({ throwOnError: true })).data
assert.match(csv, /^id,sku,name,/)
const found = await orders({ query: { from: '2000-01-01', item: tea }, throwOnError: true })
assert.equal(found.data.rows[0]?.id, sold.data.order.id)

const back = await returnGoods({
  body: { goods: { of_order: { order: sold.data.order.id, lines: [{ line: 0, quantity: '1' }] } } },
  headers: key(),
  throwOnError: true,
})
assert.equal(back.data.lines[0]?.quantity, '1')
assert.equal((await order({ path: { order: sold.data.order.id }, throwOnError: true })).data.status, sold.data.order.status)
const shelf = await stock({ query: { item: tea }, throwOnError: true })
assert.equal(shelf.data.rows[0]?.on_hand, '18')
const earned = await profit({ query: { by: 'day' }, throwOnError: true })
assert.equal(earned.data.rows.length, 1)
const nothing = await item({ path: { item: 'sku:NONE' } })
assert.equal(nothing.error?.code, 'unknown_name')
console.log('hey-api: a day is over')
