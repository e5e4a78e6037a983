package ims.till

import ims.*
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class TillTest {
    private val file: Path = Files.createTempDirectory("ims-till").resolve("till.basket")

    @Test
    fun what_is_typed_is_sold() {
        val shown = typed("tea 2", "mug", "pay", "tea 100", "pay", "cup", "clear", "stock", "quit")
        val said = listOf(
            "  2 × tea",
            "  1 × mug",
            "  MAIN-1: 12.90 EUR",
            "  100 × tea",
            "  100 of TEA wanted, 8 available at MAIN (insufficient_stock)",
        )
        assertEquals(said, shown.drop(1).take(said.size))
        assertEquals(listOf("  MUG: 9", "  TEA: 8"), shown.takeLast(2))
    }

    @Test
    fun a_sale_that_was_refused_can_be_changed() = test {
        val shop = Ims.open("memory:")
        val till = Till(shop, siteOf(shop), Basket(file))
        shown { till.serve(sequenceOf("tea 100", "pay")) }
        assertEquals(listOf("100"), Basket(file).lines.map { it.quantity.text })
        assertNull(Basket(file).sale)
        shown { till.serve(sequenceOf("clear", "tea 3", "pay")) }
        assertEquals("7", tea(shop))
    }

    @Test
    fun a_sale_whose_answer_is_lost_is_sold_once() = test {
        val store = LosesAnswers()
        val shop = Ims.openIn(store)
        val till = Till(shop, siteOf(shop), Basket(file))
        val said = shown {
            till.serve(sequence {
                yield("tea 2")
                store.answersToLose = 1
                yieldAll(listOf("pay", "mug", "clear"))
                store.isAway = false
                yield("pay")
            })
        }
        assertEquals(2, said.count { "nobody knows yet" in it })
        assertTrue(said.toString(), said.last().startsWith("  MAIN-1: "))
        assertEquals("8", tea(shop))
        assertEquals(emptyList<OrderedLine>(), Basket(file).lines)
    }

    @Test
    fun a_sale_whose_write_fails_is_sold_when_it_is_sent_again() = test {
        val store = LosesAnswers()
        val shop = Ims.openIn(store)
        val till = Till(shop, siteOf(shop), Basket(file))
        val typed = sequence {
            yield("tea 2")
            store.writesToFail = 1
            yieldAll(listOf("pay", "pay"))
        }
        shown { till.serve(typed) }
        assertEquals("8", tea(shop))
    }

    @Test
    fun a_till_that_was_ended_sells_once_what_it_had_sent() = test {
        val database = Database()
        val store = LosesAnswers(database)
        val before = Ims.openIn(store)
        val site = siteOf(before)
        val typed = sequence {
            yield("tea 2")
            store.answersToLose = 1
            yield("pay")
        }
        shown { Till(before, site, Basket(file)).serve(typed) }
        // Nothing of the first till is left but the file and the database.
        val shop = Ims.openIn(MapStore(database))
        val said = shown { Till(shop, site, Basket(file)).serve(sequenceOf("tea", "pay")) }
        assertTrue(said.toString(), said[1].startsWith("  MAIN-1: "))
        assertTrue(said.toString(), said.last().startsWith("  MAIN-2: "))
        assertEquals("7", tea(shop))
    }

    private suspend fun tea(shop: Ims): String {
        val item = shop.itemWithSku("TEA")!!.id
        return shop.stock(StockQuery(item = item, now = java.time.Instant.now()), PageRequest()).rows.single().available.text
    }

    private fun typed(vararg lines: String): List<String> {
        val input = System.`in`
        try {
            System.setIn(ByteArrayInputStream(lines.joinToString("\n", postfix = "\n").toByteArray()))
            return kotlinx.coroutines.runBlocking { shown { main(arrayOf("memory:", file.toString())) } }
        } finally {
            System.setIn(input)
        }
    }

    /** What is shown meanwhile, line by line. */
    private suspend fun shown(work: suspend () -> Unit): List<String> {
        val output = System.out
        val shown = ByteArrayOutputStream()
        try {
            System.setOut(PrintStream(shown))
            work()
        } finally {
            System.setOut(output)
        }
        return shown.toString().trimEnd().lines()
    }
}

/** Fails as often as it is told: before it writes; or after, and is away from then on, so that nobody hears of it. */
private class LosesAnswers(database: Database = Database()) : MapStore(database) {
    @Volatile
    var writesToFail = 0

    @Volatile
    var answersToLose = 0

    @Volatile
    var isAway = false

    override suspend fun read(ranges: List<KeyRange>): KeyedRows {
        if (isAway) throw KeyedStoreException.Failed(StoreErrorKind.UNAVAILABLE, "the store is away")
        return super.read(ranges)
    }

    override suspend fun write(change: KeyedWrite): Boolean {
        if (writesToFail > 0) {
            writesToFail--
            throw KeyedStoreException.Failed(StoreErrorKind.UNAVAILABLE, "the store is away")
        }
        val written = super.write(change)
        if (answersToLose > 0) {
            answersToLose--
            isAway = true
            throw KeyedStoreException.Failed(StoreErrorKind.UNKNOWN, "the answer was lost")
        }
        return written
    }
}
