package ims

import java.time.Instant
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** A shop with ten pieces of tea on the shelf. */
class TeaShop(val ims: Ims, val site: LocationId, val tea: ItemId) {
    fun tea(quantity: String) = Sell(site, lines = listOf(OrderedLine(tea, Quantity(quantity))))

    suspend fun available(): String =
        ims.stock(StockQuery(item = tea, now = Instant.now()), PageRequest()).rows.single().available.text
}

suspend fun teaShop(ims: Ims): TeaShop {
    ims.openShop(Context.now("test"), OpenShop("Corner shop", "EUR", timeZone = "Europe/Lisbon"))
    val site = ims.createLocation(Context.now("test"), CreateLocation("MAIN", "Main street"))
    val tea = ims.createItem(Context.now("test"), CreateItem("TEA-1", "Green tea", price = "2.50".toAmount()))
    val goods = CostedGoods(tea.id, 10.toQuantity(), "1.20".toAmount())
    ims.receiveStock(Context.now("test"), ReceiveStock(site.id, lines = listOf(goods)))
    return TeaShop(ims, site.id, tea.id)
}

/** Runs a test that must end: a call that never returns is a failure. */
fun test(seconds: Long = 60, body: suspend CoroutineScope.() -> Unit) = runBlocking {
    withTimeout(seconds * 1_000) { body() }
}

/** Runs what must throw an `E`. */
suspend inline fun <reified E : Throwable> thrown(crossinline body: suspend () -> Any?): E {
    val given = try {
        body()
    } catch (error: Throwable) {
        if (error is E) return error
        throw AssertionError("threw $error and should have thrown ${E::class.simpleName}", error)
    }
    throw AssertionError("gave $given and should have thrown ${E::class.simpleName}")
}
