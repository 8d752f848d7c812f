// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "notebook",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "lugn", path: "../..")],
    targets: [
        .executableTarget(
            name: "notebook",
            dependencies: [.product(name: "Lugn", package: "lugn")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
