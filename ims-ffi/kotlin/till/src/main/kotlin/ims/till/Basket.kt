package ims.till

import ims.CommandId
import ims.Context
import ims.ItemId
import ims.OrderedLine
import ims.now
import ims.toQuantity
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.DSYNC
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.time.Instant

/**
 * What a customer buys, in a file: the app may be ended at any moment. A sale gets its context once, before it is sent, and
 * keeps it until there is an answer: sent again, by this run of the app or the next one, it is the same sale.
 */
class Basket(private val file: Path) {
    private val added = mutableListOf<OrderedLine>()

    /** What is in it. */
    val lines: List<OrderedLine> get() = added

    /** The sale that was sent and has no answer yet. */
    var sale: Context? = null
        private set

    init {
        if (Files.exists(file)) Files.readAllLines(file).forEach(::read)
    }

    fun add(line: OrderedLine) {
        check(sale == null) { "a sale that was sent stays as it is" }
        added += line
        write()
    }

    /** The context of the sale: kept before it is used. */
    fun send(): Context = sale ?: Context.now("till").also {
        sale = it
        write()
    }

    /** The rules said no, which is an answer: what is in the basket can be changed, and is another sale then. */
    fun refused() {
        sale = null
        write()
    }

    /** It is sold, or given up. */
    fun empty() {
        sale = null
        added.clear()
        write()
    }

    private fun read(line: String) {
        val (kind, first, second) = line.split(' ')
        when (kind) {
            "sale" -> sale = Context(CommandId(first), "till", Instant.parse(second))
            else -> added += OrderedLine(ItemId(first), second.toQuantity())
        }
    }

    /** Nobody ever sees half of it, and it is on the disk before anything is sent. */
    private fun write() {
        val half = file.resolveSibling("${file.fileName}.half")
        val head = listOfNotNull(sale?.let { "sale ${it.id.text} ${it.now}" })
        val text = head + added.map { "line ${it.item.text} ${it.quantity.text}" }
        Files.write(half, text, CREATE, WRITE, TRUNCATE_EXISTING, DSYNC)
        Files.move(half, file, ATOMIC_MOVE, REPLACE_EXISTING)
    }
}
