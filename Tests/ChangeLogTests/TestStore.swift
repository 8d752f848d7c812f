import ChangeLog
import Foundation
import Merge
import SQLite
import SimulatedLead
import Support
import SyncProtocol
import Testing
import Trust

/// A store in a file of its own, with one line, in a folder that goes when the test is over.
final class TestStore {
    let folder: URL
    let log: SQLiteChangeLog
    let line: LineID
    /// The server's time, in milliseconds.
    var now: Int64 = 1_700_000_000_000
    private var leads: [LineID: SimulatedLead] = [:]

    var path: String { log.path }

    init(limits: Limits = Limits(), cleaningSeconds: Double = 5, random: RandomSource = .system) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = try SQLiteChangeLog(
            path: folder.appendingPathComponent("server.db").path, limits: limits, random: random,
            cleaningSeconds: cleaningSeconds)
        let lead = try SimulatedLead(now: now)
        line = lead.line
        leads[line] = lead
        try await lead.found(in: log, lineName: "Test", now: now)
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    /// Another line.
    func newLine() async throws -> LineID {
        let lead = try SimulatedLead(now: now)
        try await lead.found(in: log, lineName: "Other", now: now)
        leads[lead.line] = lead
        return lead.line
    }

    func lead(_ other: LineID? = nil) throws -> SimulatedLead { try #require(leads[other ?? line]) }

    /// A workstation that was let into the line.
    func device(line: LineID? = nil) async throws -> Device {
        let keys = DeviceKeys.random()
        try await lead(line).admit(keys, name: "Desk", in: log, now: now)
        return try #require(try log.device(keys.id))
    }

    /// Does what an operator at the server's machine does.
    func perform(_ act: OperatorAct) async throws {
        try await log.perform(act, by: nil, request: RandomSource.system.bytes(count: 16), now: now)
    }

    /// A workstation with a replica.
    func writer(_ replica: UInt64, line: LineID? = nil) async throws -> TestWriter {
        TestWriter(device: try await device(line: line), replica: ReplicaID(rawValue: replica), time: now)
    }

    func accept(_ request: SyncRequest, from writer: TestWriter) async throws -> Acceptance {
        try await log.accept(request, from: writer.device, now: now)
    }

    /// Sends what the writer has not had acknowledged, and takes note of the answer.
    @discardableResult
    func send(_ writer: inout TestWriter) async throws -> Acceptance {
        let acceptance = try await accept(writer.request(), from: writer)
        writer.acknowledge(acceptance)
        return acceptance
    }

    /// All commits after a position, over as many pages as it takes.
    func feed(
        _ writer: TestWriter, from cursor: Cursor = .start, pageBytes: UInt64 = 1 << 20, includeOwn: Bool = true,
        proven: UInt64 = .max
    ) async throws -> (commits: [FeedCommit], last: FeedPage) {
        var request = writer.request()
        request.cursor = cursor
        request.pageBytes = pageBytes
        request.includeOwn = includeOwn
        var commits: [FeedCommit] = []
        while true {
            let page = try await log.page(for: request, proven: proven, from: writer.device)
            var reader = CBORReader(page.bytes)
            while !reader.isAtEnd { commits.append(try reader.feedCommit(limits: Limits())) }
            if !page.more { return (commits, page) }
            request.cursor = page.cursor
        }
    }

    /// Whether a byte string is in any file of the store, its logs included.
    func filesContain(_ marker: [UInt8]) throws -> Bool {
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            if try Data(contentsOf: file).range(of: Data(marker)) != nil { return true }
        }
        return false
    }

    func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Copies the store as it stands now.
    func backUp(to name: String) throws -> String {
        let copy = file(name)
        try Connection(path: path, mode: .readOnly).backUp(to: try Connection(path: copy, mode: .create))
        return copy
    }

    func summary() async throws -> LineSummary {
        let lines = try await log.lines()
        return try #require(lines.first { $0.id == line })
    }

    func fingerprint() async throws -> Fingerprint { try await summary().fingerprint }

    /// Whether nothing is wrong with a line, by computing everything anew.
    func isSound(_ other: LineID? = nil) async throws -> Bool {
        try await log.verify(line: other ?? line, now: now).isSound
    }
}
