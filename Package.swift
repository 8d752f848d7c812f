// swift-tools-version: 6.2
import PackageDescription

// Targets are layers, listed bottom up; each imports only what stands above it in this file.
// No Swift package dependency: docs/decisions/0001-no-packages.md says why.
let package = Package(
    name: "lugn",
    platforms: [.macOS(.v15)],
    products: [
        .library(
            name: "Lugn",
            targets: ["Replica", "SyncClient", "SyncServer", "ChangeLog", "Trust", "HTTPServer", "Casework"]),
        .executable(name: "lugn", targets: ["lugn"]),
        .executable(name: "lugn-server", targets: ["lugn-server"]),
        .executable(name: "lugn-admin", targets: ["lugn-admin"]),
    ],
    targets: [
        // System C libraries, each wrapped by exactly one Swift target.
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
        .target(name: "CMicroHTTPD", linkerSettings: [.linkedLibrary("microhttpd"), .linkedLibrary("gnutls")]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

        .target(name: "CPostgreSQL", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),

        // Zeros where SQLite leaves copies behind: docs/decisions/0013-clean-pages.md.
        .target(name: "CCleanPages", dependencies: ["CSQLite"]),
        // When a file was made, which Swift's importer does not let one ask.
        .target(name: "CFilePlace"),

        // The words of the interface in Swedish and English, brought in by #embed.
        .target(name: "CWords", exclude: ["sv.json", "en.json"]),

        .target(name: "Support"),
        // For tests and simulation only: disks in memory that lose power.
        .target(name: "CSimulatedDisk", dependencies: ["CSQLite"]),
        .target(name: "SimulatedDisk", dependencies: ["CSimulatedDisk", "Support"]),

        .target(name: "JSON"),
        .target(name: "Commands", dependencies: ["JSON", "Support"]),
        .target(name: "SQLite", dependencies: ["CCleanPages", "CFilePlace", "CSQLite", "Support"]),
        .target(name: "PostgreSQL", dependencies: ["CPostgreSQL", "Support"]),
        .target(name: "Merge"),
        .target(name: "SyncProtocol", dependencies: ["Merge"]),
        .target(name: "Sealing", dependencies: ["CSodium", "Merge", "SyncProtocol"]),
        // Who belongs to a line: its roster, keys, invitations and signatures.
        .target(name: "Trust", dependencies: ["Sealing", "Merge", "SyncProtocol"]),
        .target(name: "HTTPServer", dependencies: ["CMicroHTTPD", "Support"]),
        .target(name: "HTTPClient", dependencies: ["CCurl", "Support"]),
        // What pages on 127.0.0.1 have in common: who may ask, how they are opened, their files.
        .target(name: "LocalPage", dependencies: ["HTTPServer", "JSON", "Sealing", "Support"]),

        .target(name: "Replica", dependencies: ["Trust", "SQLite", "Merge", "SyncProtocol", "Sealing", "Support"]),
        .target(
            name: "ChangeLog",
            dependencies: ["Trust", "SQLite", "PostgreSQL", "Merge", "SyncProtocol", "Sealing", "Support"]),
        .target(
            name: "SyncClient",
            dependencies: ["Trust", "Replica", "HTTPClient", "SyncProtocol", "Merge", "Sealing", "Support"]),
        .target(
            name: "SyncServer",
            dependencies: ["Trust", "ChangeLog", "HTTPServer", "SyncProtocol", "Merge", "Sealing", "JSON", "Support"]),
        // A server's folder: the store, its lock, its backups.
        .target(
            name: "ServerStore",
            dependencies: ["Trust", "SyncServer", "ChangeLog", "Commands", "Sealing", "SyncProtocol", "Support"]),
        .target(
            name: "Casework",
            dependencies: [
                "Trust", "CWords", "JSON", "Replica", "Sealing", "Merge", "SyncProtocol", "SQLite", "Support",
            ]),

        // One counsellor's workstation, and its page on 127.0.0.1.
        .target(
            name: "Workstation",
            dependencies: [
                "Trust", "Casework", "SyncClient", "HTTPClient", "SyncProtocol", "Replica", "Merge", "Sealing",
                "SQLite",
                "JSON", "Support",
            ]),
        // The page's files, embedded in the program.
        .target(name: "CPageAssets", exclude: ["page"]),
        .target(
            name: "WorkstationPage",
            dependencies: [
                "Trust",
                "CPageAssets", "LocalPage", "Workstation", "Casework", "HTTPServer", "SyncClient", "SyncProtocol",
                "Replica", "Merge",
                "Sealing",
                "JSON", "Support",
            ]),

        // What operators see: how workstations stand, what is wrong, in two languages; and the page that shows it.
        .target(name: "CAdminWords", exclude: ["sv.json", "en.json"]),
        .target(name: "Operations", dependencies: ["CAdminWords", "Trust", "SyncProtocol", "JSON", "Support"]),
        .target(name: "CStatusAssets", exclude: ["page"]),
        .target(
            name: "OperatorPage",
            dependencies: [
                "CStatusAssets", "Operations", "LocalPage", "HTTPServer", "Trust", "SyncProtocol", "JSON", "Support",
            ]),

        // For tests, simulation and benchmarks only: leads, admissions and signed requests without people.
        .target(
            name: "SimulatedLead",
            dependencies: [
                "SyncClient", "ChangeLog", "HTTPServer", "HTTPClient", "Replica", "Trust", "Sealing", "SyncProtocol",
                "Support",
            ]),
        .target(
            name: "Simulation",
            dependencies: [
                "SimulatedLead",
                "Trust",
                "SyncClient", "SyncServer", "Replica", "ChangeLog", "HTTPServer", "HTTPClient", "Merge",
                "SyncProtocol", "Sealing", "SQLite", "PostgreSQL", "SimulatedDisk", "Support",
            ]),

        .executableTarget(
            name: "lugn",
            dependencies: [
                "Trust",
                "WorkstationPage", "LocalPage", "Workstation", "Casework", "Replica", "SyncClient", "Commands",
                "HTTPClient", "Sealing",
                "SQLite", "Merge", "SyncProtocol", "JSON", "Support",
            ]),
        .executableTarget(
            name: "lugn-server",
            dependencies: [
                "Trust", "ServerStore", "SyncServer", "ChangeLog", "HTTPServer", "Commands", "Merge", "SyncProtocol",
                "Sealing", "JSON",
                "Support",
            ]),
        .executableTarget(
            name: "lugn-admin",
            dependencies: [
                "OperatorPage", "Operations", "LocalPage",
                "Trust", "ServerStore", "SyncServer", "ChangeLog", "HTTPServer", "Commands", "HTTPClient",
                "SyncProtocol", "Sealing", "JSON", "Support",
            ]),

        .executableTarget(
            name: "lugn-sim", dependencies: ["Simulation", "Commands", "JSON", "Support"]),
        .testTarget(
            name: "SimulationTests", dependencies: ["Trust", "Simulation", "SyncProtocol", "Merge", "Support"]),

        .executableTarget(
            name: "lugn-bench",
            dependencies: [
                "SimulatedLead",
                "Trust",
                "SyncClient", "SyncServer", "Replica", "ChangeLog", "HTTPServer", "HTTPClient", "Merge", "SyncProtocol",
                "PostgreSQL", "Sealing", "SQLite", "CSQLite", "Commands", "JSON", "Support",
            ]),

        .target(
            name: "TestSupport",
            dependencies: [
                "Trust", "ChangeLog", "PostgreSQL", "Replica", "SQLite", "SyncProtocol", "Merge", "Sealing", "Support",
            ],
            path: "Tests/TestSupport"),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
        .testTarget(name: "PostgreSQLTests", dependencies: ["PostgreSQL", "TestSupport"]),
        .testTarget(name: "MergeTests", dependencies: ["Merge", "Sealing", "TestSupport"]),
        .testTarget(
            name: "ProtocolTests",
            dependencies: [
                "SimulatedLead", "Trust",
                "SyncProtocol", "Merge", "Sealing", "JSON", "Casework", "Replica", "ChangeLog", "SyncClient",
                "SyncServer",
                "HTTPClient", "HTTPServer", "SQLite", "Support",
            ]),
        .testTarget(name: "TrustTests", dependencies: ["Trust", "Sealing", "Merge", "SyncProtocol"]),
        .testTarget(
            name: "SyncProtocolTests", dependencies: ["Trust", "SyncProtocol", "Merge", "Sealing", "TestSupport"]),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer", "HTTPClient"]),
        .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient", "HTTPServer", "Support"]),
        .testTarget(
            name: "CommandsTests", dependencies: ["Commands", "JSON", "Support"], exclude: ["Snapshots"]),
        .testTarget(
            name: "ReplicaTests",
            dependencies: ["Trust", "TestSupport", "Replica", "SQLite", "Merge", "SyncProtocol", "Sealing"]),
        // Rosters that a test writes itself.
        .target(name: "TestRosters", dependencies: ["Trust", "Sealing", "SyncProtocol"], path: "Tests/TestRosters"),
        .testTarget(
            name: "ChangeLogTests",
            dependencies: [
                "TestRosters", "TestSupport",
                "SimulatedLead", "Trust", "ChangeLog", "PostgreSQL", "SQLite", "Merge", "SyncProtocol", "Sealing",
                "Support",
            ]),
        .testTarget(
            name: "SyncServerTests",
            dependencies: [
                "TestRosters", "Trust", "SyncServer", "ChangeLog", "HTTPServer", "HTTPClient", "SQLite", "Merge",
                "SyncProtocol", "Sealing", "JSON", "Support",
            ]),
        .testTarget(
            name: "SessionTests",
            dependencies: [
                "SimulatedLead", "Trust",
                "Casework", "SimulatedDisk", "TestSupport", "SyncClient", "SyncServer", "Replica", "ChangeLog",
                "HTTPServer",
                "HTTPClient", "Merge", "SyncProtocol", "Sealing", "SQLite", "JSON", "Support",
            ]),
        .testTarget(
            name: "CaseworkTests",
            dependencies: [
                "SimulatedLead", "Trust",
                "TestSupport", "Support", "JSON", "Casework", "Replica", "SQLite", "Merge", "SyncProtocol",
                "Sealing",
            ], exclude: ["Sentences"]),
        .testTarget(
            name: "WorkstationTests",
            dependencies: [
                "SimulatedLead", "Trust",
                "TestSupport", "Workstation", "Casework", "SyncClient", "SyncServer", "HTTPClient", "HTTPServer",
                "ChangeLog", "SyncProtocol", "Replica", "Merge", "Sealing", "SQLite", "JSON", "Support",
            ]),
        .testTarget(
            name: "WorkstationPageTests",
            dependencies: [
                "Trust",
                "TestSupport", "WorkstationPage", "LocalPage", "Workstation", "Casework", "HTTPClient", "HTTPServer",
                "JSON",
                "Support",
            ]),
        .testTarget(
            name: "OperatorPageTests",
            dependencies: [
                "TestSupport", "OperatorPage", "Operations", "LocalPage", "HTTPClient", "HTTPServer", "JSON", "Support",
            ]),
        .testTarget(
            name: "PowerLossTests",
            dependencies: [
                "SimulatedLead", "Trust",
                "SimulatedDisk", "TestSupport", "SyncClient", "SyncServer", "Replica", "ChangeLog", "HTTPServer",
                "HTTPClient", "Merge", "SyncProtocol", "Sealing", "SQLite", "Support",
            ]),

        // Fuzzing: the harnesses, libFuzzer's way in, and the replay of the corpus. docs/fuzzing.md
        .target(
            name: "Fuzzing",
            dependencies: [
                "SimulatedLead", "Trust", "SyncServer", "ChangeLog", "HTTPServer", "Casework", "Sealing", "SQLite",
                "Merge", "SyncProtocol",
                "JSON", "Support",
            ],
            path: "Tests/Fuzzing", exclude: ["corpus", "dictionaries"]),
        .executableTarget(name: "lugn-fuzz", dependencies: ["Fuzzing", "Support"], path: "Tests/FuzzingProgram"),
        .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
