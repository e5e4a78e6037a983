package ims

import java.util.TreeMap

/** What a database of an app would hold: texts under keys, and the number of writes. */
class Database {
    private val texts = TreeMap<String, String>()
    private var revision = 0uL

    @Synchronized
    fun read(ranges: List<KeyRange>): KeyedRows {
        val rows = ranges.flatMap { range ->
            val found = texts.subMap(range.first, true, range.last, true).entries.asSequence()
            found.take(range.limit.coerceAtMost(Int.MAX_VALUE.toUInt()).toInt()).map { KeyedRow(it.key, it.value) }
        }
        return KeyedRows(revision, rows)
    }

    @Synchronized
    fun write(change: KeyedWrite): Boolean {
        if (change.seen != revision) return false
        change.put.forEach { texts[it.key] = it.text }
        change.remove.forEach(texts::remove)
        revision++
        return true
    }
}

/** A store of the app's own. */
open class MapStore(private val database: Database = Database()) : KeyedStore {
    override suspend fun read(ranges: List<KeyRange>) = database.read(ranges)

    override suspend fun write(change: KeyedWrite) = database.write(change)
}
