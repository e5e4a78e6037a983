package ims

import java.io.File
import java.nio.file.Files
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeNotNull
import org.junit.Test

/** The folder that `IMS_SCENARIOS` names: what every language replays. Without it these tests do not count as run. */
fun scenarios(): File {
    val folder: String? = System.getenv("IMS_SCENARIOS")
    assumeNotNull("IMS_SCENARIOS names no folder", folder)
    return File(folder!!)
}

class ScenariosTest {
    @Test
    fun on_memory() = replay("memory") { Ims.open("memory:") }

    @Test
    fun on_sqlite() {
        val folder = Files.createTempDirectory("ims")
        replay("sqlite") { Ims.open("sqlite:$folder/$it.db") }
        folder.toFile().deleteRecursively()
    }

    @Test
    fun on_a_kotlin_store() = replay("kotlin-store") { Ims.openIn(MapStore()) }

    private fun replay(store: String, open: suspend (String) -> Ims) = test(seconds = 1_800) {
        val files = scenarios().listFiles { file -> file.extension == "json" && file.name != "codes.json" }
        assertTrue("no scenario", !files.isNullOrEmpty())
        for (file in files!!.sorted()) {
            val scenario = Json.parseToJsonElement(file.readText()).jsonObject
            val name = file.nameWithoutExtension
            val ims = open(name)
            for ((number, step) in scenario.getValue("steps").jsonArray.withIndex()) {
                answer(ims, "$name, step $number", step.jsonObject)
            }
            val verdict = ims.verify()
            assertTrue("$name: ${verdict.broken}", verdict.ok)
            assertEquals(name, scenario.getValue("state_hash").jsonPrimitive.content, verdict.stateHash)
            println("\nscenario $name kotlin $store ${verdict.stateHash}")
            ims.shut()
            ims.close()
        }
    }

    private suspend fun answer(ims: Ims, place: String, step: JsonObject) {
        val answer = ims.executeJson(step.getValue("context").toString(), step.getValue("command").toString())
        assertEquals(place, step.getValue("answer"), Json.parseToJsonElement(answer))
    }
}
