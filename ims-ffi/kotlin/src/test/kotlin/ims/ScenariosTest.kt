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
import org.junit.Test

/** The scenarios that every language replays, in the folder that `IMS_SCENARIOS` names. */
class ScenariosTest {
    private val files: List<File> =
        System.getenv("IMS_SCENARIOS")?.let(::File)?.listFiles { file -> file.extension == "json" }.orEmpty().sorted()

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
        for (file in files) {
            val scenario = Json.parseToJsonElement(file.readText()).jsonObject
            val name = file.nameWithoutExtension
            val ims = open(name)
            for ((number, step) in scenario.getValue("steps").jsonArray.withIndex()) {
                answer(ims, "$name, step $number", step.jsonObject)
            }
            val verdict = ims.verify()
            assertTrue("$name: ${verdict.broken}", verdict.ok)
            assertEquals(name, scenario.getValue("state_hash").jsonPrimitive.content, verdict.stateHash)
            println("scenario $name kotlin $store ${verdict.stateHash}")
            ims.shut()
            ims.close()
        }
    }

    private suspend fun answer(ims: Ims, place: String, step: JsonObject) {
        val answer = ims.executeJson(step.getValue("context").toString(), step.getValue("command").toString())
        assertEquals(place, step.getValue("answer"), Json.parseToJsonElement(answer))
    }
}
