package ims.till

import ims.*
import java.time.Instant
import kotlinx.coroutines.runBlocking

private const val HELP = "sku [quantity] adds a line · pay sells · stock shows the shelf · quit ends"

/** A till: type what is sold, then `pay`. What was typed is a sale or nothing. */
fun main(arguments: Array<String>) = runBlocking {
    val shop = Ims.open(arguments.firstOrNull() ?: "sqlite:till.db")
    try {
        Till(shop, siteOf(shop)).serve(generateSequence { readlnOrNull() })
    } finally {
        shop.shut()
    }
}

/** The first site; a new shop gets one, and something to sell. */
private suspend fun siteOf(shop: Ims): LocationId {
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

private class Till(private val shop: Ims, private val site: LocationId) {
    private val basket = mutableListOf<OrderedLine>()

    suspend fun serve(lines: Sequence<String>) {
        println(HELP)
        for (line in lines) {
            val words = line.trim().split(' ')
            try {
                when (words[0]) {
                    "" -> {}
                    "quit" -> return
                    "pay" -> pay()
                    "stock" -> shelf()
                    else -> add(words[0], words.getOrElse(1) { "1" })
                }
            } catch (error: ImsException) {
                println("  ${error.reason} (${error.code})")
            }
        }
    }

    private suspend fun add(sku: String, quantity: String) {
        val item = shop.itemWithSku(sku) ?: return println("  there is no $sku: $HELP")
        basket += OrderedLine(item.id, quantity.toQuantity())
        println("  $quantity × ${item.name}")
    }

    /** The context stays the same until there is an answer: a sale that is sent twice is one sale. */
    private suspend fun pay() {
        val sale = Context.now("till")
        val lines = basket.toList().also { basket.clear() }
        val order = shop.sell(sale, Sell(site, lines = lines)).order
        println("  ${order.series}-${order.number}: ${order.total.decimal.setScale(2)} ${order.currency}")
    }

    private suspend fun shelf() = shop.stockFlow(StockQuery(site = site, now = Instant.now())).collect {
        println("  ${it.sku}: ${it.available.text}")
    }
}
