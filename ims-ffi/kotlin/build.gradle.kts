plugins {
    kotlin("jvm") version "2.2.20"
    `java-library`
}

// The generated side, and the native library for this machine: see the README.
sourceSets["main"].kotlin.srcDir(layout.buildDirectory.dir("generated"))

repositories { mavenCentral() }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
    implementation("net.java.dev.jna:jna:5.17.0")
    testImplementation("junit:junit:4.13.2")
    testImplementation("org.jetbrains.kotlinx:kotlinx-serialization-json:1.9.0")
}

kotlin { jvmToolchain(17) }

tasks.test { systemProperty("jna.library.path", System.getenv("IMS_LIBRARY_PATH") ?: "") }
