package ims

import java.math.BigDecimal
import java.nio.file.Files
import java.time.Instant
import java.time.LocalDate
import kotlinx.coroutines.flow.toList
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class SellingTest {
    @Test
    fun a_sale_is_answered_with_its_order() = test {
        val shop = teaShop(Ims.open("memory:"))
        val sale = Context.now("till 1")
        val sold = shop.ims.sell(sale, shop.tea("3"))
        assertEquals(sale.id.text, sold.order.id.text)
        assertEquals(BigDecimal("7.5"), sold.order.total.decimal)
        assertEquals(OrderStatus.SHIPPED, sold.order.status)
        assertEquals("3.6", sold.lines.single().cost.text)
        assertEquals("7", shop.available())
        assertTrue(shop.ims.verify().ok)
    }

    @Test
    fun a_refusal_carries_its_numbers() = test {
        val shop = teaShop(Ims.open("memory:"))
        val refused = thrown<ImsException.Rejected> { shop.ims.sell(Context.now("till 1"), shop.tea("11")) }
        assertEquals("insufficient_stock", refused.code)
        val rejection = refused.rejection as Rejection.InsufficientStock
        assertEquals(Rejection.InsufficientStock("TEA-1", "MAIN", Quantity("11"), Quantity("10")), rejection)
        assertEquals("10", shop.available())
    }

    @Test
    fun the_same_command_again_gives_the_same_answer() = test {
        val shop = teaShop(Ims.open("memory:"))
        val sale = Context.now("till 1")
        val first = shop.ims.sell(sale, shop.tea("3"))
        assertEquals(first, shop.ims.sell(sale, shop.tea("3")))
        assertEquals("7", shop.available())
        val reused = thrown<ImsException.IdReused> { shop.ims.sell(sale, shop.tea("4")) }
        assertEquals(sale.id, reused.id)
        assertEquals("id_reused", reused.code)
    }

    @Test
    fun many_commands_are_answered_each_for_itself() = test {
        val shop = teaShop(Ims.open("memory:"))
        val requests = listOf("6", "5", "4").map { Request(Context.now("till 1"), Command.Sell(shop.tea(it))) }
        val (first, second, third) = shop.ims.executeAll(requests)
        assertTrue(first is Outcome.Done && third is Outcome.Done)
        assertEquals("insufficient_stock", (second as Outcome.Failed).error.code)
    }

    @Test
    fun what_is_tried_changes_nothing() = test {
        val shop = teaShop(Ims.open("memory:"))
        val before = shop.ims.stateHash()
        val receipt = shop.ims.simulate(Context.now("till 1"), Command.Sell(shop.tea("3")))
        assertEquals("7.5", (receipt as Receipt.Sold).v1.order.total.text)
        assertEquals(before, shop.ims.stateHash())
    }

    @Test
    fun moments_and_days_are_those_of_the_platform() = test {
        val shop = teaShop(Ims.open("memory:"))
        val moment = Instant.parse("2026-01-31T23:30:00.123456Z")
        val context = Context(CommandId.random(), "till 1", Instant.now(), occurredAt = moment)
        assertEquals(moment, shop.ims.placeOrder(context, PlaceOrder(shop.site, lines = shop.tea("1").lines)).placedAt)
        val closed = shop.ims.closePeriod(Context.now("boss"), ClosePeriod(LocalDate.of(2026, 1, 31)))
        assertEquals(LocalDate.of(2026, 1, 31), closed.until)
    }

    @Test
    fun a_field_of_an_update_is_kept_set_or_cleared() = test {
        val shop = teaShop(Ims.open("memory:"))
        val change = UpdateItem(shop.tea, brand = "House", price = AmountPatch.Clear)
        val item = shop.ims.updateItem(Context.now("boss"), change)
        assertEquals(listOf("Green tea", "House", null), listOf(item.name, item.brand, item.price))
        val again = UpdateItem(shop.tea, price = AmountPatch.Set("3".toAmount()))
        assertEquals("3", shop.ims.updateItem(Context.now("boss"), again).price?.text)
    }

    @Test
    fun a_shop_in_a_file_is_there_again() = test {
        val folder = Files.createTempDirectory("ims")
        val url = "sqlite:$folder/shop.db"
        val hash = Ims.open(url).use { ims ->
            teaShop(ims).ims.stateHash().also { ims.shut() }
        }
        Ims.open(url).use { ims ->
            assertEquals(hash, ims.stateHash())
            ims.shut()
        }
        folder.toFile().deleteRecursively()
    }

    @Test
    fun reports_answer() = test {
        val shop = teaShop(Ims.open("memory:"))
        val ims = shop.ims
        val order = ims.sell(Context.now("till 1"), shop.tea("4")).order
        assertEquals("TEA-1", ims.itemWithSku("tea-1")?.sku)
        assertNull(ims.itemWithBarcode("4006381333931"))
        assertEquals(order, ims.order(order.id))
        assertEquals(order.id, ims.orderNumbered(order.series, order.number))
        assertEquals(listOf(order), ims.orderFlow(OrderQuery(item = shop.tea)).toList())
        val then = OrderQuery(from = order.placedAt, until = order.placedAt)
        assertEquals(listOf(order), ims.orderFlow(then).toList())
        assertEquals(emptyList<Order>(), ims.orderFlow(then.copy(city = "Lisbon")).toList())
        val profit = ims.profit(ProfitQuery(ProfitBy.ITEM), PageRequest()).rows.single()
        val (key, _, units, revenue, cost) = profit
        assertEquals(listOf("TEA-1", "4", "10", "4.8"), listOf(key, units.text, revenue.text, cost.text))
        assertEquals("7.2", ims.stockValue(ValueQuery()).value.text)
        assertEquals(2, ims.movements(MovementQuery(item = shop.tea), PageRequest()).rows.size)
        assertEquals(emptyList<ReorderLine>(), ims.reorder(Instant.now(), PageRequest()).rows)
        assertEquals(emptyList<AlertLine>(), ims.alerts(AlertQuery.OPEN, Instant.now(), PageRequest()).rows)
    }
}
