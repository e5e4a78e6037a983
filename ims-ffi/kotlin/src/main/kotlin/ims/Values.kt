package ims

import java.math.BigDecimal
import java.security.SecureRandom
import java.time.Instant
import java.util.UUID

/** The quantity as a number. */
val Quantity.decimal: BigDecimal get() = BigDecimal(text)

/** The amount as a number. */
val Amount.decimal: BigDecimal get() = BigDecimal(text)

/** So many. There is none for floating-point numbers: they are not exact. */
fun BigDecimal.toQuantity(): Quantity = Quantity(toPlainString())

/** So many. */
fun Int.toQuantity(): Quantity = Quantity(toString())

/** So many: `"0.125".toQuantity()`. What is not a number is refused where it is used. */
fun String.toQuantity(): Quantity = Quantity(this)

/** So much money. There is none for floating-point numbers: they are not exact. */
fun BigDecimal.toAmount(): Amount = Amount(toPlainString())

/** So much money. */
fun Int.toAmount(): Amount = Amount(toString())

/** So much money: `"2.50".toAmount()`. What is not a number is refused where it is used. */
fun String.toAmount(): Amount = Amount(this)

/** Makes an id for a new command: a UUID of version 7, which keeps the indexes of a database compact. */
fun CommandId.Companion.random(): CommandId {
    val random = ByteArray(16).also(chance::nextBytes)
    val bits = random.fold(0L to 0L) { (high, low), byte -> (high shl 8 or (low ushr 56)) to (low shl 8 or (byte.toLong() and 0xff)) }
    val high = (System.currentTimeMillis() shl 16) or 0x7000L or (bits.first and 0x0fffL)
    val low = (bits.second and 0x3fff_ffff_ffff_ffffL) or Long.MIN_VALUE
    return CommandId(UUID(high, low).toString())
}

/** What a new command comes with that is given now. To send a command again, keep its context. */
fun Context.Companion.now(actor: String): Context = Context(CommandId.random(), actor, Instant.now())

private val chance = SecureRandom()
