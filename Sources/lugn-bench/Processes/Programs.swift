import Foundation

/// The programs that are measured as processes: those that stand beside this one.
enum Programs {
    static func path(_ name: String) throws -> String {
        let path = ownFolder + "/" + name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchError(
                "\(name) is not beside lugn-bench, and this workload runs it: build all products (swift build -c release)"
            )
        }
        return path
    }

    static var own: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

    private static var ownFolder: String { (own as NSString).deletingLastPathComponent }
}
