plugins {
    kotlin("jvm")
    application
}

repositories { mavenCentral() }

dependencies { implementation(project(":")) }

kotlin { jvmToolchain(17) }

application { mainClass = "TillKt" }
