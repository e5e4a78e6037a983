// swift-tools-version: 6.0
import PackageDescription

// The generated side stands in Sources/ImsKit/ImsKit.swift and Sources/ImsFFI: see the README of ims-ffi.
let package = Package(
    name: "ims",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "ImsKit", targets: ["ImsKit"])],
    targets: [
        .systemLibrary(name: "ImsFFI"),
        .target(
            name: "ImsKit",
            dependencies: ["ImsFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("ims_ffi")]
        ),
        .executableTarget(name: "Till", dependencies: ["ImsKit"]),
        .executableTarget(name: "Checks", dependencies: ["ImsKit"]),
    ]
)
