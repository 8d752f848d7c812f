import Foundation

/// How much is measured, and where its files go.
struct Bench: Sendable {
    var rows: Int
    var runs: Int
    var folder: String
    /// The loadable extensions of other engines, by their names.
    var peers: [String: String]
    /// The rows of each request that a server is sent; a request holds some 20,000 at most. Nil: a tenth of all, or 10,000.
    var requestRows: Int?
    /// Whether other engines are measured at all.
    var hasPeers = true
    /// A PostgreSQL database, for the workloads that need one.
    var database: String?

    /// The cache of both sides, in KiB: what a replica has.
    static let cacheKibibytes = 8_000

    func path(_ name: String) -> String { folder + "/" + name }

    /// An empty folder of this name, for one run's files.
    func fresh(_ name: String) throws -> String {
        let path = path(name)
        try remove(path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func remove(_ path: String) throws { try Self.remove(path) }

    static func remove(_ path: String) throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// A copy of a database that nobody has open.
    func copy(_ source: String, to destination: String) throws {
        // A workstation's keys are beside its replica.
        for end in ["", "-keys"] where end.isEmpty || FileManager.default.fileExists(atPath: source + end) {
            try remove(destination + end)
            try FileManager.default.copyItem(atPath: source + end, toPath: destination + end)
        }
    }

    func size(of path: String) throws -> Int {
        (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }

    /// Runs both sides as often as asked, by turns: what else the machine does meets both alike.
    func interleave(
        unit: String, peers: [PeerRun] = [], limit: (Int) async throws -> Double,
        lugn: (Int) async throws -> Double
    ) async throws -> Measurement {
        var measurement = Measurement(unit: unit)
        measurement.peers = peers.map { ($0.name, []) }
        for run in 0..<runs {
            if run % 2 == 0 { measurement.limit.append(try await limit(run)) }
            measurement.lugn.append(try await lugn(run))
            if run % 2 == 1 { measurement.limit.append(try await limit(run)) }
            for (place, peer) in peers.enumerated() { measurement.peers[place].figures.append(try peer.figure(run)) }
        }
        return measurement
    }

    /// The numbers from 0 to below `count`, in parts of at most `size`.
    static func parts(_ count: Int, of size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
}
