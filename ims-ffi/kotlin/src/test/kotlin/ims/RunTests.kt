package ims

import kotlin.system.exitProcess
import org.junit.internal.TextListener
import org.junit.runner.JUnitCore

/** Runs the tests of some classes without Gradle, and sums up in the words of Rust's tests. */
fun main(classes: Array<String>) {
    val core = JUnitCore()
    core.addListener(TextListener(System.out))
    val result = core.run(*classes.map { Class.forName(it) }.toTypedArray())
    val verdict = if (result.wasSuccessful()) "ok" else "FAILED"
    val ignored = result.ignoreCount + result.assumptionFailureCount
    val passed = result.runCount - result.failureCount - result.assumptionFailureCount
    println(
        "test result: $verdict. $passed passed; ${result.failureCount} failed; $ignored ignored; " +
            "0 measured; 0 filtered out",
    )
    exitProcess(if (result.wasSuccessful()) 0 else 1)
}
