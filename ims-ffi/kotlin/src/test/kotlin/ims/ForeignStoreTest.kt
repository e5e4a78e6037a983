package ims

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class ForeignStoreTest {
    @Test
    fun a_kotlin_store_is_conformant() = test(seconds = 300) {
        val databases = mutableMapOf<String, Database>()
        val report = checkConformance(object : KeyedStores {
            override fun openStore(name: String): KeyedStore = synchronized(databases) {
                MapStore(databases.getOrPut(name) { Database() })
            }
        })
        assertEquals(emptyList<String>(), report.failed)
        assertTrue("${report.passed.size} cases", report.passed.size > 50)
        println("conformance of a Kotlin store: ${report.passed.size} passed, ${report.failed.size} failed")
    }

    @Test
    fun a_store_that_loses_writes_is_not() = test(seconds = 300) {
        val databases = mutableMapOf<String, Database>()
        val report = checkConformance(object : KeyedStores {
            override fun openStore(name: String): KeyedStore = synchronized(databases) {
                Forgetful(databases.getOrPut(name) { Database() })
            }
        })
        assertTrue(report.failed.toString(), report.failed.isNotEmpty())
    }

    @Test
    fun a_shop_in_a_kotlin_store_is_there_again() = test {
        val database = Database()
        val shop = teaShop(Ims.openIn(MapStore(database)))
        shop.ims.sell(Context.now("till 1"), shop.tea("3"))
        val hash = shop.ims.stateHash()
        shop.ims.shut()
        val again = Ims.openIn(MapStore(database))
        assertEquals(hash, again.stateHash())
        assertTrue(again.verify().ok)
    }

    @Test
    fun what_a_store_throws_is_a_store_error() = test {
        val store = Faulty()
        val shop = teaShop(Ims.openIn(store))
        store.fault = { throw IllegalStateException("the disk is gone") }
        val gone = thrown<ImsException.Store> { shop.ims.sell(Context.now("till 1"), shop.tea("1")) }
        assertTrue(gone.toString(), "the disk is gone" in gone.reason)
        store.fault = { throw KeyedStoreException.Failed(StoreErrorKind.FULL, "no room") }
        val full = thrown<ImsException.Store> { shop.ims.sell(Context.now("till 1"), shop.tea("1")) }
        assertEquals(StoreErrorKind.FULL, full.kind)
        assertEquals("store_full", full.code)
        store.fault = {}
        shop.ims.sell(Context.now("till 1"), shop.tea("1"))
        assertEquals("9", shop.available())
    }

    @Test
    fun what_is_no_row_is_a_damaged_store() = test {
        val store = object : MapStore() {
            override suspend fun read(ranges: List<KeyRange>) =
                KeyedRows(1uL, ranges.map { KeyedRow(it.first, "{]") })
        }
        val damaged = thrown<ImsException.Store> { Ims.openIn(store).openShop(Context.now("test"), OpenShop("S", "EUR")) }
        assertEquals(StoreErrorKind.CORRUPT, damaged.kind)
    }
}

/** Says that it has written, and has not. */
private class Forgetful(database: Database) : MapStore(database) {
    override suspend fun write(change: KeyedWrite) =
        if (change.put.size > 4) true else super.write(change)
}

/** Throws whatever a test wants. */
private class Faulty : MapStore() {
    @Volatile
    var fault: () -> Unit = {}

    override suspend fun write(change: KeyedWrite): Boolean {
        fault()
        return super.write(change)
    }
}
