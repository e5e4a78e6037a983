package ims

import java.io.File
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What the engine can be asked and can answer is here, and nothing else: `codes.json` lists it. */
class CodesTest {
    private val codes by lazy { Json.parseToJsonElement(File(scenarios(), "codes.json").readText()).jsonObject }

    private fun listed(kind: String) = codes.getValue(kind).jsonArray.map { it.jsonPrimitive.content }.toSet()

    @Test
    fun every_rejection_is_a_class() = assertEquals(listed("rejections"), variants(Rejection::class.java))

    @Test
    fun every_command_is_a_class() = assertEquals(listed("commands"), variants(Command::class.java))

    @Test
    fun every_kind_of_store_error_is_named() {
        val kinds = StoreErrorKind.entries.map { "store_${it.name.lowercase()}" }
        assertTrue("$kinds", kinds.toSet() == listed("store_errors"))
    }

    private fun variants(sealed: Class<*>): Set<String> =
        sealed.declaredClasses.filter { it.superclass == sealed }.map { snakeCase(it.simpleName) }.toSet()

    private fun snakeCase(name: String) = name.replace(Regex("(?<!^)[A-Z]")) { "_${it.value}" }.lowercase()
}
