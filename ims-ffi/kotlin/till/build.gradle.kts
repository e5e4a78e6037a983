plugins {
    kotlin("jvm")
    application
}

repositories { mavenCentral() }

dependencies {
    implementation(project(":"))
    testImplementation("junit:junit:4.13.2")
}

tasks.test { systemProperty("jna.library.path", System.getenv("IMS_LIBRARY_PATH") ?: "") }

kotlin { jvmToolchain(17) }

application { mainClass = "ims.till.TillKt" }
