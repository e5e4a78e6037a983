package ims.till

import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import org.junit.Assert.assertEquals
import org.junit.Test

class TillTest {
    @Test
    fun what_is_typed_is_sold() {
        val shown = typed("tea 2", "mug", "pay", "tea 100", "pay", "cup", "stock", "quit")
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

    private fun typed(vararg lines: String): List<String> {
        val (input, output) = System.`in` to System.out
        val shown = ByteArrayOutputStream()
        try {
            System.setIn(ByteArrayInputStream(lines.joinToString("\n", postfix = "\n").toByteArray()))
            System.setOut(PrintStream(shown))
            main(arrayOf("memory:"))
        } finally {
            System.setIn(input)
            System.setOut(output)
        }
        return shown.toString().trimEnd().lines()
    }
}
