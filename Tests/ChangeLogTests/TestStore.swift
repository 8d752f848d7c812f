import ChangeLog
import Merge
import SimulatedLead
import Support
import SyncProtocol
import TestSupport
import Testing
import Trust

/// A store of its own, with one line, in a place that goes when the test is over.
final class TestStore {
    let site: any StoreSite
    let log: any LineStore
    let line: LineID
    /// The server's time, in milliseconds.
    var now: Int64 = 1_700_000_000_000
    private var leads: [LineID: SimulatedLead] = [:]

    private let folder = TemporaryFolder()

    init(
        _ kind: StoreKind = .chosen, limits: Limits = Limits(), cleaningSeconds: Double = 5,
        random: RandomSource = .system
    ) async throws {
        site = try kind.site(in: folder)
        log = try site.open(limits: limits, cleaningSeconds: cleaningSeconds, random: random)
        let lead = try SimulatedLead(now: now)
        line = lead.line
        leads[line] = lead
        try await lead.found(in: log, lineName: "Test", now: now)
    }

    deinit {
        (log as? PostgreSQLChangeLog)?.close()
    }

    /// Opens another change log on a copy of the store as it stands now.
    func backUp(random: RandomSource = .system) throws -> any LineStore {
        try site.copy().open(limits: Limits(), cleaningSeconds: 5, random: random)
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
