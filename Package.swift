// swift-tools-version: 6.2
import PackageDescription

// Targets stand in layer order; Sources/README.md holds the map and the table that
// Tests/LayeringTests enforces. A layer appears here when it has something in it.

let package = Package(
    name: "conductor",
    products: [
        .executable(name: "conductor", targets: ["ConductorCLI"])
    ],
    dependencies: [
        // The command line: parsing, help, completion scripts.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // SHA-256 for content hashes and citations.
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        // SQLite: the memory itself, with full text search.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // YAML front matter of runbooks and agent definitions.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Layer 1: C with run-time dispatch, and the system's BLAS and LAPACKE.
        .target(name: "CKernels"),
        .systemLibrary(name: "CLinearAlgebra"),

        // Layer 2: the Swift façade over layer 1, and the one JSON door.
        .target(name: "Kernels", dependencies: ["CKernels", "CLinearAlgebra"]),
        .target(name: "StrictJSON"),

        // Layer 3: leaves; none imports another.
        .target(name: "Vectors", dependencies: ["Kernels"]),
        .target(
            name: "Embedding",
            dependencies: [
                "Kernels", "StrictJSON", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Documents",
            dependencies: [
                "StrictJSON", "Yams", .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Store",
            dependencies: [
                "StrictJSON", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        // Layer 4: the one joint.
        .target(
            name: "Retrieval",
            dependencies: ["Kernels", "Vectors", "Embedding", "Documents", "Store", "StrictJSON"]),

        // Layer 5: the loop, as pure values.
        .target(
            name: "Orchestration",
            dependencies: ["Retrieval", "Documents", "Store", "StrictJSON"]),

        // Layer 7: one file a command; wires everything by hand.
        .executableTarget(
            name: "ConductorCLI",
            dependencies: [
                "Kernels", "Vectors", "Embedding", "Documents", "Store", "Retrieval",
                "Orchestration", "StrictJSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests: one target a target, plus the layering law and the built binary.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "TestSupport"]),
        .testTarget(name: "VectorsTests", dependencies: ["Vectors", "Kernels", "TestSupport"]),
        .testTarget(
            name: "EmbeddingTests",
            dependencies: ["Embedding", "Kernels", "StrictJSON", "TestSupport"]),
        .testTarget(name: "DocumentsTests", dependencies: ["Documents", "TestSupport"]),
        .testTarget(name: "StoreTests", dependencies: ["Store", "TestSupport"]),
        .testTarget(
            name: "RetrievalTests",
            dependencies: [
                "Retrieval", "Store", "Documents", "Embedding", "Kernels", "TestSupport",
            ]),
        .testTarget(
            name: "OrchestrationTests",
            dependencies: ["Orchestration", "Retrieval", "Documents", "Store", "TestSupport"]),
        .testTarget(name: "LayeringTests"),
        .testTarget(
            name: "EndToEndTests", dependencies: ["ConductorCLI", "StrictJSON", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    if target.name == "CKernels" { continue }
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
        ]
}
