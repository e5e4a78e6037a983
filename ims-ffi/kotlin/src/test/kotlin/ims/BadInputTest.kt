package ims

import java.time.Instant
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class BadInputTest {
    @Test
    fun what_is_no_number_is_invalid_input() = test {
        val shop = teaShop(Ims.open("memory:"))
        for (text in listOf("NaN", "Infinity", "1e3", "1,5", "", " 1", "0x10", "٣", "9".repeat(1_000_000))) {
            val refused = thrown<ImsException.InvalidInput> { shop.ims.sell(Context.now("till 1"), shop.tea(text)) }
            assertEquals("invalid_input", refused.code)
        }
        assertEquals("10", shop.available())
    }

    @Test
    fun a_float_in_json_is_invalid_input() = test {
        val shop = teaShop(Ims.open("memory:"))
        val context = """{"id":"${CommandId.random().text}","actor":"till 1","now":"2026-01-31T09:00:00Z"}"""
        val line = """{"item":"${shop.tea.text}","quantity":1.5}"""
        val sale = """{"sell":{"site":"${shop.site.text}","lines":[$line]}}"""
        thrown<ImsException.InvalidInput> { shop.ims.executeJson(context, sale) }
        for (text in listOf("", "null", "[", "{\"explode\":{}}", "[".repeat(100_000))) {
            thrown<ImsException.InvalidInput> { shop.ims.executeJson(context, text) }
            thrown<ImsException.InvalidInput> { shop.ims.executeJson(text, sale) }
        }
    }

    @Test
    fun a_text_that_is_too_long_is_refused() = test {
        val shop = teaShop(Ims.open("memory:"))
        val long = CreateLocation("B", "x".repeat(100_000))
        assertEquals("invalid_field", thrown<ImsException.Rejected> { shop.ims.createLocation(Context.now("t"), long) }.code)
        val huge = CreateLocation("B", "x".repeat(50_000_000))
        thrown<ImsException.InvalidInput> { shop.ims.createLocation(Context.now("t"), huge) }
    }

    @Test
    fun half_a_character_is_not_stored() = test {
        val shop = teaShop(Ims.open("memory:"))
        val half = CreateLocation("B", "tea \ud83c")
        val answer = runCatching { shop.ims.createLocation(Context.now("t"), half) }
        answer.onSuccess { assertTrue(it.name, '\ud83c' !in it.name) }
        answer.onFailure { assertTrue(it.toString(), it is ImsException || it is CharacterCodingException) }
        assertEquals("10", shop.available())
    }

    @Test
    fun what_is_no_id_is_invalid_input() = test {
        val shop = teaShop(Ims.open("memory:"))
        for (text in listOf("", "42", "00000000-0000-0000-0000-000000000000")) {
            val context = Context(CommandId(text), "till 1", Instant.now())
            thrown<ImsException.InvalidInput> { shop.ims.sell(context, shop.tea("1")) }
        }
        thrown<ImsException.InvalidInput> { shop.ims.item(ItemId("tea")) }
    }

    @Test
    fun a_moment_beyond_all_calendars_is_invalid_input() = test {
        val shop = teaShop(Ims.open("memory:"))
        val beyond = listOf("+20000-01-01T00:00:00Z", "-20000-01-01T00:00:00Z").map(Instant::parse)
        for (moment in beyond + Instant.MAX + Instant.MIN) {
            val context = Context(CommandId.random(), "till 1", moment)
            thrown<ImsException.InvalidInput> { shop.ims.sell(context, shop.tea("1")) }
        }
        assertEquals("10", shop.available())
    }

    @Test
    fun what_is_no_store_is_a_store_error() = test {
        for (url in listOf("", "shop.db", "http://example.com", "sqlite:/no/such/folder/shop.db", "sqlite:/\u0000")) {
            thrown<ImsException.Store> { Ims.open(url) }
        }
    }

    @Test
    fun a_closed_shop_says_so() = test {
        val shop = teaShop(Ims.open("memory:"))
        val reader = async { thrown<ImsException.Stopped> { shop.ims.eventFlow().collect {} } }
        shop.ims.shut()
        shop.ims.shut()
        assertEquals("stopped", thrown<ImsException.Stopped> { shop.ims.sell(Context.now("t"), shop.tea("1")) }.code)
        thrown<ImsException.Stopped> { shop.ims.stateHash() }
        reader.await()
        shop.ims.close()
        thrown<IllegalStateException> { shop.ims.stateHash() }
    }

    @Test
    fun many_threads_sell_what_there_is_and_no_more() = test {
        val shop = teaShop(Ims.open("memory:"))
        val sales = List(64) {
            async(Dispatchers.Default) { runCatching { shop.ims.sell(Context.now("till $it"), shop.tea("1")) } }
        }
        val answers = sales.awaitAll()
        assertEquals(10, answers.count { it.isSuccess })
        assertTrue(answers.mapNotNull { it.exceptionOrNull() }.all { it is ImsException.Rejected })
        assertEquals("0", shop.available())
        assertTrue(shop.ims.verify().ok)
    }

    @Test
    fun a_cancelled_call_is_done_or_not_and_its_id_tells() = test {
        val store = Slow()
        val shop = teaShop(Ims.openIn(store))
        store.hold = CompletableDeferred()
        val sale = Context.now("till 1")
        val caller = launch { shop.ims.sell(sale, shop.tea("3")) }
        store.reached.await()
        caller.cancelAndJoin()
        assertTrue(caller.isCancelled)
        store.hold?.complete(Unit)
        shop.ims.sell(sale, shop.tea("3"))
        assertEquals("7", shop.available())
    }

    @Test
    fun a_panic_is_an_error_and_the_shop_goes_on() = test {
        val shop = teaShop(Ims.open("panicking:"))
        repeat(3) {
            val panicked = thrown<ImsException.Internal> { shop.ims.sell(Context.now("panic"), shop.tea("1")) }
            assertEquals("internal", panicked.code)
            assertEquals(10 - it, shop.available().toInt())
            shop.ims.sell(Context.now("till 1"), shop.tea("1"))
        }
        assertTrue(shop.ims.verify().ok)
    }
}

/** Keeps a commit waiting. */
private class Slow : MapStore() {
    @Volatile
    var hold: CompletableDeferred<Unit>? = null
    val reached = CompletableDeferred<Unit>()

    override suspend fun write(change: KeyedWrite): Boolean {
        hold?.let {
            reached.complete(Unit)
            try {
                it.await()
            } catch (gone: CancellationException) {
                throw AssertionError("nobody may cancel a commit", gone)
            }
        }
        return super.write(change)
    }
}
