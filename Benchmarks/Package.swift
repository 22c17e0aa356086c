// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product carries no target for measuring. Of the parent only what
// `VectorSearch` holds is compiled; scripts/bench.sh tells where to.

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "conductor", path: "..")],
    targets: [
        // A plain read of memory, to compare the kernels' reading with.
        .target(name: "CStream"),
        .executableTarget(
            name: "vector-bench",
            dependencies: ["CStream", .product(name: "VectorSearch", package: "conductor")],
            path: "Sources/VectorBench"),
        // Searches while an index changes; scripts/tsan.sh runs it.
        .target(name: "CThreadOrder"),
        .executableTarget(
            name: "index-churn",
            dependencies: ["CThreadOrder", .product(name: "VectorSearch", package: "conductor")],
            path: "Sources/IndexChurn"),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)

for target in package.targets where target.type == .executable {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
