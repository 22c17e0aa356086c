// swift-tools-version: 6.2
import PackageDescription

// Targets stand in layer order; Sources/README.md holds the map and the table that
// Tests/LayeringTests enforces. A layer appears here when it has something in it.

let package = Package(
    name: "conductor",
    products: [
        .executable(name: "conductor", targets: ["ConductorCLI"]),
        // For Benchmarks, which measures the kernels and the index without the rest.
        .library(name: "VectorSearch", targets: ["CKernels", "Kernels", "Vectors"]),
    ],
    dependencies: [
        // The command line: parsing, help, completion scripts.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The HTTP service: routing, limits, graceful stop. Without its traits it needs less.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // Models over HTTP: streaming, deadlines, TLS.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        // What both of them speak in: buffers, header fields, log lines, services that stop.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
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
            dependencies: ["Retrieval", "Documents", "Embedding", "Store", "StrictJSON"],
            resources: [.embedInCode("Prompts/plan.md"), .embedInCode("Prompts/rerank.md")]),

        // Layer 6: the outer doors; neither knows the other.
        .target(
            name: "ModelClients",
            dependencies: [
                "Orchestration", "Documents", "Embedding", "Kernels", "StrictJSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .target(
            name: "Server",
            dependencies: [
                "Orchestration", "Retrieval", "Documents", "Store", "StrictJSON",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Layer 7: one file a command; wires everything by hand.
        .executableTarget(
            name: "ConductorCLI",
            dependencies: [
                "Kernels", "Vectors", "Embedding", "Documents", "Store", "Retrieval",
                "Orchestration", "ModelClients", "Server", "StrictJSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
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
            dependencies: [
                "Orchestration", "Retrieval", "Documents", "Store", "StrictJSON", "TestSupport",
            ]),
        .testTarget(
            name: "ModelClientsTests",
            dependencies: [
                "ModelClients", "Orchestration", "Documents", "Embedding", "Kernels",
                "StrictJSON", "TestSupport",
            ]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Orchestration", "Retrieval", "Documents", "Store", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ]),
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
