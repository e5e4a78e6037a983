package ims

import kotlinx.coroutines.async
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.yield
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class EventsTest {
    @Test
    fun a_reader_sees_every_event_once_and_in_order() = test {
        val shop = teaShop(Ims.open("memory:"))
        val reader = async { shop.ims.eventFlow().take(8).toList() }
        repeat(4) { shop.ims.sell(Context.now("till 1"), shop.tea("1")) }
        val events = reader.await()
        assertEquals((1uL..8uL).toList(), events.map { it.offset })
        assertEquals(4, events.count { (it.body as EventBody.Done).v1 is Receipt.Sold })
    }

    @Test
    fun a_reader_that_has_all_waits_for_the_next_event() = test {
        val shop = teaShop(Ims.open("memory:"))
        val newest = shop.ims.events(0uL, 0u).newest
        val reader = async { shop.ims.nextEvents(newest, 10u, 30_000u) }
        yield()
        shop.ims.sell(Context.now("till 1"), shop.tea("1"))
        assertEquals(listOf(newest + 1uL), reader.await().events.map { it.offset })
    }

    @Test
    fun a_reader_that_waits_in_vain_is_told_so() = test {
        val shop = teaShop(Ims.open("memory:"))
        val newest = shop.ims.events(0uL, 0u).newest
        assertTrue(shop.ims.nextEvents(newest, 10u, 1u).events.isEmpty())
    }
}
