package ims

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** All items that a query finds, page by page as they are collected. */
fun Ims.itemFlow(query: ItemQuery): Flow<Item> = rows { page -> items(query, page).let { it.rows to it.next } }

/** All stock that a query finds. */
fun Ims.stockFlow(query: StockQuery): Flow<StockLine> = rows { page -> stock(query, page).let { it.rows to it.next } }

/** All sales orders that a query finds, newest first. */
fun Ims.orderFlow(query: OrderQuery): Flow<Order> = rows { page -> orders(query, page).let { it.rows to it.next } }

/** All purchase orders that a query finds, newest first. */
fun Ims.purchaseFlow(query: PurchaseQuery): Flow<Purchase> =
    rows { page -> purchases(query, page).let { it.rows to it.next } }

/** All customers that a query finds. */
fun Ims.customerFlow(query: PartyQuery): Flow<Customer> =
    rows { page -> customers(query, page).let { it.rows to it.next } }

/** All suppliers that a query finds. */
fun Ims.supplierFlow(query: PartyQuery): Flow<Supplier> =
    rows { page -> suppliers(query, page).let { it.rows to it.next } }

/** All movements that a query finds, oldest first. */
fun Ims.movementFlow(query: MovementQuery): Flow<Movement> =
    rows { page -> movements(query, page).let { it.rows to it.next } }

/** All revenue and cost that a query asks for. */
fun Ims.profitFlow(query: ProfitQuery): Flow<ProfitLine> =
    rows { page -> profit(query, page).let { it.rows to it.next } }

private fun <T> rows(page: suspend (PageRequest) -> Pair<List<T>, String?>): Flow<T> = flow {
    var after: String? = null
    do {
        val (rows, next) = page(PageRequest(after))
        rows.forEach { emit(it) }
        after = next
    } while (after != null)
}
