package ims.till

import ims.*
import java.nio.file.Path
import java.time.Instant
import kotlinx.coroutines.runBlocking

private const val HELP = "sku [quantity] adds a line · pay sells · clear empties the basket · stock shows the shelf · quit ends"

/** A till: type what is sold, then `pay`. What was typed is one sale or none, also if the till ends in the middle. */
fun main(arguments: Array<String>) = runBlocking {
    val shop = Ims.open(arguments.getOrElse(0) { "sqlite:till.db" })
    val basket = Basket(Path.of(arguments.getOrElse(1) { "till.basket" }))
    try {
        Till(shop, siteOf(shop), basket).serve(generateSequence { readlnOrNull() })
    } finally {
        shop.shut()
    }
}

/** The first site; a new shop gets one, and something to sell. */
internal suspend fun siteOf(shop: Ims): LocationId {
    val known = shop.locations(PageRequest()).rows.firstOrNull { it.kind == LocationKind.SITE }
    if (known != null) return known.id
    shop.openShop(Context.now("till"), OpenShop("Corner shop", "EUR"))
    val site = shop.createLocation(Context.now("till"), CreateLocation("MAIN", "Main street"))
    val goods = listOf("TEA" to "2.50", "MUG" to "7.90").map { (sku, price) ->
        shop.createItem(Context.now("till"), CreateItem(sku, sku.lowercase(), price = price.toAmount()))
    }
    val lines = goods.map { CostedGoods(it.id, 10.toQuantity(), "1.20".toAmount()) }
    shop.receiveStock(Context.now("till"), ReceiveStock(site.id, lines = lines))
    return site.id
}

internal class Till(private val shop: Ims, private val site: LocationId, private val basket: Basket) {
    suspend fun serve(lines: Sequence<String>) {
        println(HELP)
        if (basket.sale != null) answered { pay() }
        for (line in lines) {
            val words = line.trim().split(' ')
            if (words[0] == "quit") return
            answered {
                when (words[0]) {
                    "" -> {}
                    "pay" -> pay()
                    "clear" -> clear()
                    "stock" -> shelf()
                    else -> add(words[0], words.getOrElse(1) { "1" })
                }
            }
        }
    }

    private suspend fun answered(work: suspend () -> Unit) = try {
        work()
    } catch (error: ImsException) {
        println("  ${error.reason} (${error.code})")
    }

    private suspend fun add(sku: String, quantity: String) {
        if (basket.sale != null) return println(OPEN)
        val item = shop.itemWithSku(sku) ?: return println("  there is no $sku: $HELP")
        basket.add(OrderedLine(item.id, quantity.toQuantity()))
        println("  $quantity × ${item.name}")
    }

    private fun clear() {
        if (basket.sale != null) return println(OPEN)
        basket.empty()
    }

    /** A receipt and a refusal are answers. After anything else the sale stays as it is, to be sent again. */
    private suspend fun pay() {
        val sale = basket.send()
        val order = try {
            shop.sell(sale, Sell(site, lines = basket.lines.toList())).order
        } catch (refusal: ImsException.Rejected) {
            basket.refused()
            throw refusal
        } catch (refusal: ImsException.InvalidInput) {
            basket.refused()
            throw refusal
        }
        basket.empty()
        println("  ${order.series}-${order.number}: ${order.total.decimal.setScale(2)} ${order.currency}")
    }

    private suspend fun shelf() = shop.stockFlow(StockQuery(site = site, now = Instant.now())).collect {
        println("  ${it.sku}: ${it.available.text}")
    }
}

private const val OPEN = "  nobody knows yet whether the last sale was done: pay finds out, and sells it once"
