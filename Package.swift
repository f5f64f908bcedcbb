// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Rank 0's loop matters for models that take microseconds. Debug builds, and so the tests, still check exclusive
    // access at run time.
    .unsafeFlags(["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release)),
]

/// The commit that `--version` and the results file name: from `jobs/build` (SwiftPM caches what it reads from git),
/// otherwise as SwiftPM read it from the checkout.
let commit =
    Context.environment["ATMOS_FRONTIER_COMMIT"]
    ?? Context.gitInformation.map { String($0.currentCommit.prefix(12)) + ($0.hasUncommittedChanges ? "+" : "") }
    ?? "unknown"

let package = Package(
    name: "atmos-frontier",
    products: [
        .executable(name: "atmos-frontier", targets: ["atmos-frontier"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // The words all share, then the rooms in the order that a point goes through them.
        .target(name: "Atmospheres", swiftSettings: swiftSettings),
        .target(
            name: "Exploration",
            dependencies: [
                "Atmospheres", "CPrefetch",
            ],
            swiftSettings: swiftSettings),
        .systemLibrary(name: "CPrefetch"),
        .target(name: "Clocks", swiftSettings: swiftSettings),
        .target(
            name: "Experiments",
            dependencies: [
                "Atmospheres", "Exploration",
                "Hashing", .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettings),
        .target(name: "Messages", dependencies: ["Atmospheres", "Exploration"], swiftSettings: swiftSettings),
        // Processes that a model runs in.
        .target(
            name: "Children",
            dependencies: [
                "Clocks",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Models",
            dependencies: [
                "Atmospheres", "Children", "Clocks", "Experiments", "Exploration", "Hashing",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Ensemble",
            dependencies: [
                "Atmospheres", "Clocks", "Exploration", "Messages", "MPI",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Results",
            dependencies: [
                "Atmospheres", "Exploration", "HDF5", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Reporting", dependencies: ["Atmospheres", "Exploration", "Results", "Cairo"],
            swiftSettings: swiftSettings),

        // Wrappers of C libraries, and their C modules.
        .target(name: "Hashing", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
        .target(name: "MPI", dependencies: ["COpenMPI"], swiftSettings: swiftSettings),
        .target(
            name: "HDF5", dependencies: ["CHDF5", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: swiftSettings),
        .target(name: "Cairo", dependencies: ["CCairo"], swiftSettings: swiftSettings),
        .systemLibrary(name: "COpenMPI", path: "mpi", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CBuildIdentity", cSettings: [.define("ATMOS_FRONTIER_COMMIT", to: "\"\(commit)\"")]),

        .executableTarget(
            name: "atmos-frontier",
            dependencies: [
                "Atmospheres", "Children", "Clocks", "Exploration", "Experiments", "Messages", "Models", "Ensemble",
                "Results", "Reporting", "MPI", "HDF5", "Cairo", "CBuildIdentity",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),

        // What tests share: scratch folders, commands with a deadline, processes, random numbers with a seed.
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: swiftSettings),
        .target(
            name: "TestSupport", dependencies: ["SeededRandom"], path: "Tests/TestSupport", swiftSettings: swiftSettings
        ),

        .testTarget(name: "AtmospheresTests", dependencies: ["Atmospheres"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ExplorationTests", dependencies: ["Exploration", "SeededRandom", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "Models"], swiftSettings: swiftSettings),
        .testTarget(name: "MessagesTests", dependencies: ["Messages"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ChildrenTests", dependencies: ["Children", "TestSupport", "atmos-frontier"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ModelsTests",
            dependencies: ["Clocks", "Models", "AtmosStandIn", "SeededRandom", "TestSupport", "atmos-frontier"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "EnsembleTests", dependencies: ["Ensemble", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "HDF5Tests", dependencies: ["HDF5", "SeededRandom", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(
            name: "CairoTests", dependencies: ["Cairo", "CCairo", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ResultsTests",
            dependencies: [
                "Atmospheres", "Exploration", "HDF5", "Results", "SyntheticWriter", "SeededRandom", "TestSupport",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            exclude: ["read_back.py", "two_points.cdl"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Atmospheres", "Exploration", "HDF5", "Results", "Reporting", "Cairo", "TestSupport"],
            swiftSettings: swiftSettings),
        // Exercises the MPI wrapper under mpirun.
        .executableTarget(
            name: "MPIExercise", dependencies: ["MPI"], path: "Tests/Tools/MPIExercise", swiftSettings: swiftSettings),
        .testTarget(name: "MPITests", dependencies: ["MPIExercise", "TestSupport"], swiftSettings: swiftSettings),
        // Stands in for Atmos: reads and writes the same files, and misbehaves on demand.
        .executableTarget(
            name: "AtmosStandIn", dependencies: [.product(name: "SystemPackage", package: "swift-system")],
            path: "Tests/Tools/AtmosStandIn", swiftSettings: swiftSettings),
        // Writes made-up results for the tests to kill and to read beside.
        .executableTarget(
            name: "SyntheticWriter", dependencies: ["Atmospheres", "Exploration", "Results", "SeededRandom"],
            path: "Tests/Tools/SyntheticWriter", swiftSettings: swiftSettings),
        // Prints what searches take for maps of synthetic regions.
        .executableTarget(
            name: "SearchBenchmark", dependencies: ["Atmospheres", "Clocks", "Exploration"],
            path: "Tests/Benchmarks/Search",
            swiftSettings: swiftSettings),
        // What a point costs the master and its workers, over MPI and in a simulation; `jobs/bench` runs it.
        .executableTarget(
            name: "DispatchBenchmark",
            dependencies: [
                "Atmospheres", "Clocks", "Ensemble", "Exploration", "Messages", "Models", "MPI", "Results",
                "SeededRandom",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Benchmarks/Dispatch", exclude: ["dispatch.c", "peers.py"], swiftSettings: swiftSettings),
        .testTarget(
            name: "JobTests",
            dependencies: [
                "atmos-frontier", "AtmosStandIn", "DispatchBenchmark", "Atmospheres", "Exploration", "Models",
                "HDF5", "Results", "SeededRandom", "TestSupport",
            ],
            exclude: ["check_notebook.py", "same_bits.py"],
            swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
